"""Sizes: how many rows a table has and how new the newest is, for a few rows read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from meaux.data.database import Rows, Statement
from meaux.data.schema import encodings
from meaux.data.schema.bound import BoundColumn, BoundTable
from meaux.data.schema.catalog import PhysicalTable
from meaux.data.schema.model import quoted

COUNTED = 1_000
"""Up to so many rows are counted; to count more would cost more than the number is worth."""

LOOKED_AT = 200
"""Among how many of the newest rows those are counted that say that they are none."""

SHOWN = 2
"""How many numbers are named of which there are several rows."""

NEWEST = 20
"""How many rows are looked at for the newest where no index holds them in order of time."""

_BY_KEY = """\
SELECT CASE WHEN span <= {counted} THEN (SELECT count(*) FROM {table}) ELSE span END AS rows,
       CASE WHEN span <= {counted} THEN 'exactly' ELSE 'at most' END AS precision,
       {newest} AS newest,
       {none} AS none,
       {repeated} AS repeated,
       {returning} AS returning_
FROM (
  SELECT coalesce(
    (SELECT max({key}) FROM {table}) - (SELECT min({key}) FROM {table}) + 1, 0
  ) AS span
)"""
_WITHOUT_KEY = """\
SELECT min(seen, {counted}) AS rows,
       CASE WHEN seen <= {counted} THEN 'exactly' ELSE 'more than' END AS precision,
       {newest} AS newest,
       {none} AS none,
       {repeated} AS repeated,
       {returning} AS returning_
FROM (SELECT count(*) AS seen FROM (SELECT 1 FROM {table} LIMIT {counted} + 1))"""

_VIEW = """\
SELECT NULL AS rows, 'not counted' AS precision, NULL AS newest, 0 AS none,
       {repeated} AS repeated, {returning} AS returning_"""

Precision = Literal["exactly", "at most", "more than", "not counted"]


@dataclass(frozen=True)
class Size:
    """How many rows a table has, and how precisely that is known without reading it.

    Rows are numbered, so that the numbers of the first and the last one say how many there are at
    most. `newest` is in epoch seconds; `of_all` says that it is the newest of all rows, and not
    only of those that were written last. `none` counts the rows, among the `LOOKED_AT` that were
    written last, that are none: deleted, void, or a sum of others. `repeated` are some numbers of
    rows that are there more than once, `returning` some that rows of different times have.
    """

    rows: int | None = None
    precision: Precision = "not counted"
    newest: int | None = None
    of_all: bool = False
    none: int = 0
    repeated: tuple[str, ...] = ()
    returning: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.rows is None:
            return self.precision
        number = f"{self.rows:,}"
        return number if self.precision == "exactly" else f"{self.precision} {number}"


def measuring(
    table: PhysicalTable, time: BoundColumn | None = None, bound: BoundTable | None = None
) -> Statement | None:
    """What measures a table; None for a view, which would have to be read whole.

    `bound` says which of its rows are none, and which are there more than once: that is looked for
    in a view, too.
    """
    among = _last(table) if table.key else "TRUE"
    is_told = bound and bound.entry
    repeated, returning = _again(bound, among) if bound and is_told else ("NULL", "NULL")
    if table.kind == "view":
        return Statement(_VIEW.format(repeated=repeated, returning=returning)) if is_told else None
    template = _WITHOUT_KEY if table.key is None else _BY_KEY
    sql = template.format(
        table=f"main.{quoted(table.name)}",
        key=table.key,
        counted=COUNTED,
        newest=_newest(table, time),
        none=_none(table, bound.is_none(among)) if bound else "0",
        repeated=repeated,
        returning=returning,
    )
    return Statement(sql)


def measured(rows: Rows, table: PhysicalTable, time: BoundColumn | None = None) -> Size:
    """What `measuring` found."""
    count, precision, newest, none, repeated, returning = rows.rows[0]
    of_all = time is not None and in_order(table, time)
    return Size(
        None if count is None else int(count),
        precision,
        None if newest is None else int(newest),
        of_all,
        int(none or 0),
        tuple(json.loads(repeated or "[]")),
        tuple(json.loads(returning or "[]")),
    )


def in_order(table: PhysicalTable, time: BoundColumn) -> bool:
    """Whether an index holds a table's rows in order of time, those of each class of encodings."""
    return not time.later and is_indexed(table, time) and encodings.classes_sort(time.encodings)


def is_indexed(table: PhysicalTable, time: BoundColumn) -> bool:
    """Whether an index holds all rows of a table in the order of a column."""
    column = table.column(time.stored)
    return column is not None and table.index_on(column) is not None


def _newest(table: PhysicalTable, time: BoundColumn | None) -> str:
    """SQL for the newest instant: of all rows by an index, else of those written last."""
    if time is None:
        return "NULL"
    instant = time.value()
    source = f"main.{quoted(table.name)}"
    if in_order(table, time):
        return encodings.newest(instant, time.stored, source, time.encodings)
    if table.key is None:
        return "NULL"
    last = f"SELECT {instant} AS at FROM {source} ORDER BY {table.key} DESC LIMIT {NEWEST}"
    return f"(SELECT max(at) FROM ({last}))"


def _none(table: PhysicalTable, none: str) -> str:
    """SQL that counts the rows that are none among those written last."""
    if not none or table.key is None:
        return "0"
    source = f"main.{quoted(table.name)}"
    return f"(SELECT count(*) FROM {source} WHERE {_last(table)} AND ({none}))"


def _last(table: PhysicalTable) -> str:
    """SQL that keeps the rows that were written last."""
    return f"{table.key} > (SELECT max({table.key}) FROM main.{quoted(table.name)}) - {LOOKED_AT}"


def _again(bound: BoundTable, among: str) -> tuple[str, str]:
    """SQL of a list of some numbers that are there twice, and of some that return at other times.

    Both are looked for among a few rows, and a number that is empty is none.
    """
    number, *others = bound.entry
    source = f"main.{quoted(bound.physical)} WHERE {among} AND coalesce({number}, '') <> ''"
    seen = f"(SELECT {', '.join(bound.entry)} FROM {source} LIMIT {LOOKED_AT})"
    entry = ", ".join(bound.entry)
    different = f"SELECT DISTINCT {entry} FROM {seen}" if others else seen

    def some(rows: str, by: str) -> str:
        having = f"SELECT {number} AS n FROM ({rows}) GROUP BY {by} HAVING count(*) > 1"
        return f"(SELECT json_group_array(CAST(n AS TEXT)) FROM ({having} LIMIT {SHOWN}))"

    return some(f"SELECT {entry} FROM {seen}", entry), some(different, number)
