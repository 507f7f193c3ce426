"""The alerts strip: one line per alert; the page Alerts shows all, others the first few."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from meaux.query.workbook import Sheet
from meaux.subjects.card import Alert, Alerts
from meaux.ui.loading import receipt
from meaux.ui.text import age, escaped
from meaux.wording import counted

ABOUT = "What needs attention, most severe first."

SHOWN = 3
"""How many folded alerts are always visible; the others are in an expander."""

BADGES: dict[str, tuple[Literal["red", "orange", "blue"], str]] = {
    "Critical": ("red", "crisis_alert"),
    "Error": ("red", "error"),
    "Warning": ("orange", "warning"),
    "Info": ("blue", "info"),
}


def draw(strip: Alerts) -> None:
    """Draw the strip, unless it has neither alerts nor a note."""
    receipt.shown(strip)
    receipt.sheet(Sheet("Alerts", _frame(strip), ABOUT, strip.note))
    if strip.failed:
        st.error(
            f"Recorded alerts can't be loaded: {escaped(strip.failed)}", icon=":material/error:"
        )
    if strip.lines or strip.note:
        with st.container(border=True, gap="xsmall"):
            _lines(strip)


def _frame(strip: Alerts) -> pd.DataFrame:
    """Return the alerts for a file: severity, sentence, how it was found, and when, if known."""
    found = ["Recorded" if one.recorded else "Open" for one in strip.lines]
    return pd.DataFrame(
        {
            "severity": [one.severity for one in strip.lines],
            "sentence": [one.sentence for one in strip.lines],
            "found": found,
            "at": pd.to_datetime(pd.Series([one.at for one in strip.lines]), utc=True),
        }
    )


def _lines(strip: Alerts) -> None:
    shown = SHOWN if strip.folded else len(strip.lines)
    for line in strip.lines[:shown]:
        _line(line)
    rest = strip.lines[shown:]
    if rest:
        with st.expander(counted(len(rest), "more alert")):
            for line in rest:
                _line(line)
    if strip.note:
        st.caption(escaped(strip.note))


def _line(line: Alert) -> None:
    colour, icon = BADGES[line.severity]
    badge = f":{colour}-badge[:material/{icon}: {line.severity}]"
    when = f" :small[({escaped(age(line.at))})]" if line.at else ""
    st.markdown(f"{badge} {escaped(line.sentence)}{when}")
