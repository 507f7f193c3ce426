"""The rows behind hours: time entries."""

from __future__ import annotations

from meaux.query import queries
from meaux.subjects.hours.frames import BILLABLE, NON_BILLABLE
from meaux.subjects.hours.metrics import BILLABLE_RATIO, ENTRIES, HOURS, RUNNING_TIMERS
from meaux.subjects.rows import Behind, Source

TIME = Source(
    "time entry",
    {"Time entries": queries.time_rows},
    queries.time_row_sums,
    "table",
    ("team", "project", "person", "billable"),
    ("day", "hours", "project", "person", "billable", "note", "at"),
    "that are running, negative or unreadable",
)
TIMERS = Source(
    "running timer",
    {"Running timers": queries.running_rows},
    queries.running_row_sums,
    "table",
    ("team", "project", "person"),
    ("day", "project", "person", "billable", "note", "at"),
)

BEHIND = {
    HOURS: Behind(TIME, "hours"),
    ENTRIES: Behind(TIME),
    RUNNING_TIMERS: Behind(TIMERS),
    BILLABLE_RATIO: Behind(
        TIME,
        "hours",
        sides={
            "Billable": (("billable", BILLABLE),),
            "Billable and non-billable": (("billable", BILLABLE), ("billable", NON_BILLABLE)),
        },
    ),
}
