"""Arrival: a drawer that shows something else begins at its top, with the focus on its heading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from meaux.ui.live import scripts

NAME = "arrival"
HEADING = "heading"


@contextmanager
def heading() -> Iterator[None]:
    """Draw the heading of a drawer inside."""
    with st.container(key=HEADING):
        yield


def at(view: str) -> None:
    """Tell the browser what the drawer shows; call this once all of it is drawn."""
    scripts.mount(NAME, data={"view": view, "heading": HEADING})
