"""Figures of workflows: runs, success rate, failures, duration and cost."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meaux.query import latency, queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.subjects.figure import (
    NumberCard,
    Reading,
    Unknown,
    both_sides,
    daily_values,
    figure,
    total,
)
from meaux.subjects.workflows import frames as workflows
from meaux.subjects.workflows.frames import (
    ByWorkflow,
    Costs,
    CostsBefore,
    FirstCost,
    RecordedCosts,
    RunsByDay,
)
from meaux.subjects.workflows.metrics import (
    FAILED_RUNS,
    RUN_COST,
    RUN_P50,
    RUN_P95,
    RUNS,
    SUCCESS_RATE,
)

FROM_RUNS = "From the cost stored with the runs."

NO_DURATION = "No finished run has a duration."

NOTHING_ENDED = "No finished runs in the period."

RUN = ("workflow_run",)


@figure(RUNS, total("runs"), recorded=RUN, against=queries.runs_by_workflow)
def runs(by_day: RunsByDay, selection: Selection) -> Reading:
    """Return the runs that started in the period; the note counts those still running."""
    running = workflows.count(by_day.frame, "Running")
    return Reading(
        trend=daily_values(by_day, "runs", selection.period),
        note=f"{running:,} still running." if running else "",
    )


@figure(SUCCESS_RATE, workflows.success_rate, recorded=RUN)
def success_rate(counted: ByWorkflow) -> Reading:
    """Return succeeded ÷ finished runs."""
    if workflows.success_rate(counted.frame) is None:
        return Unknown(note=_lacking(counted, "status") or NOTHING_ENDED)
    ended = int(workflows.ended(counted.frame)["runs"].sum())
    succeeded = workflows.count(counted.frame, "Succeeded")
    return Reading(note=f"{succeeded:,} of {ended:,} finished runs succeeded.")


def _failed(frame: pd.DataFrame) -> float:
    return float(workflows.count(frame, "Failed"))


@figure(FAILED_RUNS, _failed, recorded=RUN)
def failed_runs(counted: ByWorkflow, by_day: RunsByDay, selection: Selection) -> Reading:
    """Return the failed runs; the note counts the cancelled ones."""
    if lacks := _lacking(counted, "status"):
        return Unknown(note=lacks)
    cancelled = workflows.count(counted.frame, "Cancelled")
    days = by_day.map(lambda frame: frame[frame["outcome"] == "Failed"])
    return Reading(
        trend=daily_values(days, "runs", selection.period),
        note=f"{cancelled:,} cancelled." if cancelled else "",
    )


def _run_duration(metric: Metric, share: float) -> NumberCard:
    @figure(metric, partial(_duration, share=share), recorded=RUN)
    def run_duration(counted: ByWorkflow) -> Reading:
        known = _duration(counted.frame, share) is not None
        return Reading(note=workflows.unmeasured(counted.frame) if known else _no_duration(counted))

    return run_duration


def _duration(counted: pd.DataFrame, share: float) -> float | None:
    return latency.histogram(workflows.ended(counted), "runs").percentile(share)


def _no_duration(counted: Answer) -> str:
    return (
        _lacking(counted, "duration_ms", "completed") or _lacking(counted, "status") or NO_DURATION
    )


def _lacking(answer: Answer, *columns: str) -> str:
    """Return a sentence on what a number needs, if all of these columns are missing."""
    return answer.lacks(*(f"workflow_run.{column}" for column in columns))


run_durations = (_run_duration(RUN_P50, 0.5), _run_duration(RUN_P95, 0.95))
"""The median and the 95th percentile of finished runs."""


@figure(RUN_COST)
def run_cost(  # noqa: PLR0913, PLR0917  two sources, on two sides
    costs: Costs,
    before: CostsBefore,
    first: FirstCost,
    recorded: RecordedCosts,
    own: RunsByDay,
    selection: Selection,
) -> Reading:
    """Return the recorded cost of the workflows, otherwise the cost stored with the runs."""
    if costs.state == "empty":
        return Unknown(note=workflows.NO_COST)
    from_table = workflows.is_recorded(recorded)
    reading = Reading(
        float(costs.frame["run_cost"].sum()),
        trend=tuple(series.daily(costs.frame, selection.period, "run_cost")["run_cost"]),
        note=workflows.own_cost(recorded, own) if from_table else FROM_RUNS,
    )
    return both_sides(reading, _cost, costs, before, first, selection)


def _cost(frame: pd.DataFrame) -> float | None:
    """Sum the recorded cost, otherwise the runs' own; None if all of it is unknown."""
    return series.known_sum(frame["run_cost" if "run_cost" in frame else "cost"])
