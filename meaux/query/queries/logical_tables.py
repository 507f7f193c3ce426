"""Logical tables: the SQL that selects the columns of a logical table from its physical one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from meaux.data.schema import Binding, BoundTable
from meaux.data.schema.bound import MARKED, REPEATED, SUMMED
from meaux.data.schema.bound_column import STORED, BoundColumn, stem
from meaux.data.schema.identity import OWN, Identity, column_of, folded, written
from meaux.data.warehouse.tables import GONE
from meaux.query.queries import visible

DELETED = "deleted"
"""The suffix of a deleted row's name in the rows that reference it."""


def lookups(used: Mapping[str, Iterable[str]], binding: Binding) -> list[str]:
    """Return the lookup tables from the identifiers of rows to their ids.

    A name that two rows share matches neither; a name that is a row's id matches that row.
    """
    met = {
        (identity.table, identity.by): identity
        for table, columns in used.items()
        for name in columns
        if table in binding.tables and stem(name) in binding.tables[table].columns
        for identity in binding.tables[table].columns[stem(name)].lookups
    }
    return [_lookup(identity, binding) for _, identity in sorted(met.items())]


def _lookup(identity: Identity, binding: Binding) -> str:
    bound = binding.tables[identity.table]
    column = replace(bound.columns[column_of(identity.by)], scope="")
    named = written(identity.by, column.value())
    own = bound.columns[OWN].value()
    rows = f"{identity.lookup}_rows"
    gone, ids, there = "", "min(id)", "count(DISTINCT id)"
    if bound.gone:  # A name matches a deleted row only if no other row has it.
        gone, only = f", {bound.is_gone()} AS gone", "FILTER (WHERE NOT gone)"
        ids = f"coalesce(min(id) {only}, min(id))"
        there = f"coalesce(nullif(count(DISTINCT id) {only}, 0), count(DISTINCT id))"
    return (
        f"{rows} AS MATERIALIZED (\n"
        f"  SELECT {named} AS name, {own} AS id, {folded(own)} AS key{gone}\n"
        f"  FROM {bound.named()}\n),\n"
        f"{identity.lookup} AS MATERIALIZED (\n"
        f"  SELECT name, {ids} AS id FROM {rows}\n"
        f"  GROUP BY name HAVING {there} = 1 AND name NOT IN (\n"
        f"    SELECT key FROM {rows} WHERE id IS NOT NULL\n"
        "  )\n"
        f"  UNION ALL SELECT key, id FROM {rows}\n)"
    )


def none_of(columns: Iterable[str]) -> str:
    """Return SQL for no row, with the columns of a table that the database lacks."""
    nothing = ", ".join(f"NULL AS {column}" for column in columns) or "NULL"
    return f"SELECT {nothing} WHERE 0"


def selected(
    bound: BoundTable,
    columns: Iterable[str],
    shift: str,
    *,
    once: bool,
    veil: visible.Veil | None = None,
) -> str:
    """Return SQL for some columns of a logical table, suffixed ones too.

    `shift` is SQL for the zone's offset at `{at}`. `once` leaves out duplicates and sums of others;
    `veil` hides what isn't visible.
    """

    def meant(column: str) -> str:
        return bound.columns[column].meant()

    def read(column: str) -> str:
        sql = _column(bound, column, shift)
        return veil.column(column, sql, meant) if veil else sql

    body = ",\n    ".join(f"{read(column)} AS {column}" for column in columns) or "1"
    is_one_each = bound.one_per and bound.apart != MARKED
    rows = _one_row_each(bound) if is_one_each else _rows(bound, shift, once=once)
    if bound.alike and "name" in columns:
        rows = f"(SELECT *, {_alike(bound)} FROM {rows})"
    if veil:
        rows = veil.rows(rows, meant)
    return f"\n  SELECT\n    {body}\n  FROM {rows}\n"


def _rows(bound: BoundTable, shift: str, *, once: bool) -> str:
    """Return SQL for the rows that count; `once` leaves out duplicates and sums of others.

    A table that others reference also has its deleted rows, marked as such.
    """
    if bound.gone:
        return bound.named()
    since = bound.columns[bound.refunds.at].since_start() if once and bound.refunds else ""
    if not (once and bound.sums):
        return bound.rows(once=once, since=since)
    is_sum = bound.is_sum(bound.columns[bound.sums.at].in_window(), shift)
    kept = {SUMMED: is_sum, "": f"NOT {is_sum}"}.get(bound.apart, "")
    return bound.rows(kept=kept, since=since)


def _alike(bound: BoundTable) -> str:
    """Return SQL for the number of rows that share a row's name."""
    gone = f", {bound.is_gone()}" if bound.gone else ""
    return f"count(*) OVER (PARTITION BY {bound.columns['name'].value()}{gone}) AS ` alike`"


def _one_row_each(bound: BoundTable) -> str:
    """Return SQL for one row per value of the identifying columns: the newest, else the first.

    A row without an id of its own has no duplicate.
    """
    names = ", ".join((*(bound.columns[name].value() for name in bound.one_per), *bound.parts))
    times = [f"{bound.columns[bound.newest].value()} DESC"] if bound.newest else []
    order = ", ".join([bound.is_gone(), *times] if bound.gone else times)
    order = f" ORDER BY {order}" if order else ""
    place = f"row_number() OVER (PARTITION BY {names}{order}) AS ` place`"
    alone = f" OR {bound.columns[bound.own].value()} IS NULL" if bound.own else ""
    first = f"{'NOT ' if bound.apart == REPEATED else ''}(` place` = 1{alone})"
    return f"(SELECT {bound.everything()}, {place} FROM {bound.named()}) WHERE {first}"


def _column(bound: BoundTable, name: str, shift: str) -> str:
    if name == GONE:
        return bound.is_gone()
    own = stem(name)
    column = bound.columns.get(own)
    if column is None:
        return bound.missing(name)
    suffix = name.removeprefix(own)
    if suffix in STORED:
        return column.raw(STORED.index(suffix))
    derived: dict[str, Callable[[], str]] = {
        "": lambda: _own(bound, own, column),
        "_day": lambda: column.local_day(shift),
        "_plain": column.plain,
        "_order": column.order,
        "_milliseconds": column.milliseconds,
        "_timed": column.timed,
        "_unread": column.unread,
        "_span": column.span,
        "_foreign": lambda: bound.foreign(column),
        visible.PAID: lambda: _own(bound, own, column),
    }
    return derived[suffix]()


def _own(bound: BoundTable, name: str, column: BoundColumn) -> str:
    """Return SQL for a column's own value."""
    if bound.settled:
        return column.value()
    if column.type == "currency":
        return bound.currency()
    return _told(bound, name) if name == "name" else _paid(bound, column)


def _told(bound: BoundTable, name: str) -> str:
    """Return SQL for a row's name, with its id if it is a duplicate, and "deleted" if so."""
    if not (bound.alike or bound.gone):
        return _paid(bound, bound.columns[name])
    value, own = bound.columns[name].value(), bound.columns[OWN].value()
    arms = ""
    if bound.gone:
        id_ = f"iif(` alike` > 1, coalesce({own} || ', ', ''), '') || " if bound.alike else ""
        arms = f" WHEN {bound.is_gone()} THEN {value} || ' (' || {id_}'{DELETED})'"
    if bound.alike:
        arms += f" WHEN ` alike` > 1 THEN {value} || coalesce(' (' || {own} || ')', '')"
    return f"CASE{arms} ELSE {value} END"


def _paid(bound: BoundTable, column: BoundColumn) -> str:
    """Return SQL for a value; an amount of money only if it is in dollars."""
    return bound.paid(column) if column.type == "money" else column.meant()
