"""Metrics of events: how many there are in the logs, by severity."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

EVENTS = Metric(
    "events",
    "Events",
    "count",
    "Events in all logs in the period.",
    good="neither",
    queries=("events_by_day",),
)

CRITICAL_EVENTS = Metric(
    "critical_events", "Critical", "count", "Events with severity critical or fatal.", good="down"
)

ERROR_EVENTS = Metric(
    "error_events",
    "Errors",
    "count",
    "Events with severity Error.",
    good="down",
)

WARNING_EVENTS = Metric(
    "warning_events", "Warnings", "count", "Events with severity Warning.", good="down"
)
