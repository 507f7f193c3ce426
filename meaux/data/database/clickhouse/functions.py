"""Functions: what SQLite's functions and operators are in ClickHouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

Rule = Callable[[exp.Expression], exp.Expression]


def call(name: str, *arguments: exp.Expression | str) -> exp.Anonymous:
    """Return a call of a function of ClickHouse; a text is a literal."""
    written = [exp.Literal.string(a) if isinstance(a, str) else a for a in arguments]
    return exp.Anonymous(this=name, expressions=written)


def cast(value: exp.Expression, to: str) -> exp.Cast:
    """Return a cast to one of ClickHouse's types, whose values may be NULL."""
    type_ = exp.DataType.build(f"Nullable({to})", dialect="clickhouse")
    return exp.Cast(this=value, to=type_)


def _placeholder(node: exp.Expression) -> exp.Expression:
    kind = exp.DataType.build("String", dialect="clickhouse")
    return exp.Placeholder(this=node.this, kind=kind)


_TYPES = {"INT": "Int64", "BIGINT": "Int64", "INTEGER": "Int64", "FLOAT": "Float64",
          "DOUBLE": "Float64", "REAL": "Float64", "TEXT": "String", "VARCHAR": "String"}


def _cast(node: exp.Expression) -> exp.Expression:
    to = _TYPES[node.args["to"].this.name]
    return cast(node.this, to)


def _day(value: exp.Expression) -> exp.Expression:
    return call("toDate", value)


def _date(node: exp.Expression) -> exp.Expression:
    value, *modifiers = node.expressions
    said = [one.name for one in modifiers]
    match said:
        case ["unixepoch", *rest]:
            at = call("toDateTime64", value, exp.Literal.number(0), "UTC")
            day = call("toDate", at)
            said = rest
        case _:
            day = call("toDate", value)
    match said:
        case []:
            pass
        case ["weekday 0", "-6 days"]:
            day = call("toMonday", day)
        case ["start of month"]:
            day = call("toStartOfMonth", day)
        case _:
            raise ValueError(f"unknown modifiers: {said}")
    return call("toString", day)


def _unixepoch(node: exp.Expression) -> exp.Expression:
    [value] = node.expressions
    return call("toInt64", call("toUnixTimestamp", call("parseDateTimeBestEffortOrNull", value, "UTC")))


def _json_array(node: exp.Expression) -> exp.Expression:
    return call("toJSONString", call("array", *node.expressions))


_CALLS: Mapping[str, Rule] = {
    "date": _date,
    "unixepoch": _unixepoch,
    "json_array": _json_array,
}


def _anonymous(node: exp.Expression) -> exp.Expression:
    rule = _CALLS.get(node.name.lower())
    return rule(node) if rule else node


def _extract(node: exp.Expression) -> exp.Expression:
    path = node.expression.sql(dialect="sqlite").strip("'")
    place = int(path[2:-1]) + 1
    return call("JSONExtract", node.this, exp.Literal.number(place), "Nullable(String)")


def _literal(node: exp.Expression) -> exp.Expression:
    if not node.is_string and node.name.lower() == "9e999":
        return exp.Anonymous(this="CAST", expressions=[exp.Literal.string("inf"), exp.Literal.string("Float64")])
    return node


def _null_if_any_is(name: str) -> Rule:
    def rule(node: exp.Expression) -> exp.Expression:
        given = [node.this, *node.expressions]
        empty = exp.or_(*(one.copy().is_(exp.null()) for one in given))
        return exp.If(this=empty, true=exp.null(), false=call(name, *given))
    return rule


FUNCTIONS: Mapping[type[exp.Expression], Rule] = {
    exp.Placeholder: _placeholder,
    exp.Cast: _cast,
    exp.Anonymous: _anonymous,
    exp.JSONExtract: _extract,
    exp.Literal: _literal,
    exp.Least: _null_if_any_is("least"),
    exp.Greatest: _null_if_any_is("greatest"),
}
