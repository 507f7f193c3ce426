"""Measures: how many rows each table of the model has, and how new the newest is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from meaux.data.database import Fetched, Outcome, Statement
from meaux.data.schema import BoundTable, PhysicalTable, Size, read_model, sizes
from meaux.data.schema.bound import BoundColumn
from meaux.data.schema.encodings import DAYS
from meaux.data.source import Source
from meaux.query.queries import QUERIES, VIEWS, reads
from meaux.query.queries.compiler import periods_in

WRITTEN = ("at", "started", "created", "uploaded", "updated", "completed")
"""The instants that tell when a row was written, the best first, where no period is asked for."""


def candidates(opened: Source) -> list[str]:
    """Every table that may be read, and those that are there and that the mapping replaces.

    A table that is there goes by its own name, the others by what they would be called.
    """
    meant = opened.catalog.meant
    replaced = [name for name in _own_candidates() if meant(name)]
    wanted = [*opened.binding.model.candidates(), *replaced]
    names = [table.name if (table := meant(name)) else name for name in wanted]
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.lower(), name)
    return list(found.values())


@cache
def _own_candidates() -> tuple[str, ...]:
    return tuple(read_model().candidates())


@cache
def periods() -> dict[tuple[str, str], list[str]]:
    """Every logical table and instant that is compared with the period, and by which queries."""
    found: dict[tuple[str, str], list[str]] = {}
    for query in QUERIES.values():
        views = [VIEWS[name] for name in reads.tables(query.name) if name in VIEWS]
        for entry in sorted(set[tuple[str, str]]().union(*map(periods_in, [query, *views]))):
            found.setdefault(entry, []).append(query.name)
    return found


def asks(opened: Source) -> dict[str, Statement]:
    """What measures each table that is there, by its name in lower case."""
    found = {}
    for name in candidates(opened):
        table = opened.catalog.find(name)
        bound = next(filter(_tells, _bound_on(opened, table)), None) if table else None
        statement = sizes.measuring(table, written(opened, table), bound) if table else None
        if statement:
            found[name.lower()] = statement
    return found


def _tells(bound: BoundTable) -> bool:
    """Whether it is known which rows are none, or which are there more than once."""
    return bool(bound.none or bound.sums or bound.entry)


def _bound_on(opened: Source, table: PhysicalTable) -> Iterator[BoundTable]:
    """What is read from a table."""
    return (bound for bound in opened.binding.tables.values() if bound.physical == table.name)


def measured(opened: Source, outcomes: Mapping[str, Outcome]) -> dict[str, Size]:
    """What came of `asks`, as far as it was answered."""
    found = {}
    for name, outcome in outcomes.items():
        table = opened.catalog.find(name)
        if table is not None and isinstance(outcome, Fetched):
            found[name] = sizes.measured(outcome.rows, table, written(opened, table))
    return found


def written(opened: Source, table: PhysicalTable) -> BoundColumn | None:
    """The column that tells when a row of a table was written, if one is known."""
    binding = opened.binding
    spare = chain.from_iterable(map(binding.spare, binding.others))
    for bound in chain(binding.tables.values(), spare):
        if bound.physical == table.name and (column := _written(bound)) is not None:
            return column
    return None


def _written(bound: BoundTable) -> BoundColumn | None:
    asked = [column for table, column in periods() if table == bound.logical]
    names = (*asked, *WRITTEN)
    return next((bound.columns[name] for name in names if name in bound.columns), None)


def newest(size: Size, time: BoundColumn | None, zone: str) -> str:
    """When the newest row was written, as a local time that sorts, or only the day; else empty.

    Where only the rows that were written last were looked at, there may be a newer one.
    """
    if size.newest is None or time is None:
        return ""
    try:
        at = datetime.fromtimestamp(size.newest, UTC).astimezone(ZoneInfo(zone))
    except (OverflowError, ValueError, OSError):
        return ""
    if set(time.encodings) <= set(DAYS):
        words = f"{datetime.fromtimestamp(size.newest, UTC):%Y-%m-%d}"
    else:
        words = f"{at:%Y-%m-%d %H:%M}"
    return words if size.of_all else f"{words} or later"
