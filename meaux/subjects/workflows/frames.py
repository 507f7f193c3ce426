"""Frames of workflows: runs by outcome, duration and cost, and steps."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import pandas as pd

from meaux.data.schema.vocabulary import OTHER, OUTCOMES
from meaux.query import latency, queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import asking, compared, recorded
from meaux.wording import money

ENDED = ("Succeeded", "Failed", "Cancelled")
"""The outcomes of a finished run; any other status is unknown."""

ALL = "All workflows"
STEPS_SHOWN = 10
ROWS_SHOWN = 20
CENT = 0.01

NO_COST = "No workflow cost recorded in the period."

RunsByDay = Annotated[Answer, asking(queries.runs_by_day)]
ByWorkflow = Annotated[Answer, asking(queries.runs_by_workflow)]
ByWorkflowBefore = Annotated[Answer | None, compared(queries.runs_by_workflow)]
RecordedCosts = Annotated[Answer, asking(queries.workflow_costs)]
RecordedBefore = Annotated[Answer | None, compared(queries.workflow_costs)]
FirstCost = Annotated[date | None, recorded("workflow_day_cost", "workflow_run")]
Steps = Annotated[Answer, asking(queries.steps)]
Reported = Annotated[Answer, asking(queries.reported_runs)]
Lifetimes = Annotated[Answer, asking(queries.workflow_lifetimes)]
FailedRuns = Annotated[Answer, asking(queries.failed_runs, limit=ROWS_SHOWN)]
RunEvents = Annotated[Answer, asking(queries.workflow_events, limit=ROWS_SHOWN)]
Optimizations = Annotated[Answer, asking(queries.optimizations, limit=ROWS_SHOWN)]
Recommendations = Annotated[Answer, asking(queries.recommendations, limit=ROWS_SHOWN)]


def recommended(answer: Answer) -> Answer:
    """Move the workflow to the front: a table's first column is too narrow for a recommendation."""
    return answer.map(lambda frame: frame[["workflow", *frame.columns.drop("workflow")]])


def ended(counted: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of finished runs or steps; column: outcome."""
    return counted[counted["outcome"].isin(ENDED)]


def count(counted: pd.DataFrame, outcome: str) -> int:
    """Count the runs with an outcome. Columns: outcome, runs."""
    return int(_of(counted, outcome)["runs"].sum())


def success_rate(counted: pd.DataFrame) -> float | None:
    """Return succeeded ÷ finished runs; None without finished ones. Columns: outcome, runs."""
    whole = int(ended(counted)["runs"].sum())
    return count(counted, "Succeeded") / whole if whole else None


def other_spellings(answer: Answer) -> str:
    """Return a sentence that names the statuses shown as Other; empty for none."""
    words = sorted(_of(answer.frame, OTHER)["status"].fillna("no status").unique())
    return f"Statuses shown as Other: {', '.join(words)}." if words else ""


def unmeasured(counted: pd.DataFrame) -> str:
    """Return a sentence that counts the finished runs without a duration; or nothing."""
    rows = ended(counted)
    silent = int(rows.loc[rows["bucket"].isna(), "runs"].sum())
    if silent == 1:
        return "1 run has no duration."
    return f"{silent:,} runs have no duration." if silent else ""


def over_time(answer: Answer, selection: Selection) -> Answer:
    """Return runs by outcome over time: day, outcome, runs, partial, ongoing."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        met = [outcome for outcome in (*OUTCOMES, OTHER) if outcome in set(frame["outcome"])]
        return series.over_time(frame, "runs", selection, "outcome", met)

    return answer.map(shape)


def costs(recorded: RecordedCosts, runs: RunsByDay) -> Answer:
    """Return the cost of workflows by day: day, workflow, run_cost.

    Recorded costs come first; without any, the cost stored with the runs, all workflows together.
    """
    if is_recorded(recorded) or recorded.state == "failed" or runs.state not in ("ready", "empty"):
        return recorded
    own = runs.frame.groupby("day")["cost"].sum(min_count=1).dropna()
    return runs.with_frame(own.rename("run_cost").reset_index().assign(workflow=ALL))


Costs = Annotated[Answer, costs]


def costs_before(
    recorded: RecordedCosts, then_recorded: RecordedBefore, then_runs: ByWorkflowBefore
) -> Answer | None:
    """Return the same source for the comparison period; None without a comparison."""
    return then_recorded if is_recorded(recorded) else then_runs


CostsBefore = Annotated[Answer | None, costs_before]


def is_recorded(recorded: Answer) -> bool:
    """Return whether any cost was recorded in the period."""
    return bool(recorded.frame["run_cost"].notna().any())


def cost_over_time(costs: Answer, selection: Selection) -> Answer:
    """Return the costs over time: day, workflow, run_cost, partial, ongoing."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.assign(workflow=frame["workflow"].fillna(ALL))
        return series.over_time(named, "run_cost", selection, "workflow")

    return costs.map(shape)


def own_cost(recorded: Answer, runs: Answer) -> str:
    """Return a sentence if the runs' own cost differs from the recorded one; or nothing.

    The recorded cost covers all projects, so that of selected projects isn't compared with it.
    """
    days = recorded.frame.dropna(subset="run_cost")
    own = runs.frame[runs.frame["day"].isin(days["day"])]["cost"].sum(min_count=1)
    if days.empty or pd.isna(own):
        return ""
    if runs.selection.teams or runs.selection.projects:
        return f"The runs of the selected projects cost {money(float(own))}."
    more = float(own) - float(days["run_cost"].sum())
    if abs(more) < CENT:
        return ""
    words = "more" if more > 0 else "less"
    return f"The runs' own cost is {money(float(own))} ({money(abs(more))} {words})."


def table(counted: Answer) -> Answer:
    """Return each workflow with the totals of its runs in the period, busiest first.

    Columns: workflow, runs, succeeded, failed, success_rate, run_p50 and run_p95 (milliseconds),
    cost.
    """
    return counted.map(lambda _: _by_workflow(counted).reset_index())


def _by_workflow(counted: Answer) -> pd.DataFrame:
    """Return the table by workflow; without a status column, outcomes are unknown."""
    found = _counts(counted.frame)
    if counted.lacks("workflow_run.status"):
        return found.assign(succeeded=float("nan"), failed=float("nan"))
    return found


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    groups = frame.groupby("workflow", dropna=False)
    done = ended(frame).groupby("workflow", dropna=False)["runs"].sum()
    succeeded, failed = (
        _of(frame, outcome).groupby("workflow", dropna=False)["runs"].sum()
        for outcome in ("Succeeded", "Failed")
    )
    found = pd.DataFrame({"runs": groups["runs"].sum()})
    found["succeeded"] = succeeded.reindex(found.index, fill_value=0)
    found["failed"] = failed.reindex(found.index, fill_value=0)
    found["success_rate"] = found["succeeded"].astype(float) / done.reindex(found.index).astype(
        float
    )
    times = latency.percentiles(ended(frame), "workflow", "runs").set_index("workflow")
    found = found.join(times[["p50", "p95"]].add_prefix("run_"))
    found["cost"] = groups["cost"].sum(min_count=1)
    return found.sort_values("runs", ascending=False, kind="stable")


def reported(counted: Answer, daily: Answer, lifetimes: Answer) -> Answer:
    """Compare the reported totals of each workflow with those calculated from its runs.

    Columns: workflow, runs, reported_runs, run_difference (calculated - reported), succeeded,
    reported_succeeded, failed, reported_failed, lifetime_runs, lifetime_success_rate,
    lifetime_duration (mean, milliseconds), lifetime_cost, last_run.
    """
    said = daily.frame.set_index("workflow").add_prefix("reported_")
    life = lifetimes.frame.set_index("workflow")
    own = _by_workflow(counted)[["runs", "succeeded", "failed"]]
    rows = own.join([said, life.add_prefix("lifetime_")], how="outer").sort_index()
    found = pd.DataFrame(
        {
            "runs": rows["runs"],
            "reported_runs": rows["reported_runs"],
            "run_difference": rows["runs"].fillna(0) - rows["reported_runs"],
            "succeeded": rows["succeeded"],
            "reported_succeeded": rows["reported_succeeded"],
            "failed": rows["failed"],
            "reported_failed": rows["reported_failed"],
            "lifetime_runs": rows["lifetime_runs"],
            "lifetime_success_rate": rows["lifetime_succeeded"] / rows["lifetime_runs"],
            "lifetime_duration": rows["lifetime_duration"],
            "lifetime_cost": rows["lifetime_cost"],
            "last_run": rows["lifetime_at"],
        }
    )
    base = next((one for one in (daily, lifetimes) if one.state == "ready"), daily)
    return base if base.state != "ready" else base.with_frame(found.reset_index())


def disagreement(counted: Answer, daily: Answer) -> str:
    """Return a sentence if the number of reported runs differs from the recorded; else nothing."""
    if daily.state != "ready" or counted.state not in ("ready", "empty"):
        return ""
    said, own = int(daily.frame["runs"].sum()), int(counted.frame["runs"].sum())
    if said == own:
        return ""
    table = next(iter(daily.sources.values()))
    return f"{table} reports {said:,} runs, {own:,} {'is' if own == 1 else 'are'} recorded."


def slowest_steps(answer: Answer) -> Answer:
    """Return the slowest steps: name, workflow, step, step_p50, step_p95, steps."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        done = _named(ended(frame))
        times = latency.percentiles(done, "name", "steps").dropna(subset="p95")
        times = times.rename(columns={"p50": "step_p50", "p95": "step_p95"})
        found = times.merge(_steps(done, "steps"), on="name")
        found = found.sort_values("step_p95", ascending=False, kind="stable").head(STEPS_SHOWN)
        return found[["name", "workflow", "step", "step_p50", "step_p95", "steps"]]

    return answer.map(shape)


def failing_steps(answer: Answer) -> Answer:
    """Return the steps with most failures.

    Columns: name, workflow, step, step_failures, steps, step_failure_rate.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        done = _named(ended(frame))
        failures = _steps(_of(done, "Failed"), "step_failures")
        found = failures.merge(_steps(done, "steps")[["name", "steps"]], on="name")
        rate = found["step_failures"].astype(float) / found["steps"].astype(float)
        found["step_failure_rate"] = rate
        order = ["step_failures", "step_failure_rate"]
        found = found.sort_values(order, ascending=False, kind="stable").head(STEPS_SHOWN)
        return found[["name", "workflow", "step", "step_failures", "steps", "step_failure_rate"]]

    return answer.map(shape)


def _steps(named: pd.DataFrame, called: str) -> pd.DataFrame:
    """Count the steps by name: name, workflow, step, and the count in the column `called`."""
    groups = named.groupby("name", as_index=False)
    found = groups.agg(workflow=("workflow", "first"), step=("step", "first"), n=("steps", "sum"))
    return found.rename(columns={"n": called})


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Add a unique name to each step: the step, then its workflow."""
    step = frame["step"].fillna("no name")
    return frame.assign(
        name=step.where(frame["workflow"].isna(), step + " (" + frame["workflow"] + ")")
    )


def _of(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return frame[frame["outcome"] == outcome]
