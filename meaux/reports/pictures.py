"""Pictures: charts as SVG and PNG, drawn without a browser.

vl-convert runs Vega-Lite itself. It is imported only when a chart is drawn.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd

from meaux.charts import legend
from meaux.charts.layered import Drawn
from meaux.query.metrics import Metric
from meaux.reports.cells import UNSEEN, clean
from meaux.reports.document import Drawing
from meaux.subjects.card import Draw
from meaux.wording import whole

VEGA_LITE = "6.4"
"""The version whose specifications Altair writes."""

WIDE, NARROW = 752, 350
"""Pixels of a chart's width: over the whole page, and in a column or on a phone."""
FITTED = {"autosize": {"type": "fit-x", "contains": "padding"}}
"""The width includes axes and legends."""
BESIDE = 60
"""Pixels beside a plot, for the labels of an axis, where a legend has no room."""
SHARP = 1.5
"""Pixels of a PNG for each pixel of a chart."""

INK, FAINT, LINE = "#1f2430", "#5b6472", "#e7e9ee"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"

CONFIG: dict[str, Any] = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": FAINT,
        "titleColor": FAINT,
        "labelOpacity": 1,
        "titleOpacity": 1,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "axisY": {"titleBaseline": "middle"},
    "legend": {
        "labelColor": INK,
        "titleColor": FAINT,
        "labelOpacity": 1,
        "titleOpacity": 1,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "rowPadding": 4,
        "columnPadding": 14,
        "offset": 10,
    },
}
"""The look of a chart on paper; the dashboard's theme has the same colours."""

ATTRIBUTES = re.compile(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"')
"""What a screen reader or a mouse would use of a mark; the picture has one description."""
CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\u00[01][0-9a-f]")
"""A control character in JSON."""
ID = re.compile(r'(\bid="|url\(#|href="#)')


def drawn(
    draw: Draw, frame: pd.DataFrame, metric: Metric, name: str, *, half: bool = False
) -> Drawing:
    """Return a chart for a wide and for a narrow page, or for a column if it is `half` as wide.

    `name` makes its ids unique.
    """
    chart: Drawn = draw(frame, metric)
    specification = chart.to_dict() | FITTED
    narrow = _svg(specification, NARROW, f"{name}-n-")
    wide = narrow if half else _svg(specification, WIDE, f"{name}-w-")
    return Drawing(wide, narrow, clean(specification.get("description", "")))


def png(svg: str) -> bytes:
    """Return an SVG as PNG on white, with more pixels than it has, for sharp screens."""
    import vl_convert  # noqa: PLC0415  only a report needs it

    white = svg.replace(">", ' style="background:#fff">', 1)
    return bytes(vl_convert.svg_to_png(white, scale=SHARP))


def _svg(specification: dict[str, Any], width: float, prefix: str) -> str:
    import vl_convert  # noqa: PLC0415  only a report needs it

    sized = legend.fixed(_written(specification | {"width": width}), width - BESIDE)
    svg: str = vl_convert.vegalite_to_svg(
        sized, vl_version=VEGA_LITE, config=CONFIG, allowed_base_urls=[]
    )
    return _unique(ATTRIBUTES.sub("", svg), prefix).replace("currentColor", INK)


def _unique(svg: str, prefix: str) -> str:
    """Put a prefix before each id, so that several pictures can be in one document."""
    return ID.sub(rf"\g<1>{prefix}", svg)


def _written(specification: dict[str, Any]) -> str:
    """Return a specification as JSON whose texts can be written in XML."""
    text = whole(json.dumps(specification, ensure_ascii=False))
    return CONTROL.sub(r"\1", UNSEEN.sub("", text))
