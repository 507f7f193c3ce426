"""Sizes: the number of rows of a table and its newest instant, for a few rows read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from meaux.data.database import Rows, Statement
from meaux.data.schema import encodings, instants
from meaux.data.schema.bound import REPEATED, BoundTable
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.catalog import PhysicalTable
from meaux.data.schema.model import quoted

COUNTED = 1_000
"""Up to this many rows are counted; more would cost too much."""

LOOKED_AT = 200
"""The number of newest rows among which deleted and void ones are counted."""

SHOWN = 2
"""The number of duplicate row numbers that are named."""

NEWEST = 20
"""The number of rows read for the newest instant if no index sorts them by time."""

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
    """The number of rows of a table, and how exact it is.

    The first and the last row number give the maximum. `newest` is in epoch seconds; `of_all` is
    true if it is the newest of all rows, not only of the last written ones. `none` counts the rows,
    among the `LOOKED_AT` last written ones, that are deleted, void, a sum of others, or a refunded
    charge without its refund. `repeated` are examples of duplicate row numbers, `returning` of
    numbers that rows of different times share.
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
    """Return the statement that measures a table; None for a view, which would be read whole.

    `bound` identifies deleted, void and duplicate rows; these are also looked for in a view.
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
        newest=newest(table, time) or "NULL",
        none=_none(table, bound.is_none(among)) if bound else "0",
        repeated=repeated,
        returning=returning,
    )
    return Statement(sql)


def of_copy(bound: BoundTable, time: BoundColumn | None) -> Statement:
    """Return the statement that measures a copied table, with its rows that don't count."""
    newest = f"max({time.value()})" if time else "NULL"
    apart = {
        kind: f"(SELECT count(*) FROM {bound.only_apart(kind).rows()})"
        for kind in bound.kinds_apart
    }
    rows = " + ".join(["count(*)", *apart.values()])
    none = " + ".join(count for kind, count in apart.items() if kind != REPEATED) or "0"
    return Statement(
        f"SELECT {rows} AS rows, 'exactly' AS precision, {newest} AS newest, {none} AS none, "
        f"NULL AS repeated, NULL AS returning_ FROM {bound.rows()}"
    )


def measured(rows: Rows, table: PhysicalTable, time: BoundColumn | None = None) -> Size:
    """Read the size from the answer to `measuring`."""
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
    """Return whether an index sorts a table's rows by time within each class of encodings."""
    return not time.later and is_indexed(table, time) and encodings.classes_sort(time.encodings)


def is_indexed(table: PhysicalTable, time: BoundColumn) -> bool:
    """Return whether an index holds all rows of a table in the order of a column."""
    column = table.column(time.stored)
    return column is not None and table.index_on(column) is not None


def newest(table: PhysicalTable, time: BoundColumn | None, of_kind: str = "") -> str:
    """Return SQL for the newest instant: of all rows by an index, else of the last written ones.

    With `of_kind`, a condition, it is the newest of those among the last written rows that meet it.
    It is empty if neither an index nor a rowid tells the rows.
    """
    if time is None:
        return ""
    instant = time.value()
    source = f"main.{quoted(table.name)}"
    if in_order(table, time) and not of_kind:
        return instants.newest(instant, time.stored, source, time.encodings)
    if table.key is None:
        return ""
    at = f"iif({of_kind}, {instant}, NULL)" if of_kind else instant
    last = f"SELECT {at} AS at FROM {source} ORDER BY {table.key} DESC LIMIT {NEWEST}"
    return f"(SELECT max(at) FROM ({last}))"


def _none(table: PhysicalTable, none: str) -> str:
    """Return SQL that counts deleted and void rows among the last written ones."""
    if not none or table.key is None:
        return "0"
    source = f"main.{quoted(table.name)}"
    return f"(SELECT count(*) FROM {source} WHERE {_last(table)} AND ({none}))"


def _last(table: PhysicalTable) -> str:
    """Return SQL that keeps the last written rows."""
    return f"{table.key} > (SELECT max({table.key}) FROM main.{quoted(table.name)}) - {LOOKED_AT}"


def _again(bound: BoundTable, among: str) -> tuple[str, str]:
    """Return SQL for lists of duplicate row numbers, and of those that rows of other times share.

    Both are searched for among a few rows; an empty number doesn't count.
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
