"""Rows: horizontal bars under each other, beside or below their names."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts.colours import MUTED

HEIGHT = 30
LETTER = 7
GAP = 12
NAME = "min(180, 0.37 * (containerSize()[0] || 500) + 0 * width)"
WIDEST_NAME = {"expr": NAME}
"""The room for a name beside its bar: less in a narrow card, such as on a phone.

`width` has it counted anew after a resize; without a browser there is no container.
"""

BAND = {"expr": f"min({HEIGHT - 6}, 0.8 * bandwidth('y'))"}
"""The height of a bar if its row may be higher than usual, because there is no legend."""

HEADED = 46
"""The height of a row whose name stands above its bar."""
HEAD = -9
BAR = 9
"""The distances of the name and the bar from the middle of such a row."""
THICK = 11
NARROW = 440
"""The width in pixels below which the words above a bar are short."""


def domain(lowest: float, highest: float) -> list[float]:
    """Return the lowest and the highest value, always with zero."""
    low, high = min(0.0, lowest), max(0.0, highest)
    return [low, high] if low < high else [0.0, 1.0]


def across(
    lowest: float,
    highest: float,
    ends: pd.Series,
    field: str = "value",
    axis: alt.Axis | None = None,
) -> Any:
    """Make the value axis: with zero, and room for the words at the bars' ends."""
    room = GAP + LETTER * int(ends.str.len().max())
    sides = [room if lowest < 0 else 0, {"expr": f"width - {room if highest > 0 else 0}"}]
    scale = alt.Scale(domain=domain(lowest, highest), range=sides, nice=False, zero=True)
    return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)


def down(labels: Iterable[str], *, grid: bool = False, **gaps: float) -> Any:
    """Place the rows by number, with their names: two rows may have the same name.

    `gaps` are those of the scale: `padding`, `paddingInner`.
    """
    names = list(labels)
    scale = alt.Scale(domain=list(range(len(names))), **gaps)
    axis = alt.Axis(
        labelExpr=f"{json.dumps(names)}[datum.value]",
        labelLimit=WIDEST_NAME,
        labelFlush=False,
        labelOverlap=False,
        labelPadding=8,
        labelFontSize=12,
        grid=grid,
    )
    return alt.Y("row:O", scale=scale, sort=None, axis=axis, title=None)


def at_end(base: alt.Chart, field: str = "value") -> Any:
    """Write the column `end` at the bars' ends, to the left of negative ones."""
    return base.mark_text(
        align={"expr": f"datum.{field} < 0 ? 'right' : 'left'"},
        dx={"expr": f"datum.{field} < 0 ? -5 : 5"},
        color="currentColor",
        fontSize=12,
    ).encode(text=alt.Text("end:N"))


def zero(bars: pd.DataFrame) -> Any:
    """Draw the baseline of these bars."""
    return alt.Chart(bars.head(1)).mark_rule(color=MUTED).encode(x=alt.XDatum(0))


def tick(base: alt.Chart, beyond: int = 8, **how: Any) -> Any:
    """Draw a line across the bars below their names, extended by `beyond` pixels."""
    return base.mark_tick(orient="vertical", height=THICK + beyond, yOffset=BAR, **how)


def heads(base: alt.Chart) -> list[Any]:
    """Write above the bars: `label` on the left, `long` (`brief` if narrow) on the right."""
    shown = f"(width < {NARROW} ? datum.brief : datum.long)"
    style = {"yOffset": HEAD, "color": "currentColor", "fontSize": 12, "baseline": "middle"}
    room = {"expr": f"max(40, width - {GAP} - {LETTER} * length{shown})"}
    names = base.mark_text(align="left", limit=room, **style)
    words = base.mark_text(align="right", text={"expr": shown}, **style)
    return [
        names.encode(x=alt.XValue(0), text=alt.Text("label:N")),
        words.encode(x=alt.XValue({"expr": "width"})),
    ]


def headed(count: int) -> Any:
    """Place rows by number, without an axis: their names stand above their bars."""
    return alt.Y("row:O", scale=alt.Scale(domain=list(range(count))), sort=None, axis=None)
