"""Limits: the budgets that the database holds and that can't be used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from meaux import budgets, queries
from meaux.answers import Ask, ask
from meaux.database import Outcome, Statement
from meaux.errors import QueryError
from meaux.faults import Fault
from meaux.filters import Selection, month_to_date
from meaux.queries import Unanswerable
from meaux.source import Source

ASKED = (queries.ai_budgets, queries.project_budgets)


def asks(opened: Source) -> dict[str, Statement]:
    """What reads every budget, by the name of its query."""
    found = {}
    for one in _asks():
        try:
            found[f"query {one.query.name}"] = one.compiled(opened.binding).statement
        except Unanswerable:
            continue
    return found


def faults(opened: Source, outcomes: Mapping[str, Outcome]) -> list[Fault]:
    """What of the outcomes of `asks` can't be used; nothing of what was not asked."""
    by_statement = {statement: name for name, statement in asks(opened).items()}
    unasked = QueryError("it was not asked")
    ai, projects = ask(
        _asks(),
        opened.binding,
        lambda wanted: [outcomes.get(by_statement[one], unasked) for one in wanted],
    )
    return budgets.faults(ai, projects)


def _asks() -> list[Ask]:
    today = datetime.now(UTC).date()
    return [Ask(query, Selection(month_to_date(today), today)) for query in ASKED]
