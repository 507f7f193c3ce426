"""Metrics of workflows: how runs end, how long they take, and what they cost."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

RUNS = Metric("runs", "Runs", "count", "Workflow runs that started in the period.", "neither")

SUCCESS_RATE = Metric(
    "success_rate",
    "Success rate",
    "ratio",
    "Runs that succeeded by runs that have ended: succeeded, failed or cancelled. A running one "
    "is in neither, nor is one whose status is not known.",
    total="ratio of sums",
)

FAILED_RUNS = Metric(
    "failed_runs", "Failed runs", "count", "Runs of the period that failed.", good="down"
)

RUN_P50 = Metric(
    "run_p50",
    "Median duration",
    "milliseconds",
    "Half of the runs that have ended took no longer; within 4% of the exact value.",
    good="down",
    total="merged",
)

RUN_P95 = Metric(
    "run_p95",
    "Duration, 95th percentile",
    "milliseconds",
    "19 of 20 runs that have ended took no longer; within 4% of the exact value.",
    good="down",
    total="merged",
)

RUN_COST = Metric(
    "run_cost",
    "Workflow cost",
    "money",
    "What was recorded as the daily cost of the workflows; what the runs themselves say where "
    "nothing was recorded.",
    good="down",
)

STEP_P95 = Metric(
    "step_p95",
    "Step duration, 95th percentile",
    "milliseconds",
    "19 of 20 steps of this name that have ended took no longer.",
    good="down",
    total="merged",
)

STEP_FAILURES = Metric(
    "step_failures",
    "Failed steps",
    "count",
    "How often a step failed in the period; the share is that of the steps of this name that have "
    "ended.",
    good="down",
)
