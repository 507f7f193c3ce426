"""Tabs: parts of a page; only the open one is loaded, and the URL keeps which it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import streamlit as st

from meaux.ui import filters

T = TypeVar("T")

KEY = "tab"


def opened(bodies: Mapping[str, T]) -> Iterator[tuple[str, T]]:
    """Draw a tab for each title; yield the open one with its body, to be drawn in it."""
    filters.notice_unknown(KEY, bodies)
    tabs = st.tabs(list(bodies), key=KEY, bind="query-params")
    for tab, (title, body) in zip(tabs, bodies.items(), strict=True):
        if tab.open:
            with tab:
                yield title, body
