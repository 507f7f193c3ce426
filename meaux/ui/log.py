"""The log: its filters, its pages, and the way back through them."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from meaux import events
from meaux.answers import Rows
from meaux.events import LOGS, Page, Start, View
from meaux.filters import Selection
from meaux.schema.vocabulary import SEVERITIES
from meaux.ui import cards
from meaux.ui.filters import notice_unknown
from meaux.wording import sentences

LONGEST_TEXT = 200
NOTHING_FITS = "No record of the period fits: choose other logs, severities or words."


@dataclass
class Trail:
    """The pages turned in one view of the logs: where each begins, the open one last."""

    selection: Selection
    view: View
    starts: list[Start]

    @property
    def start(self) -> Start:
        """Where the open page begins."""
        return self.starts[-1]

    def newer(self) -> None:
        """Turn back to the page before."""
        del self.starts[-1]

    def older(self, start: Start) -> None:
        """Turn to the page that begins there."""
        self.starts.append(start)


def filters() -> View:
    """Draw the filters of the log; the URL holds them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        logs = _several("Logs", "log", tuple(LOGS))
        severities = _several("Severity", "severity", tuple(SEVERITIES))
        text = st.text_input(
            "Search the log",
            key="find",
            max_chars=LONGEST_TEXT,
            placeholder="Words of an event",
            icon=":material/search:",
            bind="query-params",
        )
    return View(logs, severities, text.strip())


def _several(label: str, key: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """A choice of some of the options; none of them is no restriction, as all of them are."""
    notice_unknown(key, options)
    chosen = st.pills(
        label, options, selection_mode="multi", key=key, wrap=True, bind="query-params"
    )
    kept = tuple(option for option in options if option in chosen)
    return () if kept == options else kept


def trail(selection: Selection, view: View) -> Trail:
    """The way to the open page; another view of the logs begins at its newest record."""
    kept: Trail | None = st.session_state.get("trail")
    if kept is None or (kept.selection, kept.view) != (selection, view):
        kept = st.session_state["trail"] = Trail(selection, view, [{}])
    return kept


def show(page: Page, rows: Rows, kept: Trail) -> None:
    """The open page of the log as a card, with the way to newer and to older records."""
    cards.table(
        "Log",
        events.named(page.answer, rows.person_choices, rows.project_choices),
        about="The records of all logs, the newest first.",
        note=sentences(*page.notes, events.overlooked(kept.selection)),
        empty=NOTHING_FITS if kept.view.is_narrowed else "",
        foot=lambda: _pager(kept, page.older),
    )


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
