"""Colours: one for each meaning, legible on the light and on the dark theme.

Every colour has a contrast of at least 3:1 with both backgrounds. The categories of cost are far
apart on the blue-yellow axis, which people with red-green colour blindness still see; their total
is neutral and drawn heavier. Names and numbers always accompany a colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import cast

import altair as alt

from meaux.data.categories import CATEGORIES

ACCENT = "#4f62d9"
"""The brand colour: for a single series."""

MUTED = "#858d9b"
"""For the background: the comparison period, baselines, edges."""

UNUSUAL = "#d2453f"
"""For unusual days and errors."""

WHAT_IF = "#c2417c"
"""The scenario, beside the forecast in the accent."""

CATEGORY: dict[str, str] = {
    **{category.name: category.colour for category in CATEGORIES},
    "Total": "#666d7a",
}
"""The categories of cost."""

STATUS: dict[str, str] = {
    "Active": "#1f9254",
    "In progress": "#2f6fde",
    "Paused": "#b27a0b",
    "Completed": "#9b74e0",
    "Archived": "#7b8494",
    "Other": "#b0506e",
}
"""The statuses of a project."""

STANDING: dict[str, str] = {
    "Over": "#d2453f",
    "At risk": "#d0650f",
    "Watch": "#a08300",
    "On track": "#1f9254",
    "Unknown": "#7b8494",
}
"""The statuses of a budget, most severe first; the word always accompanies the colour."""

SEVERITY: dict[str, str] = {
    "Critical": "#b8285a",
    "Error": UNUSUAL,
    "Warning": STANDING["At risk"],
    "Info": "#2f6fde",
    "No severity": MUTED,
}
"""The severities of an event, most severe first; the word, and perhaps the shape, show it too."""

BILLABLE: dict[str, str] = {
    "Billable": "#4c8c1a",
    "Non-billable": "#8a63d2",
    "Unspecified": "#7b8494",
}
"""Whether hours are billable."""

DELIVERY: dict[str, str] = {
    "Completed": STATUS["Completed"],
    "Open": STATUS["In progress"],
    "Overdue": UNUSUAL,
}
"""The status of a deliverable."""

WORSE = STANDING["Over"]
BETTER = STANDING["On track"]
"""The colours of a change for the worse and for the better: rising costs, falling costs."""

ENDING: dict[str, str] = {
    "Answered": ACCENT,
    "Failed": STANDING["Over"],
    "Unknown": "#7b8494",
}
"""The outcomes of a request; the word always accompanies the colour."""

LEVEL: dict[str, str] = {"All buckets": ACCENT, "Trend": MUTED}
"""The measurements, and the trend line through them."""

OUTCOME: dict[str, str] = {
    "Succeeded": "#1f9254",
    "Failed": "#d2453f",
    "Cancelled": "#7b8494",
    "Running": "#2f6fde",
    "Other": "#b0506e",
}
"""The outcomes of a run of a workflow, and Running."""

MAIL: dict[str, str] = {
    "Sent": "#2f6fde",
    "Delivered": "#1f9254",
    "Opened": "#9b74e0",
    "Clicked": "#3a93b8",
    "Bounced": "#c9640f",
    "Complained": "#b8285a",
    "Failed": "#d2453f",
    "Waiting": "#a08300",
    "Cancelled": "#7b8494",
    "Other": "#b0506e",
}
"""The outcome of a message."""

SERIES: tuple[str, ...] = (
    "#2f6fde",
    "#cf6a12",
    "#1f9d8b",
    "#9b74e0",
    "#c2417c",
    "#8a7a1e",
    "#3a93b8",
    "#9a6248",
)
"""The colours of series without one of their own, in the order in which they are assigned."""

SEQUENTIAL: tuple[str, ...] = tuple(
    f"{ACCENT}{part}" for part in ("64", "83", "a2", "c1", "e0", "ff")
)
"""From low, visible on either background, to high: the accent with decreasing transparency."""

NEGATIVE: tuple[str, ...] = tuple(f"#c9640f{part}" for part in ("64", "83", "a2", "c1", "e0", "ff"))
"""From slightly to far below zero; a minus accompanies the colour."""

NAMED = frozenset(cast("list[str]", alt.ColorName.resolve_references()["enum"]))
"""The colour names of CSS."""

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def safe(colour: object, fallback: str) -> str:
    """Return the colour if it is `#rgb`, `#rrggbb` or a CSS name, otherwise the fallback."""
    word = colour.strip().lower() if isinstance(colour, str) else ""
    return word if word in NAMED or _HEX.fullmatch(word) else fallback


def assigned(labels: Iterable[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Assign a colour to each label: the given one, or the next free one of the series."""
    own = {label: safe((given or {}).get(label), "") for label in labels}
    spare = cycle([colour for colour in SERIES if colour not in own.values()] or SERIES)
    return {label: colour or next(spare) for label, colour in own.items()}
