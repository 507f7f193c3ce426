"""Relations: common tables, joins, and lists in JSON."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from meaux.data.database.clickhouse.functions import Rule, call, cast


def _common_table(node: exp.Expression) -> exp.Expression:
    node.set("materialized", None)
    return node


def _listed(node: exp.Expression) -> exp.Expression:
    """`SELECT value FROM json_each(:list)`: the texts of a list."""
    source = node.args.get("from_")
    table = source.this if source else None
    if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Anonymous):
        return node
    if table.this.name.lower() != "json_each" or node.args.get("joins"):
        return node
    items = call("JSONExtract", table.this.expressions[0], "Array(String)")
    rows = exp.select(exp.alias_(call("arrayJoin", items), "value")).subquery("listed")
    node.set("from_", exp.From(this=rows))
    return node


RELATIONS: Mapping[type[exp.Expression], Rule] = {
    exp.CTE: _common_table,
    exp.Select: _listed,
}
