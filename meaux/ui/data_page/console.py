"""Console: the way to the SQL console, with a statement for a table in its box."""

from __future__ import annotations

import streamlit as st

from meaux.data.schema import PhysicalTable, preview
from meaux.ui import tabs, visitor

BOX, TAB = "sql", "SQL"


def offer(table: PhysicalTable) -> None:
    """Draw a button that opens the console with a statement for a table, if the visitor may."""
    if visitor.current().may("sql"):
        st.button("Open in SQL", on_click=_open, args=(table,), icon=":material/terminal:")


def fill(table: PhysicalTable) -> None:
    """Put a statement for a table into the box."""
    st.session_state[BOX] = preview.sketch(table)


def _open(table: PhysicalTable) -> None:
    fill(table)
    st.session_state[tabs.KEY] = TAB
    # The box isn't drawn yet, so its value doesn't get into the address by itself.
    st.query_params[BOX] = st.session_state[BOX]
