"""The log: its filters and its pages."""

from __future__ import annotations

import streamlit as st

from meaux.data.schema.vocabulary import SEVERITIES
from meaux.query.filters import Selection
from meaux.query.paging import Start
from meaux.subjects.events.cards import Log
from meaux.subjects.events.frames import LOGS, Trail, View
from meaux.ui import cards
from meaux.ui.filters import notice_unknown
from meaux.ui.loading import receipt

LONGEST_TEXT = 200


def filters() -> View:
    """Draw the filters of the log and return them; the URL keeps them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        logs = _several("Logs", "log", tuple(LOGS))
        severities = _several("Severity", "severity", tuple(SEVERITIES))
        text = st.text_input(
            "Search events",
            key="find",
            max_chars=LONGEST_TEXT,
            placeholder="Text in an event",
            width=240,
            icon=":material/search:",
            bind="query-params",
        )
    receipt.choose("Search events", text.strip())
    return View(logs, severities, text.strip())


def _several(label: str, key: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """Draw a choice of options and return it; none and all both mean no restriction."""
    notice_unknown(key, options)
    chosen = st.pills(
        label, options, selection_mode="multi", key=key, wrap=True, bind="query-params"
    )
    kept = tuple(option for option in options if option in chosen)
    narrowed = () if kept == options else kept
    receipt.choose(label, *narrowed)
    return narrowed


def trail(selection: Selection, view: View) -> Trail:
    """Return the trail to the open page; another view of the logs starts at its latest event."""
    kept: Trail | None = st.session_state.get("trail")
    if kept is None or (kept.selection, kept.view) != (selection, view):
        kept = st.session_state["trail"] = Trail(selection, view, [{}])
    return kept


def draw(log: Log) -> None:
    """Draw the open page of the log, with buttons for newer and older events."""
    cards.table(log.table, foot=lambda: _pager(log.trail, log.older))


def _pager(kept: Trail, older: Start | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        st.caption(f"Page {len(kept.starts)}", width="content")
        st.button(
            "Newer",
            on_click=kept.newer,
            disabled=len(kept.starts) == 1,
            icon=":material/chevron_left:",
        )
        st.button(
            "Older",
            on_click=kept.older,
            args=(older,),
            disabled=older is None,
            icon=":material/chevron_right:",
        )
