"""Measures: the row count and the newest row of each table of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from meaux.data.database import Fetched, Outcome, Statement
from meaux.data.schema import BoundTable, PhysicalTable, Size, read_model, sizes
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.encodings import DAYS
from meaux.data.source import Source
from meaux.query.queries import QUERIES, VIEWS, reads
from meaux.query.queries.compiler import periods_in

WRITTEN = ("at", "started", "created", "uploaded", "updated", "completed")
"""The instants of a row, the best first, for tables without a period filter."""


def candidates(opened: Source) -> list[str]:
    """Return all tables that can be read, and existing tables that the mapping replaces.

    An existing table has its own name, a missing one its expected name.
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
    """Return each logical table and instant used by the period filter, with its queries."""
    found: dict[tuple[str, str], list[str]] = {}
    for query in QUERIES.values():
        views = [VIEWS[name] for name in reads.tables(query.name) if name in VIEWS]
        for entry in sorted(set[tuple[str, str]]().union(*map(periods_in, [query, *views]))):
            found.setdefault(entry, []).append(query.name)
    return found


def asks(opened: Source) -> dict[str, Statement]:
    """Return the statements that measure each existing table, by its lower-case name."""
    found = {}
    for name in candidates(opened):
        table = opened.catalog.find(name)
        statement = _measuring(opened, table) if table else None
        if statement:
            found[name.lower()] = statement
    return found


def _measuring(opened: Source, table: PhysicalTable) -> Statement | None:
    """Return the statement that measures a table; None if it can't, or would read all of it.

    Of a copy, that is a copied part with all of the table's rows.
    """
    parts = list(_bound_on(opened, table))
    if opened.binding.is_copy:
        whole = next((bound for bound in parts if bound.settled and not bound.of_kind), None)
        return sizes.of_copy(whole, _written(whole)) if whole else None
    return sizes.measuring(table, written(opened, table), next(filter(_tells, parts), None))


def _tells(bound: BoundTable) -> bool:
    """Return whether rows that don't count, or that occur twice, can be told."""
    return bool(bound.none or bound.sums or bound.entry)


def _bound_on(opened: Source, table: PhysicalTable) -> Iterator[BoundTable]:
    """Return the bound tables that are read from a table."""
    return (bound for bound in opened.binding.tables.values() if bound.physical == table.name)


def measured(opened: Source, outcomes: Mapping[str, Outcome]) -> dict[str, Size]:
    """Return the sizes in the outcomes of `asks`, as far as they were answered."""
    found = {}
    for name, outcome in outcomes.items():
        table = opened.catalog.find(name)
        if table is not None and isinstance(outcome, Fetched):
            found[name] = sizes.measured(outcome.rows, table, written(opened, table))
    return found


def written(opened: Source, table: PhysicalTable) -> BoundColumn | None:
    """Return the column with the time of a table's rows, if one is known."""
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
    """Return the time of the newest row, local and in a format that sorts, or its day; or empty.

    If only the last rows written were read, an even newer row may exist: the text says so.
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
