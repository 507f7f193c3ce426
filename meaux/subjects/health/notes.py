"""Notes: what is worth knowing of the data, without reading more of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meaux.data.schema import BoundTable
from meaux.data.schema.model import NUMBER_TYPES
from meaux.data.schema.sizes import LOOKED_AT
from meaux.data.source import Source
from meaux.query.filters import Selection
from meaux.query.filters.period import DAY
from meaux.query.filters.zone import midnight
from meaux.subjects.health.findings import Note, TableHealth
from meaux.subjects.health.measures import periods

LONG_WITHOUT = 90
"""After so many days without a new row something may have stopped."""


def notes(opened: Source, tables: Sequence[TableHealth], selection: Selection) -> Iterator[Note]:
    """Everything worth a sentence, by table."""
    for table in tables:
        yield from _of_table(table)
        yield from _of_times(table, selection)
    for bound in opened.binding.tables.values():
        yield from _of_columns(opened, bound)
    for logical, words in opened.binding.passed_over.items():
        yield Note(logical, f"A table is there, and would need {words}.")


def _of_table(table: TableHealth) -> Iterator[Note]:
    if table.state == "Not fit":
        yield Note(table.name, "It lacks a column that every row needs, or it can't be read.")
    if table.read_as and table.size and table.size.rows == 0:
        yield Note(table.name, "It has no rows yet: what it would show is empty, and not zero.")
    if table.size and table.size.none:
        among = f"the newest {LOOKED_AT}" if (table.size.rows or 0) > LOOKED_AT else "its rows"
        number = table.size.none
        says, it_is = (
            ("says that it is", "it is") if number == 1 else ("say that they are", "they are")
        )
        said = f"{number} of {among} {says} none ({table.none_by})"
        yield Note(table.name, f"{said}: {it_is} in nothing.")
    if table.size and table.size.repeated:
        ids = " and ".join(table.size.repeated)
        yield Note(
            table.name,
            f"Its ids are not unique, such as {ids}: rows of one id and time count once, "
            "by the one that changed last.",
        )
    if table.size and table.size.returning:
        ids = " and ".join(table.size.returning)
        yield Note(
            table.name,
            f"Rows of different times or names share an id, such as {ids}: each counts, "
            "because the id may be that of something else.",
        )
    if table.read_as and table.kind == "view":
        yield Note(table.name, "It is a view: its rows are not counted, and no index can be told.")


def _of_columns(opened: Source, bound: BoundTable) -> Iterator[Note]:
    table = opened.catalog.find(bound.physical)
    if bound.repeated:
        ids = " and ".join(bound.repeated)
        which = f"the newest row by {bound.newest}" if bound.newest else "one row"
        yield Note(
            bound.physical, f"Its ids are not unique, such as {ids}: of each {which} counts."
        )
    if bound.alike:
        yield Note(bound.physical, "Some of its names are shared: they are told with their ids.")
    for name in bound.columns:
        yield from (Note(bound.physical, words) for words in bound.unread([name]))
    for name, column in bound.columns.items():
        stored = table.column(column.stored) if table else None
        if len(column.encodings) > 1:
            ways = " and ".join(column.encodings)
            yield Note(
                bound.physical,
                f"{stored or name} mixes the encodings {ways}: a period is looked for twice, "
                "coarsely and then exactly.",
            )
        if table and stored and column.type in NUMBER_TYPES and not column.numeric:
            declared = table.types[stored.lower()] or "no type"
            yield Note(
                bound.physical,
                f"{stored} holds numbers in a column of {declared}: each is converted.",
            )


def _of_times(table: TableHealth, selection: Selection) -> Iterator[Note]:
    size = table.size
    if size is None or size.newest is None or not table.newest:
        return
    if size.newest >= midnight(selection.today + DAY, selection.zone):
        yield Note(table.name, f"Its newest row lies ahead: {table.newest}.")
    grows = size.of_all and any(logical in table.read_as for logical, _ in periods())
    if grows and size.newest < midnight(selection.today - LONG_WITHOUT * DAY, selection.zone):
        yield Note(table.name, f"It has had no new row since {table.newest}.")
