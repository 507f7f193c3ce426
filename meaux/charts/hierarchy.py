"""Hierarchy: nested parts, each with its total, its span and its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from meaux.charts import parts
from meaux.charts.cells import beside, portion, read, shortened
from meaux.charts.description import NAME, below_zero, listed
from meaux.query.metrics import Metric
from meaux.wording import sentences

Path = tuple[str, ...]
"""The names from the innermost ring outwards; the path of the whole is empty."""
MOST = 12
"""The maximum number of parts of a part; the whole has at most as many as there are colours."""
LEAST = 1.5 / 360
"""The share of its parent from which on a child is drawn on its own."""
STEP = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
PARENT = 30
"""The maximum length of a name beside another."""
MOST_PARTS = 3
"""The number of parts of each part in a description."""


class Node(NamedTuple):
    """A part, its total, and its span of the whole (0 to 1)."""

    path: Path
    value: float
    start: float
    stop: float

    @property
    def depth(self) -> int:
        """The number of its ring; the whole's is 0."""
        return len(self.path)


def totals(frame: pd.DataFrame, metric: Metric, rings: list[str]) -> dict[Path, float]:
    """Return the sum of each path, which has a name from each of the columns."""
    sums: defaultdict[Path, float] = defaultdict(float)
    known = read(frame, metric, **{ring: ring for ring in rings}).dropna()
    for *path, value in known.itertuples(index=False, name=None):
        sums[tuple(path)] += value
    return dict(sums)


def nodes(leaves: dict[Path, float], order: Collection[str]) -> list[Node]:
    """Return the whole of these totals, all above zero, and its parts, each before its own parts.

    Siblings are ordered by size, those of the innermost ring first by the given order. Small ones
    are combined in `Other`, the last.
    """
    grown = _grown((), leaves, 0.0, list(order))
    whole = grown[0].stop
    return [node._replace(start=node.start / whole, stop=node.stop / whole) for node in grown]


def parents(nodes: list[Node]) -> list[Node]:
    """Return the parent of each of these nodes; the whole is its own."""
    by_path = {node.path: node for node in nodes}
    return [by_path[node.path[:-1]] for node in nodes]


def _grown(path: Path, leaves: dict[Path, float], start: float, order: list[str]) -> list[Node]:
    """Return the node of these leaves, whose paths start inside it, and all its descendants."""
    if list(leaves) == [()]:
        return [Node(path, leaves[()], start, start + leaves[()])]
    inside: list[Node] = []
    for name, own in _children(leaves, order, MOST if path else parts.MOST):
        child = _grown((*path, name), own, inside[-1].stop if inside else start, [])
        inside += child
    return [Node(path, sum(leaves.values()), start, inside[-1].stop), *inside]


def _children(
    leaves: dict[Path, float], order: list[str], most: int
) -> list[tuple[str, dict[Path, float]]]:
    """Return the leaves by their first name, in order, each with the rest of its path."""
    small = _small(leaves, most)
    children: defaultdict[str, defaultdict[Path, float]] = defaultdict(lambda: defaultdict(float))
    for (name, *rest), value in leaves.items():
        children[parts.OTHER if name in small else name][tuple(rest)] += value
    places = {name: place for place, name in enumerate(order)}

    def place(child: tuple[str, dict[Path, float]]) -> tuple[bool, int, float]:
        name, own = child
        return name == parts.OTHER, places.get(name, len(order)), -sum(own.values())

    return sorted(children.items(), key=place)


def _small(leaves: dict[Path, float], most: int) -> set[str]:
    """Return the names too small to be drawn on their own; none if there is only one."""
    sizes: defaultdict[str, float] = defaultdict(float)
    for path, value in leaves.items():
        sizes[path[0]] += value
    largest = sorted(sizes, key=lambda name: -sizes[name])
    crowded = largest[most - 1 :] if len(largest) > most else []
    least = LEAST * sum(sizes.values())
    small = {name for name, size in sizes.items() if size < least or name in crowded}
    return small if len(small) > 1 else set()


def label(node: Node, metric: Metric) -> str:
    """Return the last name of its path; for the whole, the metric's."""
    return node.path[-1] if node.path else metric.label


def share(node: Node, of: Node) -> str:
    """Return its share of another."""
    return portion(node.value / of.value)


def words(nodes: list[Node], metric: Metric) -> pd.DataFrame:
    """Write the words of each node.

    Columns: label, root (the name of its part of the whole), path, exact, short, of_parent and
    of_whole (its shares of them), click (the effect of a click on it in the middle).
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
            "short": metric.alike(node.value for node in nodes),
            "of_parent": [f"{part} of {name}" for part, name in zip(shares, names, strict=True)],
            "of_whole": [share(node, nodes[0]) for node in nodes],
            "click": ["Click a segment to zoom in", *(f"Back to {name}" for name in names[1:])],
        }
    )


def missing(rest: Mapping[Path, float], metric: Metric) -> str:
    """Write how much is not drawn; empty if everything is."""
    left_out = sum(rest.values())
    return f"{metric.short(left_out)} not drawn" if left_out else ""


def said(nodes: list[Node], rest: Mapping[Path, float], metric: Metric, rings: list[str]) -> str:
    """Describe the total, its parts with their largest parts, and the undrawn rest."""
    whole = nodes[0]
    inside = [_part(node, nodes, metric) for node in nodes if node.depth == 1]
    left_out = [
        f"{STEP.join(shortened(name, PARENT) for name in path)} {metric.exact(value)}"
        for path, value in rest.items()
    ]
    total = f"{metric.label} by {', '.join(rings)}: {metric.exact(whole.value)} in total."
    return sentences(total, f"{listed(inside)}.", below_zero(left_out))


def _part(node: Node, nodes: list[Node], metric: Metric) -> str:
    """Write a part as `Time $50.00 (63%; Website $30.00, Shop $15.00, App $5.00)`."""
    inside = [child for child in nodes if child.path[:-1] == node.path][:MOST_PARTS]
    named = ", ".join(_named(child, metric) for child in inside)
    return beside(_named(node, metric), "; ".join(filter(None, [share(node, nodes[0]), named])))


def _named(node: Node, metric: Metric) -> str:
    return f"{shortened(label(node, metric), NAME)} {metric.exact(node.value)}"
