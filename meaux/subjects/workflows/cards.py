"""Workflows: their runs over time, their steps, what they cost, and what there is to improve."""

from __future__ import annotations

from functools import partial

from meaux import charts
from meaux.charts.colours import OUTCOME
from meaux.query.filters import Selection
from meaux.subjects.card import Chart, Table, card
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
from meaux.subjects.workflows.metrics import RUN_COST, RUNS, STEP_FAILURES, STEP_P95
from meaux.wording import sentences


def _note(selection: Selection) -> str:
    return selection.overlooked(project=True, person=False)


@card
def runs(by_day: RunsByDay, selection: Selection) -> Chart:
    """Runs over time by how they ended."""
    return Chart(
        "Runs by outcome",
        workflows.over_time(by_day, selection),
        partial(charts.bars, series="outcome", colours=OUTCOME, grain=selection.drawn_grain),
        RUNS,
        note=sentences(workflows.other_spellings(by_day), _note(selection)),
    )


@card
def cost(costs: Costs, recorded: RecordedCosts, runs: RunsByDay, selection: Selection) -> Chart:
    """What each workflow cost over time."""
    grain = selection.drawn_grain
    return Chart(
        "Cost per day" if grain == "day" else f"Cost per {grain}",
        workflows.cost_over_time(costs, selection),
        partial(charts.bars, series="workflow", grain=grain),
        RUN_COST,
        note=sentences(
            workflows.own_cost(recorded, runs),
            selection.overlooked(project=not workflows.is_recorded(recorded), person=False),
        ),
    )


@card
def slowest_steps(steps: Steps, selection: Selection) -> Chart:
    """The steps that take longest."""
    return Chart(
        "Slowest steps",
        workflows.slowest_steps(steps),
        partial(charts.ranking, label="name"),
        STEP_P95,
        note=_note(selection),
    )


@card
def failing_steps(steps: Steps, selection: Selection) -> Chart:
    """The steps that fail most."""
    return Chart(
        "Most failing steps",
        workflows.failing_steps(steps),
        partial(charts.ranking, label="name", shares=True),
        STEP_FAILURES,
        note=_note(selection),
        empty="No step failed." if steps.state == "ready" else "",
    )


@card
def table(counted: ByWorkflow, selection: Selection) -> Table:
    """Each workflow by its runs of the period."""
    return Table(
        "Workflows",
        workflows.table(counted),
        about="Each workflow by its runs of the period; durations and the success rate are of "
        "runs that have ended.",
        note=_note(selection),
    )


@card
def failed_runs(failed: FailedRuns, selection: Selection) -> Table:
    """The runs that failed last."""
    return Table("Newest failed runs", failed, about="The runs that failed.", note=_note(selection))


@card
def events(events: RunEvents, selection: Selection) -> Table:
    """What runs reported last."""
    return Table("Newest events", events, about="What runs reported.", note=_note(selection))


@card
def optimizations(open_ones: Optimizations, selection: Selection) -> Table:
    """What would make a workflow faster or cheaper."""
    return Table(
        "Optimisations",
        open_ones,
        about="Changes that would make a workflow faster or cheaper, neither made nor dismissed.",
        note=selection.overlooked(project=False, person=False),
        empty="No optimisation is open.",
    )


@card
def recommendations(open_ones: Recommendations, selection: Selection) -> Table:
    """Advice on workflows."""
    return Table(
        "Recommendations",
        open_ones,
        about="Advice on workflows, neither accepted nor dismissed.",
        note=selection.overlooked(project=False, person=False),
        empty="No recommendation is open.",
    )


@card
def reported(
    counted: ByWorkflow, daily: Reported, lifetimes: Lifetimes, selection: Selection
) -> Table:
    """What the database reports of each workflow beside what its runs say."""
    everything = selection.overlooked(project=False, person=False)
    return Table(
        "Counted and reported runs",
        workflows.reported(counted, daily, lifetimes),
        about="What the database reports of each workflow, for the days of the period and over "
        "its lifetime, beside what the runs themselves say.",
        note=everything or workflows.disagreement(counted, daily),
    )
