"""The tabs of Operations: each loads what it shows, in one call, and draws its cards."""

from __future__ import annotations

from meaux import charts, events, figures, mail, queries, workflows
from meaux.answers import Ask, Rows
from meaux.filters import Selection
from meaux.metrics.operations import (
    EVENTS,
    MESSAGES,
    RUN_COST,
    RUNS,
    STEP_FAILURES,
    STEP_P95,
)
from meaux.page import CHOICES
from meaux.ui import cards, data, log
from meaux.ui.fence import section
from meaux.wording import sentences

ROWS_SHOWN = 20
ERRORS_SHOWN = 20


def workflows_tab(selection: Selection) -> None:
    """Workflows: how many runs there were, how they ended, how long they took, and their cost."""
    rows = data.load(
        selection,
        queries.runs_by_day,
        queries.runs_by_workflow,
        queries.steps,
        queries.workflow_costs,
        queries.reported_runs,
        queries.workflow_lifetimes,
        failed_runs=Ask(queries.failed_runs, selection, limit=ROWS_SHOWN),
        workflow_events=Ask(queries.workflow_events, selection, limit=ROWS_SHOWN),
        optimizations=Ask(queries.optimizations, selection, limit=ROWS_SHOWN),
        recommendations=Ask(queries.recommendations, selection, limit=ROWS_SHOWN),
        **data.before(
            selection,
            queries.runs_by_workflow,
            queries.workflow_costs,
            oldest=queries.oldest_runs,
        ),
    )

    with cards.row(3):
        cards.figure(figures.runs, rows, selection)
        cards.figure(figures.success_rate, rows, selection)
        cards.figure(figures.failed_runs, rows, selection)
        cards.figures(figures.run_durations, rows, selection)
        cards.figure(figures.run_cost, rows, selection)

    _run_charts(rows, selection)
    _workflow_tables(rows, selection)


@section
def _run_charts(rows: Rows, selection: Selection) -> None:
    grain, note = selection.drawn_grain, selection.overlooked(project=True, person=False)
    recorded, counted = rows.workflow_costs, rows.runs_by_day
    costs = workflows.cost_over_time(workflows.costs(recorded, counted), selection)
    heed = selection.overlooked(project=not workflows.is_recorded(recorded), person=False)

    cards.chart(
        "Runs by outcome",
        workflows.over_time(counted, selection),
        charts.outcomes,
        RUNS,
        note=sentences(workflows.other_spellings(counted), note),
        grain=grain,
    )
    cards.chart(
        "Cost per day" if grain == "day" else f"Cost per {grain}",
        costs,
        charts.bars,
        RUN_COST,
        note=sentences(workflows.own_cost(recorded, counted), heed),
        series="workflow",
        grain=grain,
    )
    with cards.row(2):
        cards.chart(
            "Slowest steps",
            workflows.slowest_steps(rows.steps),
            charts.ranking,
            STEP_P95,
            note=note,
            label="name",
        )
        cards.chart(
            "Most failing steps",
            workflows.failing_steps(rows.steps),
            charts.ranking,
            STEP_FAILURES,
            note=note,
            empty="No step failed." if rows.steps.state == "ready" else "",
            label="name",
            shares=True,
        )


@section
def _workflow_tables(rows: Rows, selection: Selection) -> None:
    note = selection.overlooked(project=True, person=False)

    cards.table(
        "Workflows",
        workflows.table(rows.runs_by_workflow),
        about="Each workflow by its runs of the period; durations and the success rate are of "
        "runs that have ended.",
        note=note,
    )
    with cards.row(2):
        cards.table(
            "Newest failed runs", rows.failed_runs, about="The runs that failed.", note=note
        )
        cards.table("Newest events", rows.workflow_events, about="What runs reported.", note=note)
        _advice(rows, selection)
    _reported(rows, selection)


@section
def _advice(rows: Rows, selection: Selection) -> None:
    everything = selection.overlooked(project=False, person=False)
    cards.table(
        "Optimisations",
        rows.optimizations,
        about="Changes that would make a workflow faster or cheaper, neither made nor dismissed.",
        note=everything,
        empty="No optimisation is open.",
    )
    cards.table(
        "Recommendations",
        rows.recommendations,
        about="Advice on workflows, neither accepted nor dismissed.",
        note=everything,
        empty="No recommendation is open.",
    )


@section
def _reported(rows: Rows, selection: Selection) -> None:
    counted, daily = rows.runs_by_workflow, rows.reported_runs
    everything = selection.overlooked(project=False, person=False)
    cards.table(
        "Counted and reported runs",
        workflows.reported(counted, daily, rows.workflow_lifetimes),
        about="What the database reports of each workflow, for the days of the period and over "
        "its lifetime, beside what the runs themselves say.",
        note=everything or workflows.disagreement(counted, daily),
    )


def email_tab(selection: Selection) -> None:
    """Email: what was sent, what became of it, and what waits."""
    rows = data.load(
        selection,
        queries.reported_mail,
        queries.counted_mail,
        queries.distinct_mail,
        queries.mail_by_template,
        queries.mail_queue,
        failed_mail=Ask(queries.failed_mail, selection, limit=ROWS_SHOWN),
        **data.before(
            selection,
            queries.reported_mail,
            queries.distinct_mail,
            oldest=queries.oldest_mail,
        ),
    )

    with cards.row(3):
        cards.figure(figures.mail_sent, rows, selection)
        cards.figures(figures.mail_rates, rows, selection)
        cards.figure(figures.queue_backlog, rows.mail_queue)

    _mail_charts(rows, selection)
    _mail_tables(rows, selection)


@section
def _mail_charts(rows: Rows, selection: Selection) -> None:
    source = mail.source(rows.reported_mail, rows.counted_mail)
    everything = selection.overlooked(project=False, person=False)

    cards.chart(
        "Email over time",
        mail.over_time(source, selection),
        charts.mail_trend,
        MESSAGES,
        about="Messages by what happened to them, each counted once a day for each thing.",
        note=sentences(mail.origin(source), everything),
        grain=selection.drawn_grain,
    )
    with cards.row(2):
        cards.chart(
            "Email by template",
            mail.by_template(rows.mail_by_template),
            charts.templates,
            MESSAGES,
            note=selection.overlooked(project=True, person=False),
        )
        cards.chart(
            "Queue",
            rows.mail_queue,
            charts.mail_states,
            MESSAGES,
            about="The messages of the queue now, whatever the period.",
            note=everything,
            empty="The queue is empty.",
        )


@section
def _mail_tables(rows: Rows, selection: Selection) -> None:
    answers = (rows.reported_mail, rows.counted_mail, rows.distinct_mail)
    everything = selection.overlooked(project=False, person=False)

    cards.table(
        "Latest email failures",
        rows.failed_mail,
        about="The newest messages that bounced, failed or were complained about.",
        note=selection.overlooked(project=True, person=False),
        empty="No message failed in this period.",
    )
    cards.table(
        "Counted and reported email",
        mail.compared(*answers),
        about="What the database reports for each day beside what the events of the messages "
        "tell of the same days.",
        note=sentences(mail.disagreement(*answers), everything),
    )


def events_tab(selection: Selection) -> None:
    """Events: how much the logs hold, how severe it is, and the records themselves."""
    above = cards.place()
    view = log.filters()
    trail = log.trail(selection, view)
    rows = data.load(
        selection,
        *CHOICES,
        queries.events_by_day,
        top_errors=Ask(queries.top_errors, selection, limit=ERRORS_SHOWN),
        **data.before(selection, queries.events_by_day, oldest=queries.oldest_events),
        **events.asks(selection, view, trail.start),
    )
    with above:
        _event_cards(rows, selection)
    log.show(events.page(rows, view, trail.start), rows, trail)


@section
def _event_cards(rows: Rows, selection: Selection) -> None:
    counted, note = rows.events_by_day, events.overlooked(selection)
    missing = events.missing(counted)

    with cards.row(4):
        cards.figure(figures.events, rows, selection)
        cards.figures(figures.severities, rows, selection)
    cards.chart(
        "Severity over time",
        events.over_time(counted, selection),
        charts.severities,
        EVENTS,
        note=sentences(missing, note),
        grain=selection.drawn_grain,
    )
    with cards.row(2):
        cards.chart("Events by log", events.by_log(counted), charts.logs, EVENTS, note=note)
        cards.table(
            "Top errors",
            rows.top_errors,
            about="Errors and what is critical, by message and source, the most frequent first.",
            note=sentences(missing, note),
            empty="No error was recorded in this period." if counted.state == "ready" else "",
        )
