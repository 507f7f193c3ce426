"""The rows behind hours: time entries."""

from __future__ import annotations

from meaux.query import queries
from meaux.query.metrics import Metric
from meaux.subjects.hours.frames import BILLABLE, NON_BILLABLE
from meaux.subjects.hours.metrics import (
    BILLABLE_RATIO,
    EFFECTIVE_RATE,
    ENTRIES,
    HOURS,
    RUNNING_TIMERS,
    UTILISATION,
)
from meaux.subjects.rows import Behind, Ratio, Source

UNCOUNTED = {
    "running": "still running",
    "negative": "with a negative duration",
    "unread": "with an unreadable duration",
}
"""Why hours leave an entry out."""

TIME = Source(
    "time entry",
    {"Time entries": queries.time_rows},
    queries.time_row_sums,
    "table",
    ("team", "project", "person", "billable"),
    ("day", "hours", "project", "person", "billable", "note", "at"),
    UNCOUNTED,
    of=("time_entry",),
)
TIMERS = Source(
    "running timer",
    {"Running timers": queries.running_rows},
    queries.running_row_sums,
    "table",
    ("team", "project", "person"),
    ("day", "project", "person", "billable", "note", "at"),
    of=("time_entry",),
)
PRICED = Source(
    "time entry",
    {"Priced entries": queries.priced_rows},
    queries.priced_row_sums,
    "table",
    ("team", "project", "person"),
    ("day", "hours", "cost", "project", "person", "note", "at"),
    {**UNCOUNTED, "unpriced": "without a price in dollars"},
    of=("time_entry",),
)
IS_BILLABLE = (("billable", BILLABLE),)
IS_MARKED = (*IS_BILLABLE, ("billable", NON_BILLABLE))

BEHIND: dict[Metric, Behind | Ratio] = {
    HOURS: Behind(TIME, "hours"),
    ENTRIES: Behind(TIME),
    RUNNING_TIMERS: Behind(TIMERS),
    BILLABLE_RATIO: Ratio(
        {
            "Billable": Behind(TIME, "hours", IS_BILLABLE),
            "Billable and non-billable": Behind(TIME, "hours", IS_MARKED),
        }
    ),
    EFFECTIVE_RATE: Ratio({"Cost": Behind(PRICED, "cost"), "Hours": Behind(PRICED, "hours")}),
    UTILISATION: Behind(
        TIME,
        "hours",
        IS_BILLABLE,
        given=("person",),
        note="Divided by the capacity, which is calculated: people, working days, hours.",
    ),
}
