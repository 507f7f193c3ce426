"""Data notes: data quality issues, found without reading more rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meaux.data.schema import BoundTable
from meaux.data.schema.model import NUMBER_TYPES
from meaux.data.schema.sizes import LOOKED_AT
from meaux.data.source import Source
from meaux.query.filters import Selection
from meaux.query.filters.period import DAY
from meaux.query.filters.zone import midnight
from meaux.subjects.health.findings import UNUSABLE, Note, TableHealth
from meaux.subjects.health.measures import periods

LONG_WITHOUT = 90
"""Days without a new row after which a note says so."""


def notes(opened: Source, tables: Sequence[TableHealth], selection: Selection) -> Iterator[Note]:
    """Yield all notes, by table."""
    for table in tables:
        yield from _of_table(table, is_copy=opened.binding.is_copy)
        yield from _of_times(table, selection)
    for bound in opened.binding.tables.values():
        yield from _of_columns(opened, bound)
    for logical, words in opened.binding.passed_over.items():
        yield Note(logical, f"Table found, but it needs {words}.")


def _of_table(table: TableHealth, *, is_copy: bool) -> Iterator[Note]:
    if table.state == UNUSABLE:
        yield Note(table.name, "A required column is missing, or the table can't be read.")
    if table.read_as and table.size and table.size.rows == 0:
        yield Note(table.name, "No rows yet: its cards are empty, not zero.")
    if table.size and table.size.none:
        is_whole = is_copy or (table.size.rows or 0) <= LOOKED_AT
        among = "its rows" if is_whole else f"the newest {LOOKED_AT}"
        number = table.size.none
        yield Note(
            table.name,
            f"{number} of {among} left out: marked as deleted, void or a subtotal "
            f"({table.none_by}).",
        )
    if table.size and table.size.repeated:
        ids = " and ".join(table.size.repeated)
        yield Note(
            table.name,
            f"Duplicate ids, such as {ids}: rows with the same id and time count once "
            "(last changed).",
        )
    if table.size and table.size.returning:
        ids = " and ".join(table.size.returning)
        yield Note(
            table.name,
            f"Rows with different times or names share an id, such as {ids}: each counts, "
            "as the id may belong to something else.",
        )
    if table.read_as and table.kind == "view":
        yield Note(table.name, "View: rows aren't counted and indexes are unknown.")


def _of_columns(opened: Source, bound: BoundTable) -> Iterator[Note]:
    table = opened.catalog.find(bound.physical)
    if bound.repeated:
        ids = " and ".join(bound.repeated)
        which = f"the newest row by {bound.newest}" if bound.newest else "one row"
        yield Note(bound.physical, f"Duplicate ids, such as {ids}: only {which} of each counts.")
    if bound.alike:
        yield Note(bound.physical, "Some names are not unique: they are shown with their ids.")
    for name in bound.columns:
        yield from (Note(bound.physical, words) for words in bound.unread([name]))
    for name, column in bound.columns.items():
        stored = table.column(column.stored) if table else None
        if len(column.encodings) > 1:
            ways = " and ".join(column.encodings)
            yield Note(
                bound.physical,
                f"{stored or name} mixes the encodings {ways}: period filters run twice (coarse, "
                "then exact).",
            )
        if table and stored and column.type in NUMBER_TYPES and not column.numeric:
            declared = table.types[stored.lower()] or "no type"
            yield Note(
                bound.physical,
                f"{stored} stores numbers as {declared}: values are converted.",
            )


def _of_times(table: TableHealth, selection: Selection) -> Iterator[Note]:
    size = table.size
    if size is None or size.newest is None or not table.newest:
        return
    if size.newest >= midnight(selection.today + DAY, selection.zone):
        yield Note(table.name, f"Latest row is in the future: {table.newest}.")
    grows = size.of_all and any(logical in table.read_as for logical, _ in periods())
    if grows and size.newest < midnight(selection.today - LONG_WITHOUT * DAY, selection.zone):
        yield Note(table.name, f"No new rows since {table.newest}.")
