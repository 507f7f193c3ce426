"""Legends: what stands above a chart, and the choice that a click on it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from collections.abc import Collection

LETTER = 7
SYMBOL = 30
LONGEST_ENTRY = 24
OFFSET = 22
"""The room for the title of the vertical axis, which lies between chart and legend."""

LINE = 17
NARROW = 200
"""The width of a chart on a phone, beside its names."""


def on_top(names: Collection[str], symbol: str, offset: int = OFFSET) -> alt.Legend:
    """The names above the chart, in as many columns as fit."""
    return alt.Legend(
        orient="top",
        columns={"expr": f"max(1, floor(width / {_entry(names)}))"},
        title=None,
        symbolType=symbol,
        labelLimit=LETTER * LONGEST_ENTRY,
        offset=offset,
    )


def _entry(names: Collection[str]) -> int:
    """The width of an entry in pixels."""
    return SYMBOL + LETTER * min(max(map(len, names)), LONGEST_ENTRY)


def height(names: Collection[str]) -> int:
    """The most that the legend takes of the height of its chart, which has to add it."""
    lines = -(-len(names) // max(1, NARROW // _entry(names)))
    return LINE * (lines + 1)


def picked() -> Any:
    """The series chosen in the legend; it belongs to the first layer, which stands for all."""
    return alt.selection_point(name="picked", fields=["series"], bind="legend")


def faint(opacity: float) -> Any:
    """Full for what is chosen, faint for the rest."""
    return alt.when(picked()).then(alt.value(1)).otherwise(alt.value(opacity))


def colour(names: list[str], colours: dict[str, str], legend: alt.Legend | None) -> Any:
    """Each series in its colour."""
    return (
        alt.Color("series:N")
        .scale(domain=names, range=[colours[name] for name in names])
        .legend(legend)
    )
