"""Nearest: what a chart of points says about the point nearest to the pointer."""

from __future__ import annotations

from typing import Any

import altair as alt

from meaux.charts import emphasis

SIZE = 260


def ring(points: Any) -> Any:
    """A ring around the point nearest to the pointer or the finger, with that point's tooltip."""
    near = alt.selection_point(
        name="hovered", nearest=True, on="pointerover", clear="pointerout", empty=False
    )
    return (
        points.mark_point(size=SIZE, stroke="currentColor", strokeWidth=1.5)
        .encode(opacity=emphasis.opacity(near, 0.8, 0))
        .add_params(near)
    )
