"""Layered: every chart consists of layers, whose marks screen readers can read."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
from altair.typing import ChartType
from altair.utils import parse_shorthand, schemapi

# The tests validate every chart; otherwise each part would be validated whenever it is made.
schemapi.disable_debug_mode()

Drawn = ChartType
"""The type of a chart."""

PADDING = {"left": 0, "right": 0, "top": 0, "bottom": 4}
"""The padding of a chart in pixels; its card has its own."""
OPACITY = 0.8
"""Slightly lighter than the page's text; its contrast with both backgrounds stays above 4.5."""
WRITING = {
    "labelColor": "currentColor",
    "labelOpacity": OPACITY,
    "titleColor": "currentColor",
    "titleOpacity": OPACITY,
}
"""`currentColor` is the colour of the text around the chart, which the page's theme sets."""
HEADING = "title"
"""The line of a tooltip that Vega shows as its heading, without a label."""


@alt.theme.register("meaux", enable=True)  # type: ignore[untyped-decorator]  # no stubs
def legible() -> alt.theme.ThemeConfig:
    """Make labels and titles of axes and legends legible."""
    return {"config": {"axis": {**WRITING}, "legend": {**WRITING}}}


class _Layered(alt.LayerChart):  # type: ignore[misc]  # no stubs
    """A layered chart that is drawn without another validation by Vega-Lite's schema.

    The tests validate every chart. Validation whenever a page is drawn would take a sixth of the
    page's time. For the same reason channels are given as classes, `alt.OpacityValue(1)`: with
    `alt.value(1)` Altair would look up the class each time.
    """

    def to_dict(self, validate: bool = False, **how: Any) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """Return the specification, as `alt.LayerChart.to_dict` does."""
        spec: dict[str, Any] = super().to_dict(validate=validate, **how)
        return spec


def layered(*layers: Any, description: str, height: float | None = None) -> alt.LayerChart:
    """Make a chart of layers, the first at the back; None is left out."""
    sized = {} if height is None else {"height": height, "padding": PADDING}
    drawn = _Layered(layer=[spoken(layer) for layer in layers if layer is not None])
    return drawn.properties(**sized, description=description)


def tooltip(head: str, **lines: str) -> list[alt.Tooltip]:
    """Make a tooltip: one column's words as heading, the others as lines, by their titles."""
    titles = {head: HEADING, **lines}
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in titles.items()]


def spoken(layer: alt.Chart) -> alt.Chart:
    """Make each mark of a layer accessible by its tooltip; a mark without one is silent.

    Otherwise screen readers would read Vega-Lite's positions: pixels, angles, row numbers. The
    chart's description contains the words written on it.
    """
    speaking, lines = layer.copy(deep=False), _lines(layer)
    mark = alt.MarkDef(layer.mark) if isinstance(layer.mark, str) else layer.mark.copy(deep=False)
    if lines and mark.type != "text":
        mark.description = alt.ExprRef(" + '; ' + ".join(lines))
    else:
        mark.aria = False
    speaking.mark = mark
    return speaking


def _lines(layer: Any) -> list[str]:
    """Return an expression for each line of the tooltip."""
    entries = getattr(layer.encoding, "tooltip", None)
    return [_line(entry) for entry in entries] if isinstance(entries, list) else []


def _line(entry: alt.Tooltip) -> str:
    field, title = parse_shorthand(entry["shorthand"])["field"], entry["title"]
    value = f"datum[{json.dumps(field)}]"
    return value if title == HEADING else f"{json.dumps(title + ': ')} + {value}"
