"""Costs: the rows of the queries of costs, added up from those of `ledger_sums`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from operator import itemgetter
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
    summed,
    total,
)


class Budget(NamedTuple):
    """A row of `budgeted_projects`."""

    project: Cell
    team: Cell
    team_name: str | None
    own: Cell
    own_name: str | None


PERSONAL = {category.name for category in CATEGORIES if category.personal}
COLUMNS = {"project": PROJECT, "person": PERSON, "service": SERVICE, "resource": RESOURCE}
LEVELS = {
    category.name: (COLUMNS[category.branch], COLUMNS[category.leaf]) for category in CATEGORIES
}
SERVICED = {category.name for category in CATEGORIES if category.serviced}


def by_day(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `cost_by_day`."""
    spent = summed(inside(entry, lines), itemgetter(DAY, CATEGORY), COST, UNPRICED)
    return [(*key, *sums) for key, sums in spent.items()]


def by_project(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    """Return the rows of `cost_by_project`."""
    end, own = entry.selection.parameters()["comparable_end"], inside(entry, lines)
    known, key = projects_of(projects), itemgetter(PROJECT, CATEGORY)
    compared = summed((line for line in own if line[DAY] < end), key, COST, LINES)
    found: Rows = []
    for (id_, category), sums in summed(own, key, COST, UNPRICED).items():
        of = known.get(id_, UNKNOWN)
        told = (id_, named(id_, of.name), of.color, of.team, category)
        found.append((*told, *sums, *compared.get((id_, category), (None, 0))))
    return found


def by_part(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    """Return the rows of `cost_by_part`."""
    known = projects_of(projects)
    groups = grouped(
        inside(entry, lines),
        lambda line: (line[DAY], line[CATEGORY], line[PROJECT], hashable(line[SERVICE])),
    )
    found: Rows = []
    for _, of_key in groups:
        day, id_, service, category = itemgetter(DAY, PROJECT, SERVICE, CATEGORY)(of_key[0])
        of = known.get(id_, UNKNOWN)
        found.append((day, category, id_, named(id_, of.name), of.team, service, _cost(of_key)))
    return found


def by_person(entry: Ask, lines: Rows, people: Rows) -> Rows:
    """Return the rows of `cost_by_person`."""
    known = people_of(people)
    personal = (line for line in inside(entry, lines) if line[CATEGORY] in PERSONAL)
    spent = summed(personal, itemgetter(PERSON, CATEGORY), COST, UNPRICED)
    return _dearest_first(
        (sums[0], (id_, named(id_, known.get(id_)), category, *sums))
        for (id_, category), sums in spent.items()
    )


def by_person_day(entry: Ask, lines: Rows, people: Rows) -> Rows:
    """Return the rows of `person_cost_by_day`."""
    known = people_of(people)
    personal = (
        line
        for line in inside(entry, lines)
        if line[CATEGORY] in PERSONAL and line[PERSON] is not None
    )
    spent = summed(personal, itemgetter(DAY, PERSON, CATEGORY), COST)
    return [
        (day, id_, named(id_, known.get(id_)), category, cost)
        for (day, id_, category), (cost,) in spent.items()
    ]


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
    spent = summed(inside(entry, lines), lambda line: (line[PROJECT],), COST)
    found: list[tuple[float, Row]] = []
    for (id_,), (cost,) in spent.items():
        if id_ is not None and cost is not None:
            of = known.get(id_, UNKNOWN)
            found.append((cost, (id_, named(id_, of.name), of.color, cost)))
    return _dearest_first(found)[: entry.limit]


def of_budgets(entry: Ask, lines: Rows, _: Rows, budgets: Rows) -> Rows:
    """Return the rows of `cost_of_budgets`."""
    known = {budget.project: budget for budget in map(Budget._make, budgets)}
    teams = {budget.team: budget.team_name for budget in known.values()}
    owns = {budget.own: budget.own_name for budget in known.values()}

    def key(line: Row) -> Key:
        of = known[line[PROJECT]]
        return line[DAY], of.team, of.own, line[CATEGORY]

    listed = (line for line in inside(entry, lines) if line[PROJECT] in known)
    return [
        (day, team, teams[team], own, owns[own], category, cost)
        for (day, team, own, category), (cost,) in summed(listed, key, COST).items()
    ]


def _dearest_first(rows: Iterable[tuple[float | None, Row]]) -> Rows:
    ordered = sorted(rows, key=lambda one: inf if one[0] is None else -one[0])
    return [row for _, row in ordered]


def _cost(lines: Rows) -> float | None:
    return total(line[COST] for line in lines)


def _unpriced(lines: Rows) -> int | None:
    return total(line[UNPRICED] for line in lines)
