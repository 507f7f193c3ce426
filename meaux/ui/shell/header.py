"""Header: the title of a page, what the page covers, and what is wrong with its files."""

from __future__ import annotations

import streamlit as st

from meaux.data import faults
from meaux.data.faults import Fault
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.query.filters import Selection
from meaux.ui import files, filters, pages, visitor
from meaux.ui.loading import data
from meaux.ui.shell import chips
from meaux.ui.text import escaped
from meaux.wording import enumerated

UNFILTERED = "Period and filters don't apply here."

WHERE_SAID = "Data"
"""The page that lists invalid entries."""


def draw(
    title: str,
    selection: Selection,
    given: Settings,
    opened: Source,
) -> None:
    """Draw the title, the database, the sentence on what the page covers, and the chips."""
    label, icon, colour = files.DATABASES[given.source]
    page = pages.find(title)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(title, anchor=False, width="content", help=page.about)
        st.badge(label, icon=icon, color=colour, help=escaped(opened.database.title))
    st.markdown(escaped(scope(title, selection)))
    chips.draw(title, selection)
    if words := filters.unmatched(selection):
        st.warning(escaped(words), icon=":material/group_off:")


def scope(title: str, selection: Selection) -> str:
    """Say what a page covers: its period and filters, if these apply."""
    if pages.find(title).filtered:
        return selection.sentence
    if selection.only is None:
        return f"Covers the whole database. {UNFILTERED}"
    return f"Your teams only: {enumerated(selection.only)}. {UNFILTERED}"


def notice(title: str, found: list[Fault]) -> None:
    """Draw one line that counts invalid entries, if there are any."""
    if found and data.only() is None:
        words = f"{faults.counted_by_file(found)}; everything else is in use."
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f":material/info: {escaped(words)}", width="content")
            if title != WHERE_SAID and visitor.current().may("health"):
                pages.tab_link(WHERE_SAID, "Health", "Details")
