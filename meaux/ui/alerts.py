"""The alerts strip: what the rules find and what the database recorded, each in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import pandas as pd
import streamlit as st

from meaux import alerts, faults
from meaux.alerts import SEVERITIES, Recorded, Seen
from meaux.answers import Answer
from meaux.schema import vocabulary
from meaux.ui import receipt
from meaux.ui.text import age, escaped
from meaux.wording import counted, sentences

SHOWN = 5
"""How many alerts stand open; the others unfold."""

BADGES: dict[str, tuple[Literal["red", "orange", "blue"], str]] = {
    "Critical": ("red", "crisis_alert"),
    "Error": ("red", "error"),
    "Warning": ("orange", "warning"),
    "Info": ("blue", "info"),
}


class Line(NamedTuple):
    """An alert as the strip shows it."""

    severity: str
    sentence: str
    when: str


def strip(seen: Seen, recorded: Recorded) -> None:
    """Open alerts, the most severe first: what the rules find, and what the database recorded."""
    found = alerts.evaluate(seen)
    lines = [*(Line(f.severity, f.sentence, "now") for f in found), *_recorded(recorded)]
    lines.sort(key=lambda line: SEVERITIES.index(line.severity))
    receipt.sheet("Alerts", pd.DataFrame(lines, columns=list(Line._fields)))
    if recorded.state == "failed":
        st.error(f"Recorded alerts: {escaped(recorded.reason)}", icon=":material/error:")
    whole = "Alerts are of the whole company." if seen.selection.narrowed and lines else ""
    unused = faults.counted_by_file(seen.faults)
    note = sentences(whole, unused and f"{unused}, so that alerts may be missing.")
    if lines or note:
        _draw(lines, note)


def _recorded(answer: Answer) -> Iterable[Line]:
    """The open alerts that the database holds."""
    rows = answer.frame
    for at, severity, message in zip(rows["at"], rows["severity"], rows["message"], strict=True):
        when = age(at) if pd.notna(at) else ""
        yield Line(vocabulary.severity(severity), str(message), f"recorded {when}".strip())


def _draw(lines: list[Line], note: str) -> None:
    with st.container(border=True, gap="xsmall"):
        for line in lines[:SHOWN]:
            _line(line)
        if lines[SHOWN:]:
            rest = len(lines) - SHOWN
            with st.expander(counted(rest, "more alert")):
                for line in lines[SHOWN:]:
                    _line(line)
        if note:
            st.caption(escaped(note))


def _line(line: Line) -> None:
    colour, icon = BADGES[line.severity]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(line.severity, icon=f":material/{icon}:", color=colour)
        st.markdown(escaped(line.sentence), width="stretch")
        st.caption(escaped(line.when), width="content")
