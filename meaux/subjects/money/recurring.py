"""Recurring: the costs of the ledger that come about every month."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain
from typing import Annotated, NamedTuple

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


class Owned(NamedTuple):
    """A recurring cost with its service, and the IDs of its project and of the project's team."""

    service: object
    project: object
    team: object
    cost: Recurring


def every(known: Known) -> tuple[Owned, ...]:
    """Return all recurring costs.

    A recurring cost is paid for one service and resource of one project; if the resource changes
    each time, for one service of one project.
    """
    return tuple(_found(known.frame)) if known.state == "ready" else ()


Every = Annotated[tuple[Owned, ...], every]


def owned(found: Every, selection: Selection) -> tuple[Owned, ...]:
    """Return the recurring costs that match the filters."""
    if selection.people or (selection.categories and NAMED not in selection.categories):
        return ()
    of = found
    if selection.services:
        of = tuple(one for one in found if one.service in selection.services)
    return _of(of, selection.projects or None, selection.teams or None)


ChosenOwned = Annotated[tuple[Owned, ...], owned]


def chosen(found: ChosenOwned) -> Lines:
    """Return them without their owners."""
    return tuple(one.cost for one in found)


Chosen = Annotated[Lines, chosen]


def lines(
    found: tuple[Owned, ...],
    projects: Collection[str] | None = None,
    teams: Collection[str] | None = None,
    category: str | None = None,
) -> Lines:
    """Return the recurring costs of these projects and teams, and of a category; None for all."""
    if category not in (None, NAMED):
        return ()
    return chosen(_of(found, projects, teams))


def _of(
    found: tuple[Owned, ...], projects: Collection[str] | None, teams: Collection[str] | None
) -> tuple[Owned, ...]:
    return tuple(
        one
        for one in found
        if (projects is None or one.project in projects) and (teams is None or one.team in teams)
    )


def _found(rows: pd.DataFrame) -> Iterator[Owned]:
    known = rows.dropna(subset=["paid"])
    for _, of_service in known.groupby(["service", "project"], dropna=False, sort=False):
        columns = ("service", "project", "team")
        service, project, team = (of_service[column].iloc[0] for column in columns)
        yield from (Owned(service, project, team, cost) for cost in _of_service(of_service))


def _of_service(of_service: pd.DataFrame) -> Iterator[Recurring]:
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
