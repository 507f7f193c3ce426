"""Query: what is asked and how it is answered: selections, the query language, answers, needs."""
