"""Badges: a colour and an icon next to words with the same meaning."""

from __future__ import annotations

from typing import Literal

from meaux.charts.colours import MUTED, safe

Badge = Literal["green", "blue", "yellow", "violet", "gray", "red"]

STATUS_BADGES: dict[str, tuple[Badge, str]] = {
    "Active": ("green", "play_circle"),
    "In progress": ("blue", "pending"),
    "Paused": ("yellow", "pause_circle"),
    "Completed": ("violet", "check_circle"),
    "Archived": ("gray", "inventory_2"),
    "Other": ("red", "help"),
}
"""The colour and the icon of each project status."""

_DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
    '<circle cx="5" cy="5" r="5" fill="{colour}"/></svg>'
)


def dot(colour: object) -> str:
    """Return a round mark of this colour as SVG; an invalid colour is muted."""
    return _DOT.format(colour=safe(colour, MUTED))
