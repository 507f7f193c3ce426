"""Hierarchy: what lies within one another, each with its total and its span of the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

import pandas as pd

from meaux.charts import parts
from meaux.charts.cells import names, numbers
from meaux.query.metrics import Metric

Path = tuple[str, ...]
"""The names from the innermost ring outwards; the whole has none."""
MOST = 12
"""The most parts of a part; the whole has no more than colours can tell apart."""
LEAST = 1.5 / 360
"""The part of its parent from which on a child stands for itself."""


class Node(NamedTuple):
    """A part, its total, and the span of the whole (0 to 1) that it takes."""

    path: Path
    value: float
    start: float
    stop: float

    @property
    def depth(self) -> int:
        """The number of its ring; the whole's is 0."""
        return len(self.path)


def totals(frame: pd.DataFrame, metric: Metric, rings: list[str]) -> dict[Path, float]:
    """The sum of each path, which has a name from each of the columns."""
    if frame.empty or metric.name not in frame:
        return {}
    sums: defaultdict[Path, float] = defaultdict(float)
    values = numbers(frame[metric.name])
    for *path, value in zip(*(names(frame[ring]) for ring in rings), values, strict=True):
        if value == value:  # noqa: PLR0124  known
            sums[tuple(path)] += value
    return dict(sums)


def nodes(leaves: dict[Path, float], order: Collection[str]) -> list[Node]:
    """The whole of these totals, all above zero, and its parts: each before its own parts.

    Siblings are in the order of their size, those of the innermost ring first in the given one;
    small ones are together in `Other`, the last.
    """
    grown = _grown((), leaves, 0.0, list(order))
    whole = grown[0].stop
    return [node._replace(start=node.start / whole, stop=node.stop / whole) for node in grown]


def parents(nodes: list[Node]) -> list[Node]:
    """The parent of each of these nodes; the whole is its own."""
    by_path = {node.path: node for node in nodes}
    return [by_path[node.path[:-1]] for node in nodes]


def _grown(path: Path, leaves: dict[Path, float], start: float, order: list[str]) -> list[Node]:
    """The node of these leaves, whose paths begin inside of it, and all that is inside."""
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
    """The leaves by their first name, in order, each with the rest of its path."""
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
    """The names that are too small to stand for themselves; a single one does."""
    sizes: defaultdict[str, float] = defaultdict(float)
    for path, value in leaves.items():
        sizes[path[0]] += value
    largest = sorted(sizes, key=lambda name: -sizes[name])
    crowded = largest[most - 1 :] if len(largest) > most else []
    least = LEAST * sum(sizes.values())
    small = {name for name, size in sizes.items() if size < least or name in crowded}
    return small if len(small) > 1 else set()
