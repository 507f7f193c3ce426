"""Chips: what the filters are set to, each with a button that takes it away."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from meaux.query.filters import Selection
from meaux.ui import choices
from meaux.ui.text import escaped

MOST = 12
"""The most chips of one filter; the sidebar has all."""


def draw(page: str, selection: Selection) -> None:
    """Draw a chip for each value that a filter of the page with this title is set to."""
    kinds = [kind for kind in choices.offered(page) if choices.get(kind)]
    of_days = choices.is_of_days() and bool(choices.offered(page))
    if not kinds and not of_days:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if of_days:
            noun = "Day" if selection.period.days == 1 else "Days"
            _chip(f"{noun}: {selection.period}", "chip days", choices.take_days_back)
        for kind in kinds:
            values = choices.get(kind)
            for number, value in enumerate(values[:MOST]):
                label = f"{choices.LABELS[kind]}: {value}"
                _chip(label, f"chip {kind} {number}", _drop, kind, value)
            if len(values) > MOST:
                st.caption(f"and {len(values) - MOST} more", width="content")


def _chip(label: str, key: str, take_away: Callable[..., None], *of: str) -> None:
    st.button(
        escaped(label),
        key=key,
        on_click=take_away,
        args=of,
        icon=":material/close:",
        help="Take this filter away",
    )


def _drop(kind: str, value: str) -> None:
    choices.put(kind, [one for one in choices.get(kind) if one != value])
