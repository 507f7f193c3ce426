"""Drawer: the dialog at the right that the URL opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def opened(title: str, draw: Callable[..., None], close: Callable[[], None]) -> Any:
    """Return the function that draws in a drawer; dismissing it calls `close`."""
    return st.dialog(title, width="large", position="right", on_dismiss=close)(draw)


def refuse(words: str, close: Callable[[], None]) -> None:
    """Say why a link's drawer can't open, and take it out of the URL."""
    st.toast(words, icon=":material/filter_alt_off:", duration="infinite")
    close()
