"""Legends: what stands above a chart, and the choice that a click on it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTER = 7
SYMBOL = 30
LONGEST_ENTRY = 24
OFFSET = 22
"""The room for the title of the vertical axis, which lies between chart and legend."""


def on_top(names: Iterable[str], symbol: str, offset: int = OFFSET) -> alt.Legend:
    """The names above the chart, in as many columns as fit."""
    entry = SYMBOL + LETTER * min(max(map(len, names)), LONGEST_ENTRY)
    return alt.Legend(
        orient="top",
        columns={"expr": f"max(1, floor(width / {entry}))"},
        title=None,
        symbolType=symbol,
        labelLimit=LETTER * LONGEST_ENTRY,
        offset=offset,
    )


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
