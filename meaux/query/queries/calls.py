"""Calls: the functions of the query files, expanded for a database and a selection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise

from meaux.data.database import Statement
from meaux.data.schema import Binding
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.vocabulary import VOCABULARIES
from meaux.data.warehouse.tables import GONE
from meaux.query.filters import Offset, Period, Selection, offsets
from meaux.query.queries.reader import ZONE

ONLY_WITH = {"spans": "spanned_budget"}
"""The parameters whose period is empty unless a view has a row."""

AFTERWARDS = timedelta(days=400)
"""How long after the period `zone_offset` has offsets: entries that begin in it may end later."""

_MEMBER = r"\(\s*([a-z_0-9]+)\.([a-z_0-9]+)\s*\)"
IN_PERIOD = re.compile(r"\bin_(?:period|page)" + _MEMBER)
_CALL = re.compile(r"\b(in_period|in_page|since_start|in_order|newest|known|there)" + _MEMBER)
_OFFSET_AT = re.compile(r"\boffset_at\(([^()]+)\)")
_MEANING = re.compile(r"\bmeaning\(\s*'([a-z]+)',\s*([a-z_0-9]+\.[a-z_0-9]+)\s*\)")
LOW = re.compile(r":(from_[a-z_]+|start_day|day_before)\b")
_HIGH = {"start_day": "end_day", "day_before": "day_after"}
_CASTS = {int: "INTEGER", float: "REAL"}
_NAMED = re.compile(r"""('(?:[^']|'')*'|`(?:[^`]|``)*`)|:([a-z_][a-z0-9_]*)""")


def expanded(sql: str, binding: Binding, selection: Selection, given: Mapping[str, object]) -> str:
    """Expand the ranges, meanings and offsets of the SQL."""
    conditions = [view for name, view in ONLY_WITH.items() if name in given]

    def called(found: re.Match[str]) -> str:
        call, table, name = found.groups()
        bound, written = binding.tables.get(table), f"{table}.{name}"
        column = bound.columns.get(name) if bound else None
        match call:
            case "in_period" | "in_page":
                later = call == "in_page" and "before" in given
                return _only_with(conditions, _in_range(table, written, column, later=later))
            case "since_start":
                return column.since_start(written) if column else "0"
            case "in_order":
                return str(int(column is None or column.sorts))
            case "newest":
                return column.newest(written, table) if column else "NULL"
            case "known":
                return "0" if binding.lacks(table, name) else "1"
        is_rated = table == "person" and selection.only is not None
        return f"NOT {table}.{GONE}" if bound and (bound.gone or is_rated) else "TRUE"

    def offset(found: re.Match[str]) -> str:
        return shift_at(_offsets_of(selection)).format(at=found[1])

    shifted = _OFFSET_AT.sub(offset, _CALL.sub(called, sql))
    return _MEANING.sub(lambda found: VOCABULARIES[found[1]].sql(found[2]), shifted)


def _in_range(table: str, written: str, column: BoundColumn | None, *, later: bool) -> str:
    """Return SQL for "in the period", and on a later page for "after the rows already shown"."""
    if column is None:
        return "0"
    if not later:
        return column.in_window(written)
    within = column.since_start(written) if column.sorts else column.in_window(written)
    return f"({within} AND ({written}_order, {table}.key_order) < (:before, :before_key))"


def _only_with(views: Iterable[str], ranged: str) -> str:
    """Return a range that is empty unless each of these views has a row.

    SQLite computes the bound once and uses it for the index: an empty range reads nothing.
    """

    def low(found: re.Match[str]) -> str:
        name = found[1]
        high = _HIGH.get(name) or name.replace("from_", "to_")
        rows = " AND ".join(f"EXISTS (SELECT 1 FROM {view})" for view in views)
        return f"iif({rows}, :{name}, :{high})"

    return LOW.sub(low, ranged) if views else ranged


def _offsets_of(selection: Selection) -> tuple[Offset, ...]:
    """Return the zone's offsets from the period's start until after its end."""
    period = Period(selection.period.start, selection.period.end + AFTERWARDS)
    return offsets(period, selection.zone)


def zone_table(selection: Selection) -> str:
    """Return SQL for the offsets, each with its start and end; the first and last are unbounded."""
    found = _offsets_of(selection)
    changes = [str(offset.until) for offset in found[:-1]]
    seconds = [str(offset.seconds) for offset in found]
    rows = zip(["-9e999", *changes], [*changes, "9e999"], seconds, strict=True)
    values = ", ".join(f"({', '.join(row)})" for row in rows)
    return f"{ZONE} (since, until, seconds) AS NOT MATERIALIZED (\n  VALUES {values}\n)"


def shift_at(offsets: tuple[Offset, ...]) -> str:
    """Return SQL for the zone's offset at the instant `{at}`.

    The numbers are in the SQL, not in parameters: twenty years of daylight saving have more of them
    than the hundred parameters that D1 binds, and they are the product's own integers. The newest
    comes first, because most rows are new.
    """
    first, *later = offsets
    if not later:
        return str(first.seconds)
    since = [(before.until, after.seconds) for before, after in pairwise(offsets)]
    arms = " ".join(f"WHEN {{at}} >= {at} THEN {seconds}" for at, seconds in reversed(since))
    return f"CASE {arms} ELSE {first.seconds} END"


def positional(sql: str, values: Mapping[str, str | float]) -> Statement:
    """Return the SQL with `?1, ?2 …`; D1 binds only text, so numbers are cast in the SQL."""
    order: dict[str, int] = {}

    def placeholder(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        mark = f"?{order.setdefault(found[2], len(order) + 1)}"
        kind = _CASTS.get(type(values[found[2]]))
        return f"CAST({mark} AS {kind})" if kind else mark

    numbered = _NAMED.sub(placeholder, sql)
    return Statement(numbered, tuple(str(values[name]) for name in order))
