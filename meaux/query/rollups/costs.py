"""Costs: the rows of the queries of costs, added up from those of `ledger_sums`."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from meaux.data.categories import AI, CATEGORIES
from meaux.query.answers import Ask
from meaux.query.rollups.lines import (
    UNKNOWN,
    Cell,
    Key,
    Line,
    Row,
    Rows,
    grouped,
    hashable,
    lines_of,
    named,
    people_of,
    projects_of,
    total,
)


class Budget(NamedTuple):
    """A row of `budgeted_projects`."""

    project: str | None
    team: str | None
    team_name: str | None
    own: str | None
    own_name: str | None


PERSONAL = {category.name for category in CATEGORIES if category.personal}
LEVELS = {category.name: (category.branch, category.leaf) for category in CATEGORIES}
SERVICED = {category.name for category in CATEGORIES if category.serviced}


def by_day(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `cost_by_day`."""
    groups = grouped(lines_of(entry, lines), lambda line: (line.day, line.category))
    return [(*key, _cost(of_key), _unpriced(of_key)) for key, of_key in groups]


def by_project(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    """Return the rows of `cost_by_project`."""
    end = entry.selection.parameters()["comparable_end"]
    known = projects_of(projects)
    found: Rows = []
    for key, of_key in grouped(lines_of(entry, lines), lambda line: (line.project, line.category)):
        id_, category = of_key[0].project, key[1]
        compared = [line for line in of_key if line.day < end]
        of = known.get(id_, UNKNOWN)
        costs = (_cost(of_key), _unpriced(of_key), _cost(compared))
        told = (id_, named(id_, of.name), of.color, of.team, category)
        found.append((*told, *costs, sum(line.lines for line in compared)))
    return found


def by_person(entry: Ask, lines: Rows, people: Rows) -> Rows:
    """Return the rows of `cost_by_person`."""
    known = people_of(people)
    personal = [line for line in lines_of(entry, lines) if line.category in PERSONAL]
    found: list[tuple[float | None, Row]] = []
    for (_, category), of_key in grouped(personal, lambda line: (line.person, line.category)):
        id_, cost = of_key[0].person, _cost(of_key)
        row = (id_, named(id_, known.get(id_)), category, cost, _unpriced(of_key))
        found.append((cost, row))
    return _dearest_first(found)


def by_service(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `cost_by_service`."""
    serviced = [line for line in lines_of(entry, lines) if line.category in SERVICED]
    found: list[tuple[float | None, Row]] = []
    for _, of_key in grouped(serviced, lambda line: (line.category, hashable(line.service))):
        cost = _cost(of_key)
        found.append((cost, (of_key[0].category, of_key[0].service, cost)))
    return _dearest_first(found)


def by_model(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `model_cost_by_day`."""
    of_ai = [line for line in lines_of(entry, lines) if line.category == AI]
    groups = grouped(of_ai, lambda line: (line.day, hashable(line.service)))
    return [
        (of_key[0].day, AI, of_key[0].service, _cost(of_key), _unpriced(of_key))
        for _, of_key in groups
    ]


def tree(entry: Ask, lines: Rows, projects: Rows, people: Rows) -> Rows:
    """Return the rows of `cost_tree`."""
    names: Mapping[str, Mapping[Cell, str | None]] = {
        "project": {id_: project.name for id_, project in projects_of(projects).items()},
        "person": people_of(people),
    }

    def key(line: Line) -> Key:
        return line.category, *(hashable(getattr(line, level)) for level in LEVELS[line.category])

    found: Rows = []
    for (category, *ids), of_key in grouped(lines_of(entry, lines), key):
        told = []
        for level, id_ in zip(LEVELS[of_key[0].category], ids, strict=True):
            name = names.get(level, {}).get(id_)
            told.append(getattr(of_key[0], level) if name is None else name)
        found.append((category, *told, _cost(of_key)))
    return found


def top_projects(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    """Return the rows of `top_projects_by_cost`."""
    known = projects_of(projects)
    groups = grouped(lines_of(entry, lines), lambda line: (line.project,))
    costs = [(of_key[0].project, _cost(of_key)) for _, of_key in groups]
    priced = [(id_, cost) for id_, cost in costs if id_ is not None and cost is not None]
    found: Rows = []
    for id_, cost in sorted(priced, key=lambda one: -one[1])[: entry.limit]:
        of = known.get(id_, UNKNOWN)
        found.append((id_, named(id_, of.name), of.color, cost))
    return found


def of_budgets(entry: Ask, lines: Rows, _: Rows, budgets: Rows) -> Rows:
    """Return the rows of `cost_of_budgets`."""
    known = {budget.project: budget for budget in map(Budget._make, budgets)}
    listed = [line for line in lines_of(entry, lines) if line.project in known]

    def key(line: Line) -> Key:
        of = known[line.project]
        return line.day, of.team, of.own, line.category

    found: Rows = []
    for (day, team, own, category), of_key in grouped(listed, key):
        of = known[of_key[0].project]
        own_name = of.own_name if own is not None else None
        found.append((day, team, of.team_name, own, own_name, category, _cost(of_key)))
    return found


def _dearest_first(rows: list[tuple[float | None, Row]]) -> Rows:
    ordered = sorted(rows, key=lambda one: inf if one[0] is None else -one[0])
    return [row for _, row in ordered]


def _cost(lines: list[Line]) -> float | None:
    return total(line.cost for line in lines)


def _unpriced(lines: list[Line]) -> int | None:
    return total(line.unpriced for line in lines)
