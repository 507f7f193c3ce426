"""Cells: from which columns a logical one is read, which are passed over, what can't be read."""

from __future__ import annotations

from collections.abc import Iterator

from meaux.data.schema import BoundTable, LogicalColumn, PhysicalTable
from meaux.data.schema.bound import BoundColumn


def read_from(column: BoundColumn) -> str:
    """The columns, or expressions, that are read, the later where those before have no value."""
    return ", else ".join(one.stored for one in column.all)


def values(column: BoundColumn) -> str:
    """How many of the sampled values are read, with examples of those that are not."""
    parts = [
        f"{one.seen.cells - one.seen.unread:,} of {one.seen.cells:,}"
        + (f", not {' and '.join(one.seen.examples)}" if one.seen.unread else "")
        for one in column.all
        if one.seen.cells
    ]
    return "; ".join(parts)


def passed_over(wanted: LogicalColumn, table: PhysicalTable, bound: BoundTable) -> Iterator[str]:
    """The columns that go by a known name and are not read, each with the reason."""
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
        return "its unit is not known"
    if column is None:
        return "nothing in it can be read"
    if wanted.type == "instant":
        return "a time that means it better comes first"
    return "others come first"
