"""Alerts: what the rules find and what the database recorded, each in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from meaux.data import faults
from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.subjects.alerts import rules as alerts
from meaux.subjects.alerts.rules import SEVERITIES, Recorded, Seen
from meaux.subjects.card import Alert, Alerts, card
from meaux.wording import sentences


@card
def strip(seen: Seen, recorded: Recorded) -> Alerts:
    """List open alerts, most severe first: those that rules find and those that are recorded."""
    found = [Alert(one.severity, one.sentence) for one in alerts.evaluate(seen)]
    lines = [*found, *_recorded(recorded)]
    lines.sort(key=lambda line: SEVERITIES.index(line.severity))
    whole = (
        "Alerts cover the whole company, regardless of filters."
        if seen.selection.narrowed and lines
        else ""
    )
    unused = faults.counted_by_file(seen.faults)
    note = sentences(whole, unused and f"{unused}; alerts may be missing.")
    failed = recorded.reason if recorded.state == "failed" else ""
    return Alerts(tuple(lines), note, failed)


def _recorded(answer: Answer) -> Iterable[Alert]:
    """Return the open alerts that the database recorded."""
    rows = answer.frame
    for at, severity, message in zip(rows["at"], rows["severity"], rows["message"], strict=True):
        when = at if pd.notna(at) else None
        yield Alert(vocabulary.severity(severity), str(message), recorded=True, at=when)
