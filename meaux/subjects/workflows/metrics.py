"""Metrics of workflows: runs, success rate, duration, cost and steps."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

RUNS = Metric(
    "runs",
    "Runs",
    "count",
    "Workflow runs that started in the period.",
    "neither",
    queries=("runs_by_day", "runs_by_workflow"),
)

SUCCESS_RATE = Metric(
    "success_rate",
    "Success rate",
    "ratio",
    "Succeeded ÷ finished runs. Finished = succeeded, failed or cancelled. Running runs and runs "
    "with an unknown status are left out.",
    total="ratio of sums",
)

FAILED_RUNS = Metric(
    "failed_runs", "Failed runs", "count", "Failed runs in the period.", good="down"
)

RUN_P50 = Metric(
    "run_p50",
    "Duration, p50",
    "milliseconds",
    "Median (50th percentile) duration of finished runs; accurate to within 4%.",
    good="down",
    total="merged",
)

RUN_P95 = Metric(
    "run_p95",
    "Duration, p95",
    "milliseconds",
    "95th percentile duration of finished runs; accurate to within 4%.",
    good="down",
    total="merged",
)

RUN_COST = Metric(
    "run_cost",
    "Workflow cost",
    "money",
    "Recorded daily workflow cost; if none was recorded in the period, the cost stored with the "
    "runs.",
    good="down",
)

STEP_P95 = Metric(
    "step_p95",
    "Step duration, p95",
    "milliseconds",
    "95th percentile duration of finished steps with this name, ±4%.",
    good="down",
    total="merged",
)

STEP_FAILURES = Metric(
    "step_failures",
    "Failed steps",
    "count",
    "Failed steps in the period.",
    good="down",
)

STEP_FAILURE_RATE = Metric(
    "step_failure_rate",
    "Failure rate",
    "ratio",
    "Failed steps \N{DIVISION SIGN} finished steps with this name.",
    good="down",
    total="ratio of sums",
)
