"""Lines: the rows that others are added up from, and the names of their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from meaux.query.answers import Ask

Row = tuple[Any, ...]
Rows = list[Row]
Number = TypeVar("Number", int, float)
Cell = str | float | tuple[int, ...] | None
Key = tuple[Cell, ...]

_KINDS = {type(None): 0, int: 1, float: 1, str: 2, tuple: 3}
"""The order of types in SQLite."""

DIGITS = 13
"""A float has 15 or 16; this many are exact in a sum of thousands of parts."""


(
    DAY,
    PROJECT,
    PERSON,
    SERVICE,
    RESOURCE,
    CATEGORY,
    BILLABLE,
    COST,
    UNPRICED,
    LINES,
    SECONDS,
    ENTRIES,
    RUNNING,
    UNREAD,
    PRICED,
    EARNED,
    UNPRICED_SECONDS,
    UNPRICED_ENTRIES,
) = range(18)
"""The columns of `ledger_sums`; a tuple with names would have to be made of each row."""


class Project(NamedTuple):
    """A row of `named_projects`."""

    id: str
    name: str | None
    color: str | None
    team: str | None


class Person(NamedTuple):
    """A row of `named_people`."""

    id: str
    name: str | None


UNKNOWN = Project("", None, None, None)
"""What is known of a project that a line names and no table has."""


def inside(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of an ask's own days; their first column is the day."""
    start, end = str(entry.selection.period.start), str(entry.selection.period.end)
    return [row for row in rows if start <= str(row[0]) < end]


def projects_of(rows: Rows) -> dict[Cell, Project]:
    """Return the known projects by their ids."""
    return {project.id: project for project in map(Project._make, rows)}


def people_of(rows: Rows) -> dict[Cell, str | None]:
    """Return the names of the known people by their ids."""
    return {person.id: person.name for person in map(Person._make, rows)}


def named(id_: Cell, name: str | None) -> Cell:
    """Return a name, or the id that has none."""
    return id_ if name is None else name


def grouped(lines: Iterable[Row], key: Callable[[Row], Key]) -> Iterator[tuple[Key, Rows]]:
    """Yield the lines of each key, in the order of the keys, nulls first, as SQLite sorts them."""
    groups: dict[Key, Rows] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return ((one, groups[one]) for one in _in_order(groups))


def summed(rows: Iterable[Row], key: Callable[[Row], Key], *columns: int) -> dict[Key, list[Any]]:
    """Return the sums of some columns per key, in the same order; None for no known value."""
    groups: dict[Key, list[Any]] = {}
    for row in rows:
        own = key(row)
        if own not in groups:
            groups[own] = [row[column] for column in columns]
            continue
        sums = groups[own]
        for place, column in enumerate(columns):
            if row[column] is not None:
                sums[place] = row[column] + (sums[place] or 0)
    return {one: [*map(steady, groups[one])] for one in _in_order(groups)}


def hashable(cell: object) -> Cell:
    """Return a cell as part of a key; bytes are lists of numbers."""
    return tuple(cell) if isinstance(cell, list) else cell  # type: ignore[return-value]


def _in_order(keys: Iterable[Key]) -> list[Key]:
    try:
        return sorted(keys)
    except TypeError:  # Nulls, or several types
        return sorted(keys, key=_place)


def _place(key: Key) -> list[tuple[int, Cell]]:
    return [(_KINDS[type(part)], 0 if part is None else part) for part in key]


@lru_cache(maxsize=1_000)
def monday(day: str) -> str:
    """Return the Monday of a day's week; SQLite reads 31 Apr as 1 May."""
    year, month, of_month = map(int, day.split("-"))
    own = date(year, month, 1) + timedelta(days=of_month - 1)
    return str(own - timedelta(days=own.weekday()))


def total(values: Iterable[Number | None]) -> Number | None:
    """Return the sum of the known values; None if there is none."""
    known = [value for value in values if value is not None]
    return steady(sum(known[1:], known[0])) if known else None


def steady(cell: Any) -> Any:
    """Return a sum without the last digits, which depend on the order of its parts.

    Two pages may add up the same costs from rows of different grains.
    """
    return float(f"{cell:.{DIGITS}g}") if type(cell) is float else cell
