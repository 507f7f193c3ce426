"""Theme: how every chart writes its labels and titles, in the light and in the dark."""

from __future__ import annotations

import altair as alt

OPACITY = 0.8
"""A step behind the text of the page; its contrast with both backgrounds stays above 4.5."""
WRITING = {
    "labelColor": "currentColor",
    "labelOpacity": OPACITY,
    "titleColor": "currentColor",
    "titleOpacity": OPACITY,
}
"""`currentColor` is the colour of the text around the chart, which the theme of the page sets."""


@alt.theme.register("meaux", enable=True)  # type: ignore[untyped-decorator]  # no stubs
def legible() -> alt.theme.ThemeConfig:
    """Labels and titles of axes and legends that can be read."""
    return {"config": {"axis": {**WRITING}, "legend": {**WRITING}}}
