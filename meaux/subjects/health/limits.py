"""Limits: the invalid budgets in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from meaux.data.database import Outcome, Statement
from meaux.data.faults import Fault
from meaux.data.source import Source
from meaux.errors import QueryError
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.filters import Selection, month_to_date
from meaux.query.queries import Unanswerable
from meaux.subjects.money import budgets

ASKED = (queries.ai_budgets, queries.project_budgets)


def asks(opened: Source, today: date) -> dict[str, Statement]:
    """Return the statements that read all budgets, by the name of the query."""
    found = {}
    for one in _asks(today):
        try:
            found[f"query {one.query.name}"] = one.compiled(opened.binding).statement
        except Unanswerable:
            continue
    return found


def faults(opened: Source, outcomes: Mapping[str, Outcome], today: date) -> list[Fault]:
    """Return the budgets that are invalid today, from the outcomes of `asks`."""
    by_statement = {statement: name for name, statement in asks(opened, today).items()}
    unasked = QueryError("it was not asked")
    ai, projects = ask(
        _asks(today),
        opened.binding,
        lambda wanted: [outcomes.get(by_statement[one], unasked) for one in wanted],
    )
    return budgets.faults(ai, projects)


def _asks(today: date) -> list[Ask]:
    return [Ask(query, Selection(month_to_date(today), today)) for query in ASKED]
