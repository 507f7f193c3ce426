"""Cards of workflows: runs, cost, steps, events and suggestions."""

from __future__ import annotations

from functools import partial

from meaux import charts
from meaux.charts.colours import OUTCOME
from meaux.query.filters import Selection
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.rows import Opening
from meaux.subjects.workflows import frames as workflows
from meaux.subjects.workflows.frames import (
    ByWorkflow,
    Costs,
    FailedRuns,
    Lifetimes,
    Optimizations,
    Recommendations,
    RecordedCosts,
    Reported,
    RunEvents,
    RunsByDay,
    Steps,
)
from meaux.subjects.workflows.metrics import (
    FAILED_RUNS,
    RUN_COST,
    RUNS,
    STEP_FAILURE_RATE,
    STEP_FAILURES,
    STEP_P95,
)
from meaux.wording import sentences


def _note(selection: Selection) -> str:
    return selection.overlooked(project=True, person=False)


@card
def runs(by_day: RunsByDay, selection: Selection) -> Chart:
    """Show runs over time by outcome."""
    return Chart(
        "Runs by outcome",
        workflows.over_time(by_day, selection),
        partial(charts.bars, series="outcome", colours=OUTCOME, grain=selection.drawn_grain),
        RUNS,
        note=sentences(workflows.other_spellings(by_day), _note(selection)),
        rows=Opening(RUNS.name),
    )


@card
def cost(costs: Costs, recorded: RecordedCosts, runs: RunsByDay, selection: Selection) -> Chart:
    """Show the cost of each workflow over time."""
    grain = selection.drawn_grain
    return Chart(
        f"Workflow cost per {grain}",
        workflows.cost_over_time(costs, selection),
        partial(charts.bars, series="workflow", grain=grain),
        RUN_COST,
        note=sentences(
            workflows.own_cost(recorded, runs),
            selection.overlooked(project=not workflows.is_recorded(recorded), person=False),
        ),
        rows=Opening(RUN_COST.name),
        empty=workflows.NO_COST if runs.state == "ready" else "",
    )


@card
def slowest_steps(steps: Steps, selection: Selection) -> Chart:
    """Show the slowest steps."""
    return Chart(
        "Slowest steps",
        workflows.slowest_steps(steps),
        partial(charts.ranking, label="name"),
        STEP_P95,
        note=_note(selection),
    )


@card
def failing_steps(steps: Steps, selection: Selection) -> Chart:
    """Show the steps with most failures."""
    return Chart(
        "Steps with most failures",
        workflows.failing_steps(steps),
        partial(charts.ranking, label="name", rate=STEP_FAILURE_RATE),
        STEP_FAILURES,
        note=_note(selection),
        empty="No failed steps in this period." if steps.state == "ready" else "",
        rows=Opening(STEP_FAILURES.name),
    )


@card
def table(counted: ByWorkflow, selection: Selection) -> Table:
    """Show each workflow with the totals of its runs in the period."""
    return Table(
        "Workflows",
        workflows.table(counted),
        about="Workflows with runs in the period, most runs first. Durations and success rate "
        "cover finished runs.",
        note=_note(selection),
        rows=Opening(RUNS.name),
    )


@card
def failed_runs(failed: FailedRuns, selection: Selection) -> Table:
    """Show the latest failed runs."""
    return Table(
        "Latest failed runs",
        failed,
        about="Latest failed runs in the period.",
        note=_note(selection),
        rows=Opening(FAILED_RUNS.name),
    )


@card
def events(events: RunEvents, selection: Selection) -> Table:
    """Show the latest events reported by runs."""
    return Table(
        "Latest events", events, about="Latest events reported by runs.", note=_note(selection)
    )


@card
def optimizations(open_ones: Optimizations, selection: Selection) -> Table:
    """Show open suggestions to make a workflow faster or cheaper."""
    return Table(
        "Optimisations",
        open_ones,
        about="Open suggestions to make a workflow faster or cheaper.",
        note=selection.overlooked(project=False, person=False),
        empty="No open optimisations.",
    )


@card
def recommendations(open_ones: Recommendations, selection: Selection) -> Table:
    """Show open recommendations for workflows."""
    return Table(
        "Recommendations",
        workflows.recommended(open_ones),
        about="Open recommendations for workflows, highest confidence first.",
        note=selection.overlooked(project=False, person=False),
        empty="No open recommendations.",
    )


@card
def reported(
    counted: ByWorkflow, daily: Reported, lifetimes: Lifetimes, selection: Selection
) -> Table:
    """Compare the reported totals of each workflow with those calculated from its runs."""
    everything = selection.overlooked(project=False, person=False)
    return Table(
        "Runs: calculated vs reported",
        workflows.reported(counted, daily, lifetimes),
        about="Reported totals of each workflow, in the period and over its lifetime, vs totals "
        "calculated from its runs.",
        note=everything or workflows.disagreement(counted, daily),
    )
