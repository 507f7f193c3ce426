"""The alerts strip: one line per alert; the first few are always visible."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from meaux.subjects.card import Alert, Alerts
from meaux.ui import receipt
from meaux.ui.text import age, escaped
from meaux.wording import counted

SHOWN = 3
"""How many alerts are always visible; the others are in an expander."""

BADGES: dict[str, tuple[Literal["red", "orange", "blue"], str]] = {
    "Critical": ("red", "crisis_alert"),
    "Error": ("red", "error"),
    "Warning": ("orange", "warning"),
    "Info": ("blue", "info"),
}


def draw(strip: Alerts) -> None:
    """Draw the strip, unless it has neither alerts nor a note."""
    lines = [(one.severity, one.sentence, _when(one)) for one in strip.lines]
    receipt.shown(strip)
    receipt.sheet("Alerts", pd.DataFrame(lines, columns=["severity", "sentence", "when"]))
    if strip.failed:
        st.error(
            f"Recorded alerts can't be loaded: {escaped(strip.failed)}", icon=":material/error:"
        )
    if strip.lines or strip.note:
        with st.container(border=True, gap="xsmall"):
            _lines(strip)


def _lines(strip: Alerts) -> None:
    for line in strip.lines[:SHOWN]:
        _line(line)
    rest = strip.lines[SHOWN:]
    if rest:
        with st.expander(counted(len(rest), "more alert")):
            for line in rest:
                _line(line)
    if strip.note:
        st.caption(escaped(strip.note))


def _line(line: Alert) -> None:
    colour, icon = BADGES[line.severity]
    badge = f":{colour}-badge[:material/{icon}: {line.severity}]"
    st.markdown(f"{badge} {escaped(line.sentence)} :small[{escaped(_when(line))}]")


def _when(line: Alert) -> str:
    if not line.recorded:
        return "found now"
    return f"recorded {age(line.at)}" if line.at else "recorded"
