"""Cells: the columns that a logical column is read from, columns not used, unreadable values."""

from __future__ import annotations

from collections.abc import Iterator

from meaux.data.schema import BoundTable, LogicalColumn, PhysicalTable
from meaux.data.schema.bound_column import BoundColumn


def read_from(column: BoundColumn) -> str:
    """Return the columns or expressions that are read; later ones fill in missing values."""
    return ", else ".join(one.stored for one in column.all)


def values(column: BoundColumn) -> str:
    """Return how many sampled values are readable, with examples of unreadable ones."""
    parts = [
        f"{one.seen.cells - one.seen.unread:,} of {one.seen.cells:,}"
        + (f", unreadable: {' and '.join(one.seen.examples)}" if one.seen.unread else "")
        for one in column.all
        if one.seen.cells
    ]
    return "; ".join(parts)


def passed_over(wanted: LogicalColumn, table: PhysicalTable, bound: BoundTable) -> Iterator[str]:
    """Yield the columns with a known name that aren't used, each with the reason."""
    column = bound.columns.get(wanted.name)
    read = [one.stored for one in column.all] if column else []
    for candidate in wanted.candidates:
        names = wanted.columns_of(candidate)
        spelling = {name.lower(): one.spelt for name in names if (one := table.called(name))}
        is_there = len(spelling) == len({name.lower() for name in names})
        if is_there and wanted.expression(candidate, spelling) not in read:
            yield f"{', '.join(spelling.values())}: {_why(wanted, candidate, column)}"


def _why(wanted: LogicalColumn, candidate: str, column: BoundColumn | None) -> str:
    if candidate in wanted.doubtful:
        return "unit unknown"
    if column is None:
        return "no readable values"
    if wanted.type == "instant":
        return "another timestamp fits better"
    return "another column is preferred"
