"""Figures of events: how many there are in the logs, by severity."""

from __future__ import annotations

import pandas as pd

from meaux.query import first_records
from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.subjects.events import frames as logs
from meaux.subjects.events.frames import ByDay
from meaux.subjects.events.metrics import CRITICAL_EVENTS, ERROR_EVENTS, EVENTS, WARNING_EVENTS
from meaux.subjects.figure import (
    NumberCard,
    Reading,
    Unknown,
    daily_values,
    figure,
    total,
)


@figure(EVENTS, total("events"), recorded=first_records.LOGS)
def events(by_day: ByDay, selection: Selection) -> Reading:
    """Return the events in all logs in the period."""
    trend = daily_values(by_day, "events", selection.period)
    return Reading(trend=trend, note=logs.overlooked(selection))


def _severe(severity: str, metric: Metric) -> NumberCard:
    def of_severity(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["severity"] == severity]

    def count(frame: pd.DataFrame) -> float:
        return float(of_severity(frame)["events"].sum())

    @figure(metric, count, recorded=first_records.LOGS)
    def severe(by_day: ByDay, selection: Selection) -> Reading:
        if unsaid := logs.unsaid(by_day, severity):
            return Unknown(note=unsaid)
        trend = daily_values(by_day.map(of_severity), "events", selection.period)
        return Reading(trend=trend, note=logs.overlooked(selection))

    return severe


severities = (
    _severe("Critical", CRITICAL_EVENTS),
    _severe("Error", ERROR_EVENTS),
    _severe("Warning", WARNING_EVENTS),
)
"""Critical events, errors and warnings in the period."""
