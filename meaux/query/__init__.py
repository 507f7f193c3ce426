"""Query: how data is requested: selections, the query language, answers and needs."""
