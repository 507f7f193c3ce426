"""Columns: the rows of a block as columns of the copy's types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from meaux.data.warehouse import CopiedTable
from meaux.data.warehouse.tables import FEW_TEXTS, NUMBER, TEXT
from meaux.warehouse import months

Cells = Sequence[Any]


def columns(table: CopiedTable, block: Sequence[tuple[Any, ...]]) -> list[Cells]:
    """Return the columns of some rows, the month first."""
    days, *others = zip(*block, strict=True)
    known = {day: months.number(day if day != "0" else None) for day in set(days)}
    read = [_READ.get(column.type, _as_it_is) for column in table.columns]
    return [
        [known[day] for day in days],
        *(one(cells) for one, cells in zip(read, others, strict=True)),
    ]


def _as_it_is(cells: Cells) -> Cells:
    return cells


def _texts(cells: Cells) -> Cells:
    """Return the cells as texts: SQLite keeps what was written, whatever the column's type."""
    if set(map(type, cells)) <= {str, type(None)}:
        return cells
    return [cell if cell is None or type(cell) is str else _text(cell) for cell in cells]


def _text(cell: object) -> str:
    return cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)


def _numbers(cells: Cells) -> Cells:
    return [None if cell is None else float(cell) for cell in cells]


_READ: dict[str, Callable[[Cells], Cells]] = {TEXT: _texts, FEW_TEXTS: _texts, NUMBER: _numbers}
