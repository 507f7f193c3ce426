"""Rollups: costs that a page asks at several grains are read once, at the finest.

D1 bills the rows that a statement reads, and those that it sorts into groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from meaux.query import queries
from meaux.query.answers import Ask, RolledUp
from meaux.query.filters import Period

FINEST = (queries.cost_by_day_and_project, queries.budgeted_projects)
MOST_DAYS = 100
"""The longest period that is read by project: there may be a row for each project and day."""


class Line(NamedTuple):
    """A row of `cost_by_day_and_project`."""

    day: str
    project: str | None
    category: str
    cost: float | None
    unpriced: int | None
    lines: int


class Project(NamedTuple):
    """A row of `budgeted_projects`."""

    id: str
    name: str | None
    color: str | None
    own_team: str | None
    team: str | None
    team_name: str | None
    own: str | None
    own_name: str | None


UNKNOWN = Project("", None, None, None, None, None, None, None)
"""What is known of a project that costs name and no table has."""

Row = tuple[object, ...]
Rows = list[Row]


def rolled_up(asks: Sequence[Ask]) -> dict[Ask, RolledUp]:
    """Find the asks for costs of the same rows that are cheaper to add up than to read."""
    alike: dict[object, list[Ask]] = defaultdict(list)
    for entry in dict.fromkeys(asks):
        if entry.query.name in ADD_UP and not entry.spans:
            of = entry.selection
            rows = (of.zone, of.only, of.teams, of.projects, of.people, tuple(entry.on.items()))
            alike[rows].append(entry)
    return {one: rolled for entries in alike.values() for one, rolled in _rolled(entries)}


def _rolled(asks: Sequence[Ask]) -> Iterator[tuple[Ask, RolledUp]]:
    """Yield how each of these is added up; nothing if that reads more rows."""
    periods = [one.selection.period for one in asks]
    whole = Period(min(p.start for p in periods), max(p.end for p in periods))
    if whole.days >= sum(period.days for period in periods):
        return
    on, over = asks[0].on, replace(asks[0].selection, period=whole, compare="none", grain="auto")
    if all(one.query is queries.cost_by_day for one in asks):
        daily = Ask(queries.cost_by_day, over, on=on)
        yield from ((one, RolledUp((daily,), _days)) for one in asks if one != daily)
    elif whole.days <= MOST_DAYS:
        names = tuple(sorted({name for one in asks for name in one.names}))
        lines = Ask(queries.cost_by_day_and_project, over, on=on)
        projects = Ask(queries.budgeted_projects, over.unnarrowed, names=names, on=on)
        for one in asks:
            yield one, RolledUp((lines, projects), ADD_UP[one.query.name])


def _days(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of an ask's own days."""
    start, end = str(entry.selection.period.start), str(entry.selection.period.end)
    return [row for row in rows if start <= str(row[0]) < end]


def _by_day(entry: Ask, lines: Rows, _: Rows) -> Rows:
    grouped = _grouped(_inside(entry, lines), lambda line: (line.day, line.category))
    return [(*key, _cost(of_key), _unpriced(of_key)) for key, of_key in grouped]


def _by_project(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    end = entry.selection.parameters()["comparable_end"]
    known = _known(projects)
    found: Rows = []
    for key, of_key in _grouped(_inside(entry, lines), lambda line: (line.project, line.category)):
        id_, category = key
        compared = [line for line in of_key if line.day < end]
        of = known.get(id_, UNKNOWN)
        found.append(
            (
                id_,
                id_ if of.name is None else of.name,
                of.color,
                of.own_team,
                category,
                _cost(of_key),
                _unpriced(of_key),
                _cost(compared),
                sum(line.lines for line in compared),
            )
        )
    return found


def _top_projects(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    known = _known(projects)
    grouped = _grouped(_inside(entry, lines), lambda line: (line.project,))
    costs = [(id_, _cost(of_key)) for (id_,), of_key in grouped if id_ is not None]
    dearest = sorted(((id_, cost) for id_, cost in costs if cost is not None), key=lambda c: -c[1])
    found: Rows = []
    for id_, cost in dearest[: entry.limit]:
        of = known.get(id_, UNKNOWN)
        found.append((id_, id_ if of.name is None else of.name, of.color, cost))
    return found


def _of_budgets(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    known = _known(projects)
    listed = [line for line in _inside(entry, lines) if line.project in known]

    def key(line: Line) -> tuple[str | None, ...]:
        of = known[line.project]
        return line.day, of.team, of.own, line.category

    found: Rows = []
    for (day, team, own, category), of_key in _grouped(listed, key):
        of = known[of_key[0].project]
        own_name = of.own_name if own is not None else None
        found.append((day, team, of.team_name, own, own_name, category, _cost(of_key)))
    return found


ADD_UP: Mapping[str, Callable[[Ask, Rows, Rows], Rows]] = {
    "cost_by_day": _by_day,
    "cost_by_project": _by_project,
    "top_projects_by_cost": _top_projects,
    "cost_of_budgets": _of_budgets,
}
"""How the rows of each query are added up from those of `FINEST`."""


def _inside(entry: Ask, lines: Rows) -> list[Line]:
    return [Line._make(row) for row in _days(entry, lines)]


def _known(projects: Rows) -> dict[str | None, Project]:
    return {project.id: project for project in map(Project._make, projects)}


def _grouped(
    lines: Iterable[Line], key: Callable[[Line], tuple[str | None, ...]]
) -> Iterator[tuple[tuple[str | None, ...], list[Line]]]:
    """The lines of each key, in the order of the keys, nulls first, as SQLite sorts them."""
    groups: dict[tuple[str | None, ...], list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    order = sorted(groups, key=lambda parts: [(part is not None, part or "") for part in parts])
    return ((one, groups[one]) for one in order)


def _cost(lines: Iterable[Line]) -> float | None:
    known = [line.cost for line in lines if line.cost is not None]
    return sum(known) if known else None


def _unpriced(lines: Iterable[Line]) -> int | None:
    known = [line.unpriced for line in lines if line.unpriced is not None]
    return sum(known) if known else None
