"""Paths: the words of nested parts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from meaux.charts.cells import portion, shortened
from meaux.charts.description import NAME, listed
from meaux.charts.hierarchy import Node, Path, parents
from meaux.query.metrics import Metric

STEP = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
PARENT = 30
"""The most characters of a name beside another."""
MOST_PARTS = 3
"""How many parts of each part a description names."""


def label(node: Node, metric: Metric) -> str:
    """Return the last name of its path; for the whole, the metric's."""
    return node.path[-1] if node.path else metric.label


def share(node: Node, of: Node) -> str:
    """Return its share of another."""
    return portion(node.value / of.value)


def words(nodes: list[Node], metric: Metric) -> pd.DataFrame:
    """Write the words of each node.

    Columns: label, root (the name of its part of the whole), path, exact, short, of_parent and
    of_whole (its shares of them), click (what a click on it in the middle does).
    """
    above = parents(nodes)
    names = [shortened(label(node, metric), PARENT) for node in above]
    shares = [share(node, parent) for node, parent in zip(nodes, above, strict=True)]
    return pd.DataFrame(
        {
            "label": [label(node, metric) for node in nodes],
            "root": ["".join(node.path[:1]) for node in nodes],
            "path": [STEP.join(node.path) or metric.label for node in nodes],
            "exact": [metric.exact(node.value) for node in nodes],
            "short": [metric.short(node.value) for node in nodes],
            "of_parent": [f"{part} of {name}" for part, name in zip(shares, names, strict=True)],
            "of_whole": [share(node, nodes[0]) for node in nodes],
            "click": ["Click a segment to zoom in", *(f"Back to {name}" for name in names[1:])],
        }
    )


def missing(rest: Mapping[Path, float], metric: Metric) -> str:
    """Say how much is not drawn; empty for nothing."""
    left_out = sum(rest.values())
    return f"{metric.short(left_out)} not drawn" if left_out else ""


def said(nodes: list[Node], rest: Mapping[Path, float], metric: Metric, rings: list[str]) -> str:
    """Say the total, its parts with the largest of theirs, and what is not drawn."""
    whole = nodes[0]
    parts = [_part(node, nodes, metric) for node in nodes if node.depth == 1]
    left_out = [
        f"{STEP.join(shortened(name, PARENT) for name in path)} {metric.exact(value)}"
        for path, value in rest.items()
    ]
    total = f"{metric.label} by {', '.join(rings)}: {metric.exact(whole.value)} in total."
    more = f" Not drawn (zero or negative): {listed(left_out)}." if left_out else ""
    return f"{total} {listed(parts)}.{more}"


def _part(node: Node, nodes: list[Node], metric: Metric) -> str:
    """`Time $50.00 (63%; Website $30.00, Shop $15.00, App $5.00)`."""
    inside = [child for child in nodes if child.path[:-1] == node.path][:MOST_PARTS]
    parts = "; " * bool(inside) + ", ".join(_named(child, metric) for child in inside)
    return f"{_named(node, metric)} ({share(node, nodes[0])}{parts})"


def _named(node: Node, metric: Metric) -> str:
    return f"{shortened(label(node, metric), NAME)} {metric.exact(node.value)}"
