"""Spoken: what a screen reader says of each mark, which is what its tooltip shows."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
from altair.utils import parse_shorthand

HEADING = "title"
"""The line of a tooltip that Vega shows as its heading, without a label."""


def spoken(layer: alt.Chart) -> alt.Chart:
    """The same layer, in which each mark says its tooltip, and one that has none says nothing.

    Otherwise Vega-Lite reads out what a mark is placed by: pixels, angles, numbers of rows. What
    is written on a chart stands in its description.
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
    """An expression for each line of the tooltip."""
    tooltip = getattr(layer.encoding, "tooltip", None)
    return [_line(entry) for entry in tooltip] if isinstance(tooltip, list) else []


def _line(entry: alt.Tooltip) -> str:
    field, title = parse_shorthand(entry["shorthand"])["field"], entry["title"]
    value = f"datum[{json.dumps(field)}]"
    return value if title == HEADING else f"{json.dumps(title + ': ')} + {value}"
