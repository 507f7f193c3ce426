"""Pictures: charts as SVG and PNG, drawn without a browser.

vl-convert runs Vega-Lite itself. It is imported only when a chart is drawn.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from meaux.charts.layered import Drawn
from meaux.query.metrics import Metric
from meaux.reports.cells import clean
from meaux.reports.document import Drawing
from meaux.subjects.card import Draw

VEGA_LITE = "6.4"
"""The version whose specifications Altair writes."""

WIDE, NARROW = 720, 340
"""Pixels of a chart's width on paper and on a desktop, and on a phone."""
FITTED = {"autosize": {"type": "fit-x", "contains": "padding"}}
"""The width includes axes and legends."""
SHARP = 2
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
ID = re.compile(r'(\bid="|url\(#|href="#)')


def drawn(draw: Draw, frame: pd.DataFrame, metric: Metric, name: str) -> Drawing:
    """Return a chart for a wide and for a narrow page; `name` makes its ids unique."""
    chart = draw(frame, metric)
    specification = _clean(chart.to_dict())
    wide = _svg(specification, WIDE, f"{name}-w-")
    narrow = _svg(specification, NARROW, f"{name}-n-")
    return Drawing(wide, narrow, clean(specification.get("description", "")))


def png(svg: str) -> bytes:
    """Return an SVG as PNG on white, with twice as many pixels as it has."""
    import vl_convert  # noqa: PLC0415  only a report needs it

    white = svg.replace(">", ' style="background:#fff">', 1)
    return bytes(vl_convert.svg_to_png(white, scale=SHARP))


def _svg(specification: dict[str, Any], width: float, prefix: str) -> str:
    import vl_convert  # noqa: PLC0415  only a report needs it

    sized = specification | FITTED | {"width": width}
    svg: str = vl_convert.vegalite_to_svg(
        sized, vl_version=VEGA_LITE, config=CONFIG, allowed_base_urls=[]
    )
    return _unique(ATTRIBUTES.sub("", svg), prefix).replace("currentColor", INK)


def _unique(svg: str, prefix: str) -> str:
    """Put a prefix before each id, so that several pictures can be in one document."""
    return ID.sub(rf"\g<1>{prefix}", svg)


def _clean(value: Any) -> Any:
    """Return a specification whose texts can be written in XML."""
    if isinstance(value, str):
        return "".join(c for c in value if c.isprintable() or c == "\n")
    if isinstance(value, dict):
        return {_clean(name): _clean(held) for name, held in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


__all__ = ["Drawn", "drawn", "png"]
