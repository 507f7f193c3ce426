"""Costs: the rows of the queries of costs, added up from those of `ledger_sums`."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from meaux.data.categories import AI, CATEGORIES
from meaux.query.answers import Ask
from meaux.query.rollups.lines import (
    CATEGORY,
    COST,
    DAY,
    LINES,
    PERSON,
    PROJECT,
    RESOURCE,
    SERVICE,
    UNKNOWN,
    UNPRICED,
    Cell,
    Key,
    Row,
    Rows,
    grouped,
    hashable,
    inside,
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
COLUMNS = {"project": PROJECT, "person": PERSON, "service": SERVICE, "resource": RESOURCE}
LEVELS = {
    category.name: (COLUMNS[category.branch], COLUMNS[category.leaf]) for category in CATEGORIES
}
SERVICED = {category.name for category in CATEGORIES if category.serviced}


def by_day(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `cost_by_day`."""
    groups = grouped(inside(entry, lines), lambda line: (line[DAY], line[CATEGORY]))
    return [(*key, _cost(of_key), _unpriced(of_key)) for key, of_key in groups]


def by_project(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    """Return the rows of `cost_by_project`."""
    end = entry.selection.parameters()["comparable_end"]
    known = projects_of(projects)
    found: Rows = []
    for key, of_key in grouped(inside(entry, lines), lambda line: (line[PROJECT], line[CATEGORY])):
        id_, category = of_key[0][PROJECT], key[1]
        compared = [line for line in of_key if line[DAY] < end]
        of = known.get(id_, UNKNOWN)
        costs = (_cost(of_key), _unpriced(of_key), _cost(compared))
        told = (id_, named(id_, of.name), of.color, of.team, category)
        found.append((*told, *costs, sum(line[LINES] for line in compared)))
    return found


def by_person(entry: Ask, lines: Rows, people: Rows) -> Rows:
    """Return the rows of `cost_by_person`."""
    known = people_of(people)
    personal = [line for line in inside(entry, lines) if line[CATEGORY] in PERSONAL]
    found: list[tuple[float | None, Row]] = []
    for (_, category), of_key in grouped(personal, lambda line: (line[PERSON], line[CATEGORY])):
        id_, cost = of_key[0][PERSON], _cost(of_key)
        row = (id_, named(id_, known.get(id_)), category, cost, _unpriced(of_key))
        found.append((cost, row))
    return _dearest_first(found)


def by_service(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `cost_by_service`."""
    serviced = [line for line in inside(entry, lines) if line[CATEGORY] in SERVICED]
    found: list[tuple[float | None, Row]] = []
    for _, of_key in grouped(serviced, lambda line: (line[CATEGORY], hashable(line[SERVICE]))):
        cost = _cost(of_key)
        found.append((cost, (of_key[0][CATEGORY], of_key[0][SERVICE], cost)))
    return _dearest_first(found)


def by_model(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `model_cost_by_day`."""
    of_ai = [line for line in inside(entry, lines) if line[CATEGORY] == AI]
    groups = grouped(of_ai, lambda line: (line[DAY], hashable(line[SERVICE])))
    return [
        (of_key[0][DAY], AI, of_key[0][SERVICE], _cost(of_key), _unpriced(of_key))
        for _, of_key in groups
    ]


def tree(entry: Ask, lines: Rows, projects: Rows, people: Rows) -> Rows:
    """Return the rows of `cost_tree`."""
    names: Mapping[int, Mapping[Cell, str | None]] = {
        PROJECT: {id_: project.name for id_, project in projects_of(projects).items()},
        PERSON: people_of(people),
    }

    def key(line: Row) -> Key:
        return line[CATEGORY], *(hashable(line[level]) for level in LEVELS[line[CATEGORY]])

    found: Rows = []
    for (category, *ids), of_key in grouped(inside(entry, lines), key):
        told = []
        for level, id_ in zip(LEVELS[of_key[0][CATEGORY]], ids, strict=True):
            name = names.get(level, {}).get(id_)
            told.append(of_key[0][level] if name is None else name)
        found.append((category, *told, _cost(of_key)))
    return found


def top_projects(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    """Return the rows of `top_projects_by_cost`."""
    known = projects_of(projects)
    groups = grouped(inside(entry, lines), lambda line: (line[PROJECT],))
    costs = [(of_key[0][PROJECT], _cost(of_key)) for _, of_key in groups]
    priced = [(id_, cost) for id_, cost in costs if id_ is not None and cost is not None]
    found: Rows = []
    for id_, cost in sorted(priced, key=lambda one: -one[1])[: entry.limit]:
        of = known.get(id_, UNKNOWN)
        found.append((id_, named(id_, of.name), of.color, cost))
    return found


def of_budgets(entry: Ask, lines: Rows, _: Rows, budgets: Rows) -> Rows:
    """Return the rows of `cost_of_budgets`."""
    known = {budget.project: budget for budget in map(Budget._make, budgets)}
    listed = [line for line in inside(entry, lines) if line[PROJECT] in known]

    def key(line: Row) -> Key:
        of = known[line[PROJECT]]
        return line[DAY], of.team, of.own, line[CATEGORY]

    found: Rows = []
    for (day, team, own, category), of_key in grouped(listed, key):
        of = known[of_key[0][PROJECT]]
        own_name = of.own_name if own is not None else None
        found.append((day, team, of.team_name, own, own_name, category, _cost(of_key)))
    return found


def _dearest_first(rows: list[tuple[float | None, Row]]) -> Rows:
    ordered = sorted(rows, key=lambda one: inf if one[0] is None else -one[0])
    return [row for _, row in ordered]


def _cost(lines: Rows) -> float | None:
    return total(line[COST] for line in lines)


def _unpriced(lines: Rows) -> int | None:
    return total(line[UNPRICED] for line in lines)
