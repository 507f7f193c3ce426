"""The rows behind workflows: runs."""

from __future__ import annotations

from meaux.query import queries
from meaux.query.metrics import Metric
from meaux.subjects.rows import Behind, Ratio, Source
from meaux.subjects.workflows.frames import ENDED
from meaux.subjects.workflows.metrics import (
    FAILED_RUNS,
    RUN_COST,
    RUNS,
    STEP_FAILURES,
    SUCCESS_RATE,
)

RUN = Source(
    "run",
    {"Runs": queries.run_rows},
    queries.run_row_sums,
    "table",
    ("workflow", "project", "outcome"),
    ("day", "workflow", "outcome", "duration", "cost", "project", "error", "at"),
)

RECORDED = Source(
    "recorded cost",
    {"Recorded costs": queries.workflow_cost_rows},
    queries.workflow_cost_sums,
    "table",
    ("workflow",),
    ("day", "workflow", "run_cost"),
    of=("workflow_day_cost",),
)
STEP = Source(
    "step",
    {"Steps": queries.step_rows},
    queries.step_row_sums,
    "table",
    ("step", "workflow", "project", "outcome"),
    ("day", "step", "workflow", "outcome", "duration", "project", "at"),
    of=("workflow_step",),
)

BEHIND: dict[Metric, Behind | Ratio] = {
    RUNS: Behind(RUN),
    FAILED_RUNS: Behind(RUN, of=(("outcome", "Failed"),)),
    SUCCESS_RATE: Ratio(
        {
            "Succeeded": Behind(RUN, of=(("outcome", "Succeeded"),)),
            "Finished": Behind(RUN, of=tuple(("outcome", outcome) for outcome in ENDED)),
        }
    ),
    STEP_FAILURES: Behind(STEP, of=(("outcome", "Failed"),)),
    RUN_COST: Behind(RECORDED, "run_cost", otherwise=Behind(RUN, "cost")),
}
