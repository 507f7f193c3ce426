"""Counted rows: which of a table's rows count, and which are another row's double or sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from meaux.data.schema import encodings, reading
from meaux.data.schema.bound import BoundColumn, Refunds, Sums
from meaux.data.schema.catalog import Column, PhysicalTable
from meaux.data.schema.columns import bound_column, options_of
from meaux.data.schema.identity import OWN
from meaux.data.schema.model import LogicalColumn, LogicalTable, bare, quoted
from meaux.data.schema.vocabulary import DELETED, PAID_BACK, TOTALS

VERSIONS = ("version", "revision", "row_version")
"""Columns that number the versions of a row."""


def counts_where(logical: LogicalTable, table: PhysicalTable, only: str = "") -> str:
    """SQL that leaves out the rows that say that they are none, or are of another kind."""
    found = {name: bound_column(one, table, {}) for name, one in logical.columns.items()}
    columns = {name: column for name, column in found.items() if column}
    left = (kept for _, kept in left_out(logical, table, columns))
    kept = " AND ".join(filter(None, (of_kind(only, table), *left)))
    return f"WHERE {kept} " if kept else ""


def of_kind(only: str, table: PhysicalTable) -> str:
    """SQL for the rows of a kind; empty where the table lacks a column that tells it."""
    needed = {name.lower(): table.called(name) for name in LogicalColumn.columns_in(only)}
    spelling = {name: there.spelt for name, there in needed.items() if there}
    return LogicalColumn.filled(only, spelling) if len(spelling) == len(needed) else ""


def left_out(
    logical: LogicalTable,
    table: PhysicalTable,
    columns: Mapping[str, BoundColumn],
    *,
    charges: bool = True,
) -> Iterator[tuple[str, str]]:
    """Each column in which a row may say that it is none, with SQL for the rows that don't.

    `charges` leaves out what was paid back, too.
    """
    read = {one.stored for column in columns.values() for one in column.all}
    for name in logical.deleted:
        column = table.called(name)
        if column and quoted(column.spelt) not in read:
            yield column.spelt, f"NOT {encodings.is_set(quoted(column.spelt))}"
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
    """SQL for whether a row's status says that it is none; what was paid back counts below zero."""
    words = dict.fromkeys(DELETED + logical.void)
    if cost is None or words.keys().isdisjoint(PAID_BACK):
        return reading.among(status.value(), words)
    others = reading.among(status.value(), [word for word in words if word not in PAID_BACK])
    paid_back = (
        f" OR {reading.among(status.value(), PAID_BACK)} AND coalesce({cost.value()}, 0) >= 0"
    )
    return f"({others}{paid_back if charges else ''})"


def refunds(logical: LogicalTable, columns: Mapping[str, BoundColumn]) -> Refunds | None:
    """How a charge that was paid back is told, where rows may say so and have a cost and a time."""
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
    """Those of some columns that a table has, quoted."""
    return [quoted(column.spelt) for column in map(table.called, names) if column]


def one_per(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """What several rows may share, logical and parts, and the instant that tells the newest.

    A growing total of something without an id is told by its name.
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
    """The stored columns that tell one row from another; none where a key sees to it.

    The number alone doesn't: it may be that of an account, which has a row a day, or of a bill,
    which several projects share. A view may repeat a row for each of them, and a version may
    correct them: there they tell nothing. A number behind a "|" is that of something else, such as
    a request: without a column that says what changed, only rows that are alike are one.
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
    read = [one.stored for column in named for one in column]
    parts = _quoted(table, logical.entry_parts)
    return tuple(dict.fromkeys([quoted(number.spelt), *read, *parts]))


def _split(names: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The names before and behind a "|"."""
    bar = names.index("|") if "|" in names else len(names)
    return names[:bar], names[bar + 1 :]


def _first(table: PhysicalTable, names: Iterable[str]) -> Column | None:
    """The first of some columns that a table has."""
    return next(filter(None, map(table.called, names)), None)


def entry_order(logical: LogicalTable, table: PhysicalTable) -> str:
    """SQL by which the row that changed last comes first; empty where nothing tells it."""
    changed = LogicalColumn("changed", "instant", logical.changed + logical.written)
    times = [f"{one.own_value()} DESC" for one in options_of(changed, table, {})]
    version = _first(table, VERSIONS)
    return ", ".join([f"{quoted(version.spelt)} DESC", *times] if version else times)


def sums(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> Sums | None:
    """How a row that sums others is told, where it can be."""
    amount = next((name for name in logical.adds if name in columns), "")
    at = next((name for name, one in columns.items() if one.type == "instant"), "")
    if logical.totals not in columns or not amount or not at:
        return None
    scope = [columns[name].value() for name in logical.scope if name in columns]
    scope += map(reading.key, _quoted(table, logical.scope))
    return Sums(logical.totals, amount, at, tuple(dict.fromkeys(scope)))
