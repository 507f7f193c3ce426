"""Link: the address of the open page with its filters, to copy and pass on."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from meaux.query.filters import Selection
from meaux.ui import choices, views
from meaux.ui.pages import MenuItem


def draw(page: MenuItem, selection: Selection) -> None:
    """Draw a popover with a link to this view; if the period moves, also one to its dates.

    There the view can be saved, too.
    """
    chosen = {key: st.query_params.get_all(key) for key in st.query_params}
    with st.popover("Copy link", icon=":material/link:", type="tertiary"):
        st.markdown("**This view**")
        st.code(_address(chosen), language=None, wrap_lines=True)
        if st.session_state.get("period") != choices.CUSTOM:
            dates = [str(selection.period.start), str(selection.period.last)]
            st.markdown("**This view, with fixed dates**")
            dated = chosen | {"period": [choices.CUSTOM], "days": dates}
            st.code(_address(dated), language=None, wrap_lines=True)
        views.saving(page, chosen)


def _address(chosen: dict[str, list[str]]) -> str:
    """Return the page's address with these filters."""
    parts = urlsplit(st.context.url or "")
    return parts._replace(query=urlencode(chosen, doseq=True), fragment="").geturl()
