"""Recurring: the costs of the ledger that come about every month."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain
from typing import Annotated

import pandas as pd

from meaux.data.categories import of_table
from meaux.query import forecast, queries
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.forecast import Lines, Recurring
from meaux.query.needs import asking
from meaux.subjects.money import frames as costs

WEEKS_LOOKED_BACK = 22
"""Long enough to hold three payments of a cost that ended two months ago."""
LARGEST = 200
"""The number of services that are read, highest cost first."""
Paid = tuple[tuple[date, float], ...]
NAMED = of_table("infrastructure_usage").name
"""The category whose entries name their service."""


def _looked_back(selection: Selection) -> Selection:
    """Select these weeks for the whole company, regardless of filters."""
    since = selection.today - WEEKS_LOOKED_BACK * 7 * DAY
    return costs.company(selection).over(Period(since, selection.today + DAY))


Known = Annotated[Answer, asking(queries.recurring_lines, _looked_back, limit=LARGEST)]


def chosen(known: Known, selection: Selection) -> Lines:
    """Return the recurring costs that match the filters."""
    if selection.people:
        return ()
    return lines(known, selection.projects or None, selection.teams or None)


Chosen = Annotated[Lines, chosen]


def lines(
    answer: Answer,
    projects: Collection[str] | None = None,
    teams: Collection[str] | None = None,
    category: str | None = None,
) -> Lines:
    """Return the recurring costs of these projects and teams, and of a category; None for all.

    A recurring cost is paid for one service and resource of one project; if the resource changes
    each time, for one service of one project.
    """
    if answer.state != "ready" or category not in (None, NAMED):
        return ()
    rows = answer.frame
    if projects is not None:
        rows = rows[rows["project"].isin(projects)]
    if teams is not None:
        rows = rows[rows["team"].isin(teams)]
    return tuple(_found(rows))


def _found(rows: pd.DataFrame) -> Iterator[Recurring]:
    known = rows.dropna(subset=["paid"])
    for _, of_service in known.groupby(["service", "project"], dropna=False, sort=False):
        rest: list[Paid] = []
        for service, resource, paid in zip(
            *(of_service[column] for column in ("service", "resource", "paid")), strict=True
        ):
            name = next((words for words in (service, resource) if isinstance(words, str)), "")
            found = forecast.recurring(_days([paid]), name)
            yield from found
            if not found:
                rest.append(paid)
        if len(rest) > 1:
            yield from forecast.recurring(_days(rest), name)


def _days(paid: Collection[Paid]) -> list[tuple[date, float]]:
    """Sum what was paid on each day."""
    found: dict[date, float] = {}
    for day, amount in chain.from_iterable(paid):
        found[day] = found.get(day, 0.0) + amount
    return list(found.items())
