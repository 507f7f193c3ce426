"""The alerts strip: what is open, most severe first, each in one sentence."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from meaux.answers import Answer
from meaux.schema import vocabulary
from meaux.ui.text import age, escaped

BADGES: dict[str, tuple[Literal["red", "orange", "blue"], str]] = {
    "Critical": ("red", "crisis_alert"),
    "Error": ("red", "error"),
    "Warning": ("orange", "warning"),
    "Info": ("blue", "info"),
}


def strip(recorded: Answer) -> None:
    """Open alerts above the page; nothing where none is open."""
    if recorded.state == "failed":
        st.error(f"Open alerts: {escaped(recorded.reason)}", icon=":material/error:")
    if recorded.state != "ready":
        return
    rows = recorded.frame.assign(severity=recorded.frame["severity"].map(vocabulary.severity))
    order = list(vocabulary.SEVERITIES)
    rows = rows.sort_values("severity", key=lambda s: s.map(order.index), kind="stable")
    with st.container(border=True, gap="xsmall"):
        for at, severity, message in zip(
            rows["at"], rows["severity"], rows["message"], strict=True
        ):
            _line(severity, message, age(at) if pd.notna(at) else "")


def _line(severity: str, message: str, when: str) -> None:
    colour, icon = BADGES[severity]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(severity, icon=f":material/{icon}:", color=colour)
        st.markdown(escaped(message), width="stretch")
        st.caption(when, width="content")
