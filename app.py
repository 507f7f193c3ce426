"""Meaux Analytics: run with `streamlit run app.py`."""

from meaux.ui import frame

frame.run()
