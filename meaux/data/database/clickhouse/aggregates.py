"""Aggregates: sums and bounds that are NULL without a value, and columns of the row of a bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlglot import exp

from meaux.data.database.clickhouse.functions import Rule, call

_BOUNDS = {"minOrNull": "argMin", "maxOrNull": "argMax"}
_AGGREGATES = {"sum", "avgOrNull", "any", "groupArray", *_BOUNDS, *_BOUNDS.values()}


def _or_null(name: str) -> Rule:
    return lambda node: call(f"{name}OrNull", node.this)


def _sum(node: exp.Expr) -> exp.Expr:
    """Add up nullable numbers, whose sum is NULL without a value: quicker than `sumOrNull`."""
    return call("sum", call("toNullable", call("toFloat64", node.this)))


def _pairs(node: exp.Expr) -> exp.Expr:
    """`json_group_array(x)`, whose items are JSON."""
    items = call("arraySort", call("groupArray", node.this))
    joined = call("arrayStringConcat", items, ",")
    return call("concat", "[", joined, "]")


def bare(select: exp.Select) -> None:
    """Take bare columns of a group from one of its rows, as SQLite does.

    Beside a single `max()` or `min()` that is the row with this value.
    """
    group, order = select.args.get("group"), select.args.get("order")
    called = [one for one in _own(select.expressions, exp.Anonymous) if not _is_window(one)]
    if not group and not any(one.name in _AGGREGATES for one in called):
        return
    bounds = [one for one in called if one.name in _BOUNDS]
    keys = {key.sql() for key in (group.expressions if group else ())}
    shown = [one for one in select.expressions if keys.isdisjoint(_names(one))]
    for column in list(_own([*shown, *(order.expressions if order else ())], exp.Column)):
        if column.table and column.sql() not in keys and not is_aggregated(column, select):
            row: exp.Expr = call("tuple", column.copy())
            if len(bounds) == 1:
                row = call(_BOUNDS[bounds[0].name], row, _place(bounds[0]))
            else:
                row = call("any", row)
            column.replace(call("tupleElement", row, 1))


def _is_window(called: exp.Expr) -> bool:
    above = called.parent.parent if isinstance(called.parent, exp.Filter) else called.parent
    return isinstance(above, exp.Window)


def _names(shown: exp.Expr) -> set[str]:
    return {shown.alias_or_name, shown.unalias().sql()}


def _place(bound: exp.Anonymous) -> exp.Expr:
    """Return what to compare rows by: their value, those without one last."""
    [value] = bound.expressions
    empty = value.copy().is_(exp.null())
    first = exp.not_(empty) if bound.name == "maxOrNull" else empty
    return call("tuple", first, value.copy())


def is_aggregated(column: exp.Expr, select: exp.Select) -> bool:
    """Return whether a column stands in an aggregate or a window of a SELECT."""
    above = column.parent
    while above is not None and above is not select:
        if isinstance(above, exp.AggFunc | exp.Window | exp.Filter) or (
            isinstance(above, exp.Anonymous) and above.name in _AGGREGATES
        ):
            return True
        above = above.parent
    return False


def _own(shown: Iterable[exp.Expr], kind: type[exp.Expr]) -> Iterator[Any]:
    for one in shown:
        yield from _own_of(one, kind)


def _own_of(node: exp.Expr, kind: type[exp.Expr]) -> Iterator[exp.Expr]:
    """Yield the parts of an expression that aren't in a SELECT of their own."""
    for found in node.walk(prune=lambda one: isinstance(one, exp.Query)):
        if isinstance(found, kind):
            yield found


def _count(node: exp.Expr) -> exp.Expr:
    """Make a count a Float64, like every other number."""
    return node if isinstance(node.parent, exp.Filter | exp.Window) else _as_number(node)


def _around(node: exp.Expr) -> exp.Expr:
    counted = node.this.this if isinstance(node.this, exp.Filter) else node.this
    if isinstance(counted, exp.Count) and not isinstance(node.parent, exp.Window):
        return _as_number(node)
    return node


def _as_number(node: exp.Expr) -> exp.Expr:
    return call("toFloat64", node.copy())


AGGREGATES: Mapping[type[exp.Expr], Rule] = {
    exp.Sum: _sum,
    exp.Min: _or_null("min"),
    exp.Max: _or_null("max"),
    exp.Avg: _or_null("avg"),
    exp.Count: _count,
    exp.Filter: _around,
    exp.Window: _around,
    exp.JSONArrayAgg: _pairs,
}
