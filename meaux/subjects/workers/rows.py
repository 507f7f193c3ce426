"""The rows behind requests: logged ones, and hours of those that are counted per hour."""

from __future__ import annotations

from meaux.query import queries
from meaux.query.metrics import Metric
from meaux.subjects.rows import Behind, Ratio, Source
from meaux.subjects.workers.frames import ANSWERED, FAILED
from meaux.subjects.workers.metrics import ERROR_RATE, REQUESTS

COUNTED = Source(
    "row",
    {
        "Logged requests": queries.request_log_rows,
        "Cloudflare hours": queries.request_hour_rows,
        "Tracked hours": queries.request_track_rows,
    },
    queries.request_row_sums,
    "source",
    ("source", "worker", "outcome"),
    ("day", "worker", "requests", "errors", "outcome", "status", "duration", "source", "at"),
)

BEHIND: dict[Metric, Behind | Ratio] = {
    REQUESTS: Behind(COUNTED, "requests"),
    ERROR_RATE: Ratio(
        {
            "Failed": Behind(COUNTED, "errors", of=(("outcome", FAILED),)),
            "With a known outcome": Behind(
                COUNTED, "requests", of=(("outcome", ANSWERED), ("outcome", FAILED))
            ),
        }
    ),
}
