"""Counted rows: which rows of a table count, and which are duplicates or sums of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from meaux.data.schema import instants, reading
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.catalog import Column, PhysicalTable
from meaux.data.schema.columns import bound_column, options_of
from meaux.data.schema.identity import OWN
from meaux.data.schema.model import LogicalColumn, LogicalTable, bare, columns_in, quoted
from meaux.data.schema.sums import Refunds, Sums
from meaux.data.schema.vocabulary import DELETED, PAID_BACK, TOTALS

ROWID = quoted("rowid")
"""It is unique, so it can't show which rows are duplicates."""

VERSIONS = ("version", "revision", "row_version")
"""Columns with the version number of a row."""


def counts_where(logical: LogicalTable, table: PhysicalTable, only: str = "") -> str:
    """Return SQL that leaves out deleted and void rows, and rows of another kind."""
    found = {name: bound_column(one, table, {}) for name, one in logical.columns.items()}
    columns = {name: column for name, column in found.items() if column}
    left = (kept for _, kept in left_out(logical, table, columns))
    kept = " AND ".join(filter(None, (of_kind(only, table), *left)))
    return f"WHERE {kept} " if kept else ""


def of_kind(only: str, table: PhysicalTable) -> str:
    """Return SQL for the rows of a kind; empty if the table lacks a column that it needs."""
    needed = {name.lower(): table.called(name) for name in columns_in(only)}
    spelling = {name: there.spelt for name, there in needed.items() if there}
    return LogicalColumn.filled(only, spelling) if len(spelling) == len(needed) else ""


def left_out(
    logical: LogicalTable,
    table: PhysicalTable,
    columns: Mapping[str, BoundColumn],
    *,
    charges: bool = True,
) -> Iterator[tuple[str, str]]:
    """Yield each column that can mark a row as deleted or void, with SQL for the other rows.

    `charges` also leaves out refunded charges.
    """
    read = {one.stored for column in columns.values() for one in column.all}
    for name in logical.deleted:
        column = table.called(name)
        if column and quoted(column.spelt) not in read:
            yield column.spelt, f"NOT {instants.is_set(quoted(column.spelt))}"
    status = columns.get("status")
    if status and status.type == "word":
        yield (
            bare(status.stored),
            f"NOT {_is_void(status, columns.get('cost'), logical, charges=charges)}",
        )
    totals = columns.get(logical.totals)
    for stored in [*([totals.stored] if totals else []), *_quoted(table, logical.parts)]:
        yield bare(stored), f"NOT {reading.among(reading.word(stored), TOTALS)}"


def _is_void(
    status: BoundColumn, cost: BoundColumn | None, logical: LogicalTable, *, charges: bool
) -> str:
    """Return SQL for whether a row's status is void; a refund (an amount below zero) counts."""
    words = dict.fromkeys(DELETED + logical.void)
    if cost is None or words.keys().isdisjoint(PAID_BACK):
        return reading.among(status.value(), words)
    others = reading.among(status.value(), [word for word in words if word not in PAID_BACK])
    paid_back = (
        f" OR {reading.among(status.value(), PAID_BACK)} AND coalesce({cost.value()}, 0) >= 0"
    )
    return f"({others}{paid_back if charges else ''})"


def refunds(logical: LogicalTable, columns: Mapping[str, BoundColumn]) -> Refunds | None:
    """Return how charges match refunds, if rows have a status for that, a cost and a time."""
    status, cost = columns.get("status"), columns.get("cost")
    at = next((name for name, one in columns.items() if one.type == "instant"), "")
    if set(PAID_BACK).isdisjoint(logical.void) or not (status and cost and at):
        return None
    if status.type != "word" or not logical.columns["cost"].required:
        return None
    names = (logical.totals, "currency", *logical.scope)
    shared = tuple(columns[name].value() for name in names if name in columns)
    return Refunds(reading.among(status.value(), PAID_BACK), at, shared)


def _quoted(table: PhysicalTable, names: Iterable[str]) -> list[str]:
    """List those of some columns that a table has, quoted."""
    return [quoted(column.spelt) for column in map(table.called, names) if column]


def one_per(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return the shared logical columns, the SQL of the parts, and the instant of the newest row.

    A growing total of something without an id is identified by its name.
    """
    newest = next((name for name in logical.newest if name in columns), "")
    named = logical.one_per or (logical.snapshot_of if newest else ())
    keys = tuple(name for name in named if name in columns)
    parts = _quoted(table, logical.parts)
    physical = [table.column(stored) for stored in [*(columns[k].stored for k in keys), *parts]]
    if not keys or table.is_unique(*filter(None, physical)):
        return (), (), ""
    own = columns.get(keys[0]) if logical.snapshot_of else None
    name = columns.get("name")
    if own and name and keys == (OWN,):
        unnamed = f"iif({own.value()} IS NULL, {name.value()}, NULL)"
        return keys, (*map(reading.key, parts), unnamed), newest
    return keys, tuple(map(reading.key, parts)), newest


def entry(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> tuple[str, ...]:
    """Return the stored columns that identify a row; none if a key guarantees unique rows.

    The number alone doesn't identify a row: it may be that of an account, with a row per day, or of
    a bill that several projects share. A view may repeat a row for each of them, and a version may
    correct them: there `entry_shared` doesn't identify a row. A number after a "|" belongs to
    something else, such as a request: without a column that says what changed, only equal rows are
    duplicates.
    """
    own, others = _split(logical.entry)
    number = _first(table, own)
    alike = number is None and not (_first(table, VERSIONS) or _first(table, logical.changed))
    number = number or _first(table, others)
    if number is None or table.is_unique(number.spelt):
        return ()
    versioned = table.kind == "view" or _first(table, VERSIONS)
    told = logical.entry_of if versioned else logical.entry_of + logical.entry_shared
    named = (column.all for name, column in columns.items() if alike or name in told)
    read = [one.stored for column in named for one in column if one.stored != ROWID]
    parts = _quoted(table, logical.entry_parts)
    return tuple(dict.fromkeys([quoted(number.spelt), *read, *parts]))


def _split(names: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split the names before and after a "|"."""
    bar = names.index("|") if "|" in names else len(names)
    return names[:bar], names[bar + 1 :]


def _first(table: PhysicalTable, names: Iterable[str]) -> Column | None:
    """Return the first of some columns that a table has."""
    return next(filter(None, map(table.called, names)), None)


def entry_order(logical: LogicalTable, table: PhysicalTable) -> str:
    """Return the SQL sort order that puts the last changed row first; empty without a time."""
    changed = LogicalColumn("changed", "instant", logical.changed + logical.written)
    times = [f"{one.own_value()} DESC" for one in options_of(changed, table, {})]
    version = _first(table, VERSIONS)
    return ", ".join([f"{quoted(version.spelt)} DESC", *times] if version else times)


def sums(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> Sums | None:
    """Return how rows that sum others are recognised, if the columns for it exist."""
    amount = next((name for name in logical.adds if name in columns), "")
    at = next((name for name, one in columns.items() if one.type == "instant"), "")
    if logical.totals not in columns or not amount or not at:
        return None
    scope = [columns[name].value() for name in logical.scope if name in columns]
    scope += map(reading.key, _quoted(table, logical.scope))
    return Sums(logical.totals, amount, at, tuple(dict.fromkeys(scope)))
