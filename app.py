"""Meaux Analytics: run with `streamlit run app.py`."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from meaux.ui import layout, server, sessions

if __name__ == "__main__":
    layout.run()
else:
    # The server imports this file before anyone connects. Without this line the first link to a
    # page would be looked for in `pages/` alone, where the menu's sections are, and not be found.
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, middleware=server.middleware(), lifespan=sessions.tended)
