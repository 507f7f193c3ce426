"""Presence: whether somebody can look at the page, as a component in the browser tells it."""

from __future__ import annotations

from meaux.ui.live import scripts

NAME = "presence"
HIDDEN, BUSY = "hidden", "busy"
"""Why nobody is looking: the tab is hidden, or a dialog or menu is open."""


def away() -> str:
    """Mount the component and return why nobody is looking; empty if somebody is, or it is unknown.

    A change reruns the fragment that calls this.
    """
    told = scripts.mount(NAME, default={"away": ""}, on_away_change=_nothing)
    words = "" if told is None else str(told.away)
    return words if words in (HIDDEN, BUSY) else ""


def _nothing() -> None:
    """Do nothing: the fragment reads the state itself."""
