"""Link: the address of the open page with its filters, to copy and pass on."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from meaux.query.filters import Selection
from meaux.ui import choices
from meaux.ui.live import wall

HOW = "To copy it: Ctrl+A and Ctrl+C in the field."


def draw(selection: Selection) -> None:
    """Draw a button that opens the link to this view, and to show it on a wall."""
    if st.button("Copy link", icon=":material/link:", type="tertiary"):
        _dialog(selection)


@st.dialog("Link to this view", icon=":material/link:", width="medium")
def _dialog(selection: Selection) -> None:
    """Draw the link, one to the period's dates if the period moves."""
    chosen = choices.in_url()
    # The keyboard gets no copy button of a block of code, and Tab selects the text of a field.
    st.text_input("This view", _address(chosen), help=HOW)
    if st.session_state.get("period") != choices.CUSTOM:
        dates = [str(selection.period.start), str(selection.period.last)]
        dated = chosen | {"period": [choices.CUSTOM], "days": dates}
        st.text_input("This view, with fixed dates", _address(dated))
    wall.way_in()


def _address(chosen: dict[str, list[str]]) -> str:
    """Return the page's address with these filters."""
    parts = urlsplit(st.context.url or "")
    return parts._replace(query=urlencode(chosen, doseq=True), fragment="").geturl()
