"""Meaux Analytics: run with `streamlit run app.py`."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from meaux import api
from meaux.ui import layout, sessions
from meaux.ui.serving import server, service

if __name__ == "__main__":
    layout.run()
else:
    # The server imports this file before anyone connects. Without this line the first link to a
    # page would be looked for in `pages/` alone, where the menu's sections are, and not be found.
    PagesManager.uses_pages_directory = False
    served = api.mounted(service.Shared())
    app = st.App(
        __file__,
        routes=[served.route],
        middleware=server.middleware(),
        lifespan=served.within(sessions.tended),
    )
