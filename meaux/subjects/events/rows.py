"""The rows behind events: the records of all logs."""

from __future__ import annotations

from meaux.query import queries
from meaux.subjects.events.frames import LOGS
from meaux.subjects.events.metrics import CRITICAL_EVENTS, ERROR_EVENTS, EVENTS, WARNING_EVENTS
from meaux.subjects.rows import Behind, Source

RECORDS = Source(
    "record",
    LOGS,
    queries.event_row_sums,
    "log",
    ("log", "severity"),
    ("day", "severity", "message", "log", "event", "source", "times", "person", "project", "at"),
    of=("system_event", "platform_event", "audit", "log_entry", "error_entry"),
    right="log",
)

BEHIND = {
    EVENTS: Behind(RECORDS, "times"),
    CRITICAL_EVENTS: Behind(RECORDS, "times", of=(("severity", "Critical"),)),
    ERROR_EVENTS: Behind(RECORDS, "times", of=(("severity", "Error"),)),
    WARNING_EVENTS: Behind(RECORDS, "times", of=(("severity", "Warning"),)),
}
