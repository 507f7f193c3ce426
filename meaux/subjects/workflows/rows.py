"""The rows behind workflows: runs."""

from __future__ import annotations

from meaux.query import queries
from meaux.subjects.rows import Behind, Source
from meaux.subjects.workflows.frames import ENDED
from meaux.subjects.workflows.metrics import FAILED_RUNS, RUNS, SUCCESS_RATE

RUN = Source(
    "run",
    {"Runs": queries.run_rows},
    queries.run_row_sums,
    "table",
    ("workflow", "project", "outcome"),
    ("day", "workflow", "outcome", "duration", "cost", "project", "error", "at"),
)

BEHIND = {
    RUNS: Behind(RUN),
    FAILED_RUNS: Behind(RUN, of=(("outcome", "Failed"),)),
    SUCCESS_RATE: Behind(
        RUN,
        sides={
            "Succeeded": (("outcome", "Succeeded"),),
            "Finished": tuple(("outcome", outcome) for outcome in ENDED),
        },
    ),
}
