"""Tabs: the parts of a page of which only the open one is loaded; the URL says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from meaux.ui import filters
from meaux.ui.fence import fenced

KEY = "tab"


def show(bodies: Mapping[str, Callable[[], None]]) -> None:
    """A tab for each title; the body of the open one is run."""
    filters.notice_unknown(KEY, bodies)
    tabs = st.tabs(list(bodies), key=KEY, bind="query-params")
    for tab, (title, body) in zip(tabs, bodies.items(), strict=True):
        if tab.open:
            with tab, fenced(f"The tab {title}"):
                body()
