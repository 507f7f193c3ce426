"""Metrics of events: how many records the logs hold, and how severe they are."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

EVENTS = Metric("events", "Events", "count", "Records of all logs in the period.", good="neither")

CRITICAL_EVENTS = Metric(
    "critical_events", "Critical", "count", "Records that are critical or fatal.", good="down"
)

ERROR_EVENTS = Metric(
    "error_events",
    "Errors",
    "count",
    "Records of an error that is not critical.",
    good="down",
)

WARNING_EVENTS = Metric(
    "warning_events", "Warnings", "count", "Records that are a warning.", good="down"
)
