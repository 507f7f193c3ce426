"""Pictures: charts as SVG and PNG, drawn without a browser.

vl-convert runs Vega-Lite itself. It is imported only when a chart is drawn.
"""

from __future__ import annotations

import json
import re
from textwrap import wrap
from typing import Any, Literal

import pandas as pd

from meaux.charts import legend
from meaux.charts.layered import Drawn
from meaux.query.metrics import Metric
from meaux.reports.cells import UNSEEN, clean
from meaux.reports.document import Drawing
from meaux.subjects.card import Chart, Draw
from meaux.wording import sentences, shortly, whole

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

Form = Literal["svg", "png"]
SHARPEST = 2.0
"""Pixels of a PNG that somebody puts into a slide, for each pixel of the chart."""
LINE_LENGTH = 118
"""Characters of a line below a picture's title."""
PADDING = 16
TITLE: dict[str, Any] = {
    "anchor": "start",
    "frame": "group",
    "fontSize": 16,
    "color": INK,
    "subtitleFontSize": 11,
    "subtitleColor": FAINT,
    "subtitlePadding": 6,
    "offset": 14,
}
"""The look of a picture's title."""

ATTRIBUTES = re.compile(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"')
"""What a screen reader or a mouse would use of a mark; the picture has one description."""
PRIVATE = range(0xE000, 0xF900)
"""The characters for private use."""
LAST_SINGLE = 0xFFFF
"""The last character of one UTF-16 unit."""
CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\u00[01][0-9a-f]")
"""A control character in JSON."""
PAIR = re.compile(r"\\\\u(d[89ab][0-9a-f]{2})\\\\u(d[c-f][0-9a-f]{2})")
"""A character of two UTF-16 units in an expression, in JSON."""
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


def picture(chart: Chart, words: str, form: Form) -> bytes:
    """Return a chart as a file of its own on white: `words` below its title say what it covers."""
    drawn_chart: Drawn = chart.draw(chart.answer.frame, chart.metric)
    said = wrap(clean(sentences(words, shortly(chart.note))), LINE_LENGTH)
    title = {"text": clean(chart.title), "subtitle": said, **TITLE}
    specification = drawn_chart.to_dict() | FITTED | {"title": title, "padding": PADDING}
    svg = _svg(specification, WIDE, "picture-")
    return _on_white(svg).encode() if form == "svg" else png(svg, SHARPEST)


def png(svg: str, scale: float = SHARP) -> bytes:
    """Return an SVG as PNG on white, with more pixels than it has, for sharp screens."""
    import vl_convert  # noqa: PLC0415  only a report needs it

    return bytes(vl_convert.svg_to_png(_on_white(svg), scale=scale))


def _on_white(svg: str) -> str:
    return svg.replace(">", ' style="background:#fff">', 1)


def _svg(specification: dict[str, Any], width: float, prefix: str) -> str:
    import vl_convert  # noqa: PLC0415  only a report needs it

    sized = legend.fixed(_written(specification | {"width": width}), width - BESIDE)
    stand_ins = _stand_ins(sized)
    svg: str = vl_convert.vegalite_to_svg(
        sized.translate(stand_ins), vl_version=VEGA_LITE, config=CONFIG, allowed_base_urls=[]
    )
    restored = svg.translate({ord(by): chr(of) for of, by in stand_ins.items()})
    return _unique(ATTRIBUTES.sub("", restored), prefix).replace("currentColor", INK)


def _stand_ins(text: str) -> dict[int, str]:
    """Return a character for private use for each character of two UTF-16 units, such as an emoji.

    Vega cuts a text that is too long anywhere, and half a character can't be drawn.
    """
    free = (chr(n) for n in PRIVATE if chr(n) not in text)
    return dict(zip(sorted({ord(c) for c in text if ord(c) > LAST_SINGLE}), free, strict=False))


def _unique(svg: str, prefix: str) -> str:
    """Put a prefix before each id, so that several pictures can be in one document."""
    return ID.sub(rf"\g<1>{prefix}", svg)


def _written(specification: dict[str, Any]) -> str:
    """Return a specification as JSON whose texts can be written in XML."""
    text = PAIR.sub(_of_pair, whole(json.dumps(specification, ensure_ascii=False)))
    return CONTROL.sub(r"\1", UNSEEN.sub("", text))


def _of_pair(found: re.Match[str]) -> str:
    """Return the character of two UTF-16 units in hexadecimal digits."""
    return bytes.fromhex(found[1] + found[2]).decode("utf-16-be")
