"""Choice: how marks show the selection by a click or the pointer."""

from __future__ import annotations

from typing import Any

import altair as alt

SIZE = 260


def opacity(where: Any, full: float, rest: float) -> alt.OpacityValue:
    """Return the opacity `full` if a selection or a condition applies, otherwise `rest`."""
    return alt.OpacityValue(**alt.when(where).then(alt.value(full)).otherwise(alt.value(rest)))


def picked() -> Any:
    """Select the series chosen in the legend; add it to the first layer that has this legend."""
    return alt.selection_point(name="picked", fields=["series"], bind="legend")


def faint(rest: float) -> Any:
    """Return full opacity for the selected series, `rest` for all others."""
    return opacity(picked(), 1, rest)


def hovered(marks: Any, full: float, **how: Any) -> Any:
    """Show marks only while the pointer is on them; `how` defines the selection."""
    under = alt.selection_point(
        name="hovered", on="pointerover", clear="pointerout", empty=False, **how
    )
    return marks.encode(opacity=opacity(under, full, 0)).add_params(under)


def ring(points: Any) -> Any:
    """Draw a ring around the point nearest to the pointer, with that point's tooltip."""
    rings = points.mark_point(size=SIZE, stroke="currentColor", strokeWidth=1.5)
    return hovered(rings, 0.8, nearest=True)
