"""Layered: every chart consists of layers, whose marks screen readers can read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # no stubs
from altair.typing import ChartType
from altair.utils import parse_shorthand, schemapi

# The tests validate every chart; otherwise each part would be validated whenever it is made.
schemapi.disable_debug_mode()

Drawn = ChartType
"""The type of a chart."""

PADDING = {"left": 0, "right": 4, "top": 0, "bottom": 4}
"""The padding of a chart in pixels, for labels wider than measured; its card has its own."""
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
    """A layered chart that is made and drawn without Altair's copies and validation.

    `alt.LayerChart` copies its layers several times to find out what they share, and again with
    each property: a third of the time that a chart takes. The tests validate every chart; whenever
    a page is drawn, that would take a sixth of the page's time. For the same reason channels are
    given as classes, `alt.OpacityValue(1)`: with `alt.value(1)` Altair looks up the class.
    """

    def __init__(self, **parts: Any) -> None:
        super(alt.LayerChart, self).__init__(**parts)

    def to_dict(self, validate: bool = False, **how: Any) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """Return the specification, as `alt.LayerChart.to_dict` does."""
        spec: dict[str, Any] = super().to_dict(validate=validate, **how)
        return spec


def layered(
    *layers: Any,
    description: str,
    height: float | None = None,
    params: Sequence[alt.Parameter] = (),
) -> alt.LayerChart:
    """Make a chart of layers, the first at the back; None is left out."""
    sized = {} if height is None else {"height": height, "padding": PADDING}
    named = {"params": [one.param for one in params]} if params else {}
    spoken_layers = [spoken(layer) for layer in layers if layer is not None]
    return _Layered(layer=spoken_layers, description=description, **sized, **named)


def specification(chart: alt.LayerChart) -> dict[str, Any]:
    """Return a chart's specification, with its rows as Arrow streams, each frame once.

    Altair itself would write rows as JSON, and how is a setting that all threads share.
    """
    named: dict[int, str] = {}
    datasets: dict[str, bytes] = {}
    layers = []
    for layer in chart.layer:
        if id(layer.data) not in named:
            rows = _arrow(layer.data)
            named[id(layer.data)] = hashlib.sha256(rows).hexdigest()[:16]
            datasets[named[id(layer.data)]] = rows
        drawn = layer.copy(deep=False)
        drawn.data = alt.NamedData(named[id(layer.data)])
        layers.append(drawn)
    whole = chart.copy(deep=False)
    whole.layer = layers
    return {**whole.to_dict(), "datasets": datasets}


def _arrow(rows: pd.DataFrame) -> bytes:
    """Return rows in Arrow's format for streams."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


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
