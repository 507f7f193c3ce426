"""Aggregates: sums and bounds that are NULL without a value, as in SQLite."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from meaux.data.database.clickhouse.functions import Rule, call


def _or_null(name: str) -> Rule:
    def rule(node: exp.Expression) -> exp.Expression:
        return call(f"{name}OrNull", node.this)

    return rule


AGGREGATES: Mapping[type[exp.Expression], Rule] = {
    exp.Sum: _or_null("sum"),
    exp.Min: _or_null("min"),
    exp.Max: _or_null("max"),
    exp.Avg: _or_null("avg"),
}
