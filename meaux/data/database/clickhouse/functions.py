"""Functions: what SQLite's functions and operators are in ClickHouse.

Every number is a Float64: ClickHouse has no common type of a Float64 and a 64-bit integer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from sqlglot import exp

ITEMS = "items"
"""The items of a list in JSON, in the notes on an expression."""

Rule = Callable[[exp.Expr], exp.Expr]

_NUMBERS = {"INT": "trunc", "BIGINT": "trunc", "FLOAT": "", "DOUBLE": ""}
"""SQLite's numbers, and the function that makes them of a Float64."""


def call(name: str, *arguments: exp.Expr | str | int) -> exp.Anonymous:
    """Return a call of a function of ClickHouse; a text or a number is a literal."""
    return exp.Anonymous(this=name, expressions=[_written(one) for one in arguments])


def _written(value: exp.Expr | str | int) -> exp.Expr:
    return value if isinstance(value, exp.Expr) else exp.convert(value)


def cast(value: exp.Expr, to: str) -> exp.Expr:
    """Return a cast to a type of ClickHouse."""
    return call("CAST", value, to)


def _placeholder(node: exp.Expr) -> exp.Expr:
    kind = exp.DataType.build("String", dialect="clickhouse")
    return exp.Placeholder(this=node.this, kind=kind)


def _cast(node: exp.Expr) -> exp.Expr:
    value, to = node.this, node.args["to"].this.name
    if to == "TEXT" and isinstance(value, exp.Null):
        return cast(value, "Nullable(String)")
    if to == "TEXT":
        return call("toString", value)
    if isinstance(value, exp.Anonymous) and value.name == "JSONExtract":
        value.expressions[-1].replace(exp.Literal.string("Nullable(Float64)"))
        number = value
    elif _is_text(value):
        number = call("toFloat64OrNull", value)
    else:
        number = call("toFloat64", value)
    return call(_NUMBERS[to], number) if _NUMBERS[to] else number


def _is_text(value: exp.Expr) -> bool:
    """Return whether an expression is a text that holds a number: a parameter, or a key in JSON."""
    return isinstance(value, exp.Placeholder) or (
        isinstance(value, exp.Column) and value.name in ("key", "value")
    )


def _date(node: exp.Expr) -> exp.Expr:
    value, *modifiers = node.expressions
    said = {one.name for one in modifiers}
    if "unixepoch" in said:
        value = call("toDateTime64", value, 0, "UTC")
    day = call("toDate", value)
    starts = {
        frozenset(): day,
        frozenset({"weekday 0", "-6 days"}): call("toMonday", day),
        frozenset({"weekday 1", "-6 days"}): call("toMonday", day),
        frozenset({"start of month"}): call("toStartOfMonth", day),
    }
    return call("toString", starts[frozenset(said - {"unixepoch"})])


def _unixepoch(node: exp.Expr) -> exp.Expr:
    at = call("parseDateTimeBestEffortOrNull", node.expressions[0], "UTC")
    return call("toFloat64", call("toUnixTimestamp", at))


def _json(value: exp.Expr) -> exp.Expr:
    return call("ifNull", call("toJSONString", value), "null")


def _json_array(node: exp.Expr) -> exp.Expr:
    """Return a list in JSON; its items are remembered for `json_each`, and are lists themselves."""
    written = [one if ITEMS in one.meta else _json(one) for one in node.expressions]
    between = [part for one in written for part in (exp.Literal.string(","), one)]
    listed = call("concat", "[", *between[1:], "]")
    listed.meta[ITEMS] = node.expressions
    return listed


def _first_rows(node: exp.Expr) -> exp.Expr:
    """`first_rows(n, …)`: the first rows of a group by some values, each as a row of a tuple."""
    count, *values = node.expressions
    most, row = call("toUInt64", count), call("tuple", *values)
    rows = exp.ParameterizedAgg(this="groupArraySorted", expressions=[most], params=[row])
    return call("arrayJoin", rows)


_CALLS: Mapping[str, Rule] = {
    "first_rows": _first_rows,
    "part_of": lambda node: call("tupleElement", *node.expressions),
    "date": _date,
    "unixepoch": _unixepoch,
    "json_array": _json_array,
    "json_valid": lambda node: call("isValidJSON", *node.expressions),
    "json": lambda node: node.expressions[0],
}


def _anonymous(node: exp.Expr) -> exp.Expr:
    rule = _CALLS.get(node.name.lower())
    return rule(node) if rule else node


def _extract(node: exp.Expr) -> exp.Expr:
    """`json_extract(list, '$[1]')` and `list ->> 1`: an item, as a text."""
    [place] = [one.this for one in node.expression.find_all(exp.JSONPathSubscript)]
    return call("JSONExtract", node.this, int(place) + 1, "Nullable(String)")


_OPERATORS = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg)
_OF_NUMBERS = (
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.If, exp.Case, exp.Coalesce,
)  # fmt: skip


def _literal(node: exp.Expr) -> exp.Expr:
    if node.is_string:
        return node
    if math.isinf(float(node.name)):
        return exp.Column(this=exp.to_identifier("inf"))
    is_condition = isinstance(node.parent, exp.If) and node.arg_key == "this"
    is_number = node.name.isdigit() and isinstance(node.parent, _OF_NUMBERS) and not is_condition
    return exp.Literal.number(f"{node.name}.0") if is_number else node


def _null_if_any_is(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        given = [node.this, *node.expressions]
        empty = exp.or_(*(one.copy().is_(exp.null()) for one in given))
        return exp.If(this=empty, true=exp.null(), false=call(name, *given))

    return rule


def _bits(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        both = (call("toInt64", node.this), call("toInt64", node.expression))
        return call("toFloat64", call(name, *both))

    return rule


def _json_type(node: exp.Expr) -> exp.Expr:
    return call("lower", call("toString", call("JSONType", node.this)))


def _like(node: exp.Expr) -> exp.Expr:
    return exp.ILike(this=node.this, expression=node.expression)


def _strftime(node: exp.Expr) -> exp.Expr:
    """`strftime(format, time)`, which is a text; next to an operator, its number."""
    value = node.this.this if isinstance(node.this, exp.TsOrDsToTimestamp) else node.this
    at = call("parseDateTime64BestEffortOrNull", call("toString", value), 0, "UTC")
    said = call("formatDateTime", at, node.args["format"].name.replace("%M", "%i"))
    return call("toFloat64OrNull", said) if isinstance(node.parent, _OPERATORS) else said


FUNCTIONS: Mapping[type[exp.Expr], Rule] = {
    exp.Placeholder: _placeholder,
    exp.Cast: _cast,
    exp.Anonymous: _anonymous,
    exp.JSONExtract: _extract,
    exp.JSONType: _json_type,
    exp.JSONExtractScalar: _extract,
    exp.Literal: _literal,
    exp.Least: _null_if_any_is("least"),
    exp.Greatest: _null_if_any_is("greatest"),
    exp.BitwiseAnd: _bits("bitAnd"),
    exp.BitwiseOr: _bits("bitOr"),
    exp.BitwiseLeftShift: _bits("bitShiftLeft"),
    exp.Like: _like,
    exp.TimeToStr: _strftime,
}
