"""Relations: common tables, joins, and lists in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlglot import exp, parse_one

from meaux.data.database.clickhouse.aggregates import bare, is_aggregated
from meaux.data.database.clickhouse.functions import ITEMS, Rule, call, cast

_TYPED = "arrayMap(x -> (x.1, x.2, if(match(x.2, '^-?[0-9]+$'), 'integer', 'other')), items)"
"""The keys and values of an object in JSON, with the only type that queries ask for."""


_JOINED = exp.to_identifier("joined")
_COMPARISONS = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def _common_table(node: exp.Expr) -> exp.Expr:
    """Leave out whether it is materialised, and write rows of numbers as SELECTs."""
    node.set("materialized", None)
    alias, query = node.args["alias"], node.this
    values = query.find(exp.Values) if isinstance(query, exp.Select) else query
    if isinstance(values, exp.Values):
        names = [one.name for one in alias.columns]
        rows = [
            exp.select(*(exp.alias_(v, n) for v, n in zip(row.expressions, names, strict=True)))
            for row in values.expressions
        ]
        node.set("this", exp.union(*rows, distinct=False) if len(rows) > 1 else rows[0])
        alias.set("columns", None)
    return node


def _select(node: exp.Expr) -> exp.Expr:
    for rule in (_name, _qualify, bare, _lists, _nullable, _limit, _sorted):
        if isinstance(node, exp.Select):
            rule(node)
    return node


def _name(select: exp.Select) -> None:
    """Name each column: where two tables share a name, ClickHouse would add that of the table."""
    for shown in list(select.expressions):
        if isinstance(shown, exp.Column) and shown.table and not shown.is_star:
            shown.replace(exp.alias_(shown.copy(), shown.name))


def _qualify(select: exp.Select) -> None:
    """Tell columns of the only source from aliases of the same name, which ClickHouse prefers."""
    source = select.args.get("from_")
    if source is None or select.args.get("joins"):
        return
    aliases = {one.alias for one in select.expressions if isinstance(one, exp.Alias)}
    table = source.this
    name = table.alias_or_name
    having = select.args.get("having")
    for part in (*select.expressions, select.args.get("where"), having):
        for column in _columns(part) if part else ():
            is_own = part is not having or is_aggregated(column, select)
            if not column.table and column.name in aliases and is_own:
                if not table.alias:
                    name = name or "own"
                    table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
                column.set("table", exp.to_identifier(name))


def _columns(node: exp.Expr) -> list[exp.Column]:
    within = node.walk(prune=lambda one: isinstance(one, exp.Query))
    return [one for one in within if isinstance(one, exp.Column)]


def _lists(select: exp.Select) -> None:
    """Write `json_each` as ARRAY JOIN of the keys and values of a list or an object."""
    source = select.args.get("from_")
    if source and (items := _items(source.this)) is not None:
        one = exp.select(exp.alias_(call("arrayJoin", items), "item")).subquery("listed")
        shown = [f"item.{column} AS {column}" for column in ("key", "value")]
        rows = exp.select(*shown).from_(one).subquery(source.this.alias or "listed")
        source.set("this", rows)
    for join in select.args.get("joins") or ():
        if (items := _items(join.this)) is not None:
            alias = exp.to_identifier(join.this.alias)
            join.set("this", exp.alias_(items, alias))
            join.set("kind", "ARRAY")
            join.set("side", None)


def _items(table: exp.Expr) -> exp.Expr | None:
    """Return an array of the keys and values of `json_each(…)`; None for another table."""
    called = table.this if isinstance(table, exp.Table) else None
    if not isinstance(called, exp.Anonymous) or called.name.lower() != "json_each":
        return None
    given = called.expressions[0]
    return _listed(given) if ITEMS in given.meta else _ITEMS[type(given)](given)


def _listed(given: exp.Expr) -> exp.Expr:
    pairs = [call("tuple", place, value.copy()) for place, value in enumerate(given.meta[ITEMS])]
    return _pairs(pairs, "Float64", "Nullable(String)")


def _of_object(given: exp.Expr) -> exp.Expr:
    pairs = [call("tuple", one.this, one.expression) for one in given.expressions]
    return _pairs(pairs, "String", "Nullable(String)")


def _with_another(given: exp.Expr) -> exp.Expr:
    """`json_set(object, '$.key', value)`."""
    path, value = given.expressions
    return _object(given.this, path.name.removeprefix("$."), value)


_ITEMS: Mapping[type[exp.Expr], Rule] = {
    exp.Literal: lambda given: _constant(json.loads(given.name)),
    exp.JSONObject: _of_object,
    exp.JSONSet: _with_another,
    exp.Placeholder: lambda given: _numbered(call("JSONExtract", given, "Array(String)")),
    exp.Column: lambda given: _numbered(call("JSONExtractArrayRaw", _text(given))),
}
"""How the keys and values of what is given to `json_each` are found."""


def _object(held: exp.Expr, key: str, value: exp.Expr) -> exp.Expr:
    """Return the keys, values and types of an object in JSON, and one more."""
    rows = call("JSONExtractKeysAndValuesRaw", _text(held))
    more = call("arrayPushBack", rows, call("tuple", key, call("toString", value)))
    typed = parse_one(_TYPED, dialect="clickhouse")
    [rows_in] = [one for one in typed.find_all(exp.Column) if one.name == "items"]
    rows_in.replace(more)
    type_ = "Array(Tuple(key String, value String, type String))"
    return cast(typed, type_)


def _text(value: exp.Expr) -> exp.Expr:
    return call("ifNull", value, "")


def _numbered(items: exp.Expr) -> exp.Expr:
    keys = call("range", call("length", items.copy()))
    return cast(call("arrayZip", keys, items), "Array(Tuple(key Float64, value String))")


def _constant(parsed: list[object] | dict[str, object]) -> exp.Expr:
    items = parsed.items() if isinstance(parsed, dict) else enumerate(parsed)
    pairs = [call("tuple", exp.convert(key), exp.convert(value)) for key, value in items]
    values = parsed.values() if isinstance(parsed, dict) else parsed
    key = "String" if isinstance(parsed, dict) else "Float64"
    value = "String" if any(isinstance(one, str) for one in values) else "Float64"
    return _pairs(pairs, key, value)


def _pairs(pairs: list[exp.Anonymous], key: str, value: str) -> exp.Expr:
    return cast(call("array", *pairs), f"Array(Tuple(key {key}, value {value}))")


def _nullable(select: exp.Select) -> None:
    """Make the columns of the right side of a LEFT JOIN NULL where there is no row."""
    for join in select.args.get("joins") or ():
        if join.side != "LEFT":
            continue
        table = join.this
        name = table.alias_or_name
        parts = select.walk(prune=lambda part: isinstance(part, exp.With))
        read = {one.name for one in parts if isinstance(one, exp.Column) and one.table == name}
        columns = [exp.alias_(call("toNullable", exp.column(one)), one) for one in sorted(read)]
        own = None if isinstance(table, exp.Table) else exp.TableAlias(this=_JOINED)
        table.set("alias", own)
        rows = exp.Select(expressions=columns)
        rows.set("from_", exp.From(this=table.pop()))
        _qualify(rows)
        join.set("this", rows.subquery(name, copy=False))


def _limit(select: exp.Select) -> None:
    """Leave out LIMIT -1, which is a hint for SQLite; a parameter is a number."""
    limit = select.args.get("limit")
    if limit is None:
        return
    count = limit.expression
    if isinstance(count, exp.Neg):
        select.set("limit", None)
    elif not isinstance(count, exp.Literal):
        limit.set("expression", call("toUInt64", count))


def _sorted(select: exp.Select) -> None:
    """Place NULL as the primary key does if there is none, so that few rows are read for LIMIT."""
    order, where = select.args.get("order"), select.args.get("where")
    if order is None or where is None:
        return
    shown = {one.alias for one in select.expressions if not isinstance(one.unalias(), exp.Column)}
    for one in order.expressions:
        column = one.this
        is_stored = isinstance(column, exp.Column) and column.name not in shown
        if is_stored and _is_compared(column, where.this):
            one.set("nulls_first", bool(one.args.get("desc")))


def _is_compared(column: exp.Column, condition: exp.Expr) -> bool:
    """Return whether a condition is never met by a NULL in a column."""
    match condition:
        case exp.Paren():
            return _is_compared(column, condition.this)
        case exp.And():
            return any(_is_compared(column, one) for one in (condition.left, condition.right))
        case exp.Or():
            return all(_is_compared(column, one) for one in (condition.left, condition.right))
    return isinstance(condition, _COMPARISONS) and column in (condition.left, condition.right)


RELATIONS: Mapping[type[exp.Expr], Rule] = {
    exp.CTE: _common_table,
    exp.Select: _select,
}
