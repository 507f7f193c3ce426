"""Alerts: what the rules find and what the database recorded, each in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

import pandas as pd

from meaux.data import faults
from meaux.data.access import NOT_FOR_TEAMS
from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.subjects.alerts import rules as alerts
from meaux.subjects.alerts.own import Own
from meaux.subjects.alerts.rules import SEVERITIES, Recorded, Seen
from meaux.subjects.card import Alert, Alerts, Card, Sentence, card
from meaux.wording import counted, day_of, sentences

PROBLEMS_NAMED = 2
"""The number of rules that can't be checked whose reasons stand below the alerts."""


@dataclass(frozen=True)
class Course(Card):
    """The findings that the state file remembers, who was told, and the user's rules to try."""

    selection: Selection


@card
def course(selection: Selection) -> Course | Sentence:
    """Make the card of what was delivered; not for people with teams: it covers the company."""
    return Course(selection) if selection.only is None else Sentence(NOT_FOR_TEAMS)


@card
def strip(seen: Seen, recorded: Recorded, own: Own) -> Alerts:
    """List open alerts, most severe first: those that rules find and those that are recorded."""
    findings = [*alerts.evaluate(seen), *own.found]
    found = [Alert(one.severity, one.sentence) for one in findings]
    lines = [*found, *_recorded(recorded, seen.selection.zone)]
    lines.sort(key=lambda line: SEVERITIES.index(line.severity))
    chosen = seen.selection
    whole = chosen.regardless("Alerts cover") if lines else ""
    over = bool(lines) and chosen.period.end <= chosen.today
    more = max(0, len(own.problems) - PROBLEMS_NAMED)
    unused = faults.counted_by_file(seen.faults)
    note = sentences(
        f"Alerts are as of today, {day_of(chosen.today)}." if over else "",
        whole,
        unused and f"{unused}; alerts may be missing.",
        *(
            f"Alert rule “{one.rule}” can't be checked: {one.reason.rstrip('.')}."
            for one in own.problems[:PROBLEMS_NAMED]
        ),
        f"{counted(more, 'more alert rule')} can't be checked." if more else "",
    )
    failed = recorded.reason if recorded.state == "failed" else ""
    return Alerts(tuple(lines), note, failed)


@card
def every_alert(open_now: Annotated[Alerts, strip]) -> Alerts:
    """List all open alerts, none of them folded away."""
    return replace(open_now, folded=False)


def _recorded(answer: Answer, zone: str) -> Iterable[Alert]:
    """Return the open alerts that the database recorded, each with its table and local day."""
    rows = answer.frame
    for at, severity, message in zip(rows["at"], rows["severity"], rows["message"], strict=True):
        when = at if pd.notna(at) else None
        on = f" on {day_of(when.tz_convert(zone))}" if when else ""
        sentence = f"Recorded in {answer.sources['spend_alert']}{on}: {message}"
        yield Alert(vocabulary.severity(severity), sentence, recorded=True, at=when)
