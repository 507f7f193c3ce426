"""Entries: today's findings and the alerts that the database recorded, in one form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import pandas as pd

from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.subjects.alerts import rules
from meaux.subjects.alerts.rules import SEVERITIES, Finding, Severity
from meaux.wording import day_of


@dataclass(frozen=True)
class Entry:
    """An alert: of a rule, or recorded in the database at a time in UTC.

    `rule`, `value` and `threshold` are None if it was recorded; then `recorded` is a time, or empty
    if the database has none.
    """

    rule: str | None
    severity: Severity
    sentence: str
    value: float | None
    threshold: float | None
    recorded: str | None = None


RECORDED = "recorded"
"""The rule of a finding that stands for an alert recorded in the database."""


UNREAD = "not checked"
"""The rule of the finding that other findings may be missing."""


def unread_finding(reason: str) -> Finding:
    """Return the finding that alerts can't be checked, for a reason."""
    return Finding(
        UNREAD,
        "Error",
        f"Alerts can't be checked: {reason}",
        key=UNREAD,
        advice="Until then, some alerts may be missing.",
        page="data",
    )


def recorded_open(recorded: rules.Recorded) -> Answer:
    """Return the open alerts recorded in the database."""
    return recorded


def entries(found: Iterable[Finding], recorded: Answer) -> list[Entry]:
    """Return all alerts, most severe first."""
    both = [*map(_of_finding, found), *_of_database(recorded)]
    return sorted(both, key=lambda entry: SEVERITIES.index(entry.severity))


def recorded_findings(recorded: Answer) -> list[Finding]:
    """Return the alerts recorded in the database as findings: events, each told once."""
    return [
        Finding(
            RECORDED,
            one.severity,
            f"Recorded in the database{_day(one)}: {one.sentence}",
            key=f"{RECORDED}/{sha256(f'{one.recorded} {one.sentence}'.encode()).hexdigest()[:16]}",
            lasting=False,
            page="financial",
        )
        for one in _of_database(recorded)
    ]


def _day(entry: Entry) -> str:
    day = entry.recorded and day_of(date.fromisoformat(entry.recorded[:10]))
    return f" on {day}" if day else ""


def _of_finding(found: Finding) -> Entry:
    return Entry(found.rule, found.severity, found.sentence, found.value, found.threshold)


def _of_database(answer: Answer) -> Iterator[Entry]:
    rows = answer.frame
    for at, severity, message in zip(rows["at"], rows["severity"], rows["message"], strict=True):
        when = f"{at:%Y-%m-%dT%H:%M:%SZ}" if pd.notna(at) else ""
        yield Entry(None, _severity(severity), str(message), None, None, when)


def _severity(word: object) -> Severity:
    known = {str(severity): severity for severity in SEVERITIES}
    return known[vocabulary.severity(word)]
