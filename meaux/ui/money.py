"""Cards about money that more than one page shows, or that need more than a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from meaux import (
    charts,
    costs,
    export,
    history,
    outlook,
    queries,
    rankings,
    reconciliation,
    recurring,
    standings,
)
from meaux import portfolio as projects
from meaux.answers import Answer, Ask, Rows, without_answer
from meaux.budgets import Standing, find
from meaux.categories import SOURCES
from meaux.filters import Selection, month_to_date, preset
from meaux.metrics.costs import CHANGE, COST
from meaux.plan import Plan
from meaux.ui import cards, data
from meaux.ui.fence import section
from meaux.ui.text import escaped
from meaux.wording import sentences

REPORTS = (
    queries.reported_by_day,
    queries.weekly_reports,
    queries.reported_by_month,
    queries.reported_by_project_month,
)
"""What a database may report as spend."""

NOTHING_COMPARED = "Nothing changed, or nothing is compared: choose a period to compare with."

NO_BUDGET = (
    "No budget is set. Declare one in .streamlit/meaux.toml; "
    ".streamlit/meaux.example.toml shows how."
)
NONE_USABLE = "No budget can be used."
OVER = "Why budgets are over: reads the lines of their periods when opened"
LIFETIME = "Lifetime cost of every project: reads every line of the ledger when opened"
NO_LIFETIME = "Neither the ledger nor a report holds what any project cost."
WHOLE_COMPANY = "Reported totals cover the whole company."
NARROWED = f"{WHOLE_COMPANY} Without a team, project or person they stand beside the ledger."


@section
def trend(rows: Rows, plan: Plan, selection: Selection) -> None:
    """Cost over time by category, at the selection's grain."""
    shown = costs.trend(rows.cost_by_day, selection)
    floor = plan.thresholds.anomaly_floor_usd
    behind = costs.backdrop(rows, selection, floor, recurring.chosen(rows, selection))
    cards.chart(
        "Cost trend",
        shown,
        charts.cost_trend,
        COST,
        note=sentences(behind.said, behind.marked, costs.note(rows.cost_by_day, selection.period)),
        file=behind.beside(shown.frame),
        grain=selection.drawn_grain,
        **behind.drawn,
    )


@section
def month(rows: Rows, plan: Plan, selection: Selection) -> None:
    """This month's running total beside last month's and the budget."""
    monthly = [b for b in plan.budgets if b.span == "month" and b.holds_on(selection.today)]
    total = None if selection.narrowed else find(monthly, "total")
    budget = total.amount if total else None
    since = history.began(rows, SOURCES)
    month = selection.over(month_to_date(selection.today))
    recent: Answer = rows.cost_recent.explained(costs.priceless(rows.cost_recent))
    shown = replace(recent, selection=month).shaped(
        lambda frame: costs.running_totals(frame, selection, since)
    )
    shown = shown.telling("cost")
    cards.chart(
        "Month to date",
        shown,
        charts.cumulative,
        COST,
        about="What the month had cost by the end of each day, beside last month.",
        note=sentences(costs.lacking(recent), plan.said("budgets")),
        file=shown.frame if budget is None else shown.frame.assign(budget=budget),
        series="month",
        budget=budget,
    )


@section
def movers(rows: Rows, selection: Selection) -> None:
    """The projects whose cost changed most against the compared period."""
    moved = rankings.movers(rankings.compared_by_project(rows, selection))
    cards.chart(
        "Biggest movers",
        moved,
        charts.movers,
        CHANGE,
        note=_changes(moved, selection),
        empty=history.uncompared_of(rows, selection, SOURCES) or NOTHING_COMPARED,
        label="name",
    )


def _changes(shown: Answer, selection: Selection) -> str:
    """What the changes that are shown are of, in a sentence; empty where none is."""
    return selection.changes if shown.telling("change").state == "ready" else ""


@section
def budgets(rows: Rows, plan: Plan, found: Sequence[Standing]) -> None:
    """Every budget against what is spent of it in its period, and the numbers as a table."""
    shown = rows.cost_of_company.holding(standings.frame(list(found)))
    unused = standings.faults(rows, plan)
    limits = plan.thresholds.words
    empty = NONE_USABLE if unused else NO_BUDGET
    cards.chart(
        "Budget and actual",
        shown,
        charts.budgets,
        COST,
        about="Spend of this week, month, quarter or year in per cent of each budget, whatever the "
        "filters say; the mark is where that is projected to end. From "
        f"{limits['watch']} on a budget that is ahead of its period is to be watched, from "
        f"{limits['at_risk']} on it is at risk, from {limits['over']} on it is over.",
        note=sentences(standings.gaps(rows), *(fault.sentence for fault in unused)),
        empty=empty,
        thresholds=plan.thresholds,
    )
    cards.table(
        "Budgets in numbers",
        shown,
        about="Used is actual by budget; pace is used less the share of the budget's period that "
        "has passed, in percentage points; the period's end is projected by the forecast, or by "
        "the run rate where a budget is too small to have one. Of a period only the days from the "
        "budget's first to its last count.",
        note=standings.left_out(rows, plan),
        empty=empty,
    )


@section
def over(found: Sequence[Standing]) -> None:
    """What made budgets be over: their dearest days, and once it is opened their dearest lines."""
    asks = standings.dearest_asks(found)
    if not asks:
        return
    with st.expander(OVER, key="over", icon=":material/search:", on_change="rerun") as it:
        if it.open:
            rows = data.load(next(iter(asks.values())).selection, **asks)
            first: Answer = getattr(rows, next(iter(asks)))
            cards.table(
                "Why budgets are over",
                first.holding(standings.dearest(rows, found)),
                about="Of each budget that is over: since when it has been, and the days and the "
                "lines that cost most of what is spent of it in its period. A line is all of one "
                "service or model, for one project and person. The share is of what is spent.",
            )


@section
def ahead(recent: Answer, seen: outlook.Outlook | None) -> None:
    """Daily costs and their forecast for the next 30 days."""
    if seen is None or seen.period is None:
        nothing = recent.explained(costs.priceless(recent)).holding(pd.DataFrame())
        cards.chart("Forecast", nothing, charts.trend, COST)
        return
    cards.chart(
        "Forecast",
        replace(recent.holding(seen.daily), selection=recent.selection.over(seen.period)),
        charts.fan,
        COST,
        about="Daily cost and what is expected of the next 30 days, in 4 of 5 and 19 of 20 cases.",
        note=sentences(seen.forecast.said, seen.included, seen.note),
        file=seen.table,
        forecast=seen.forecast.frame,
    )


@section
def portfolio(rows: Rows, selection: Selection, found: Sequence[Standing]) -> None:
    """Every project beside its cost and its budget, down to what is unassigned."""
    shown = projects.portfolio(rows, selection, found)
    cards.table(
        "Portfolio",
        shown,
        about="Every project beside what it cost in the period. A monthly budget that the "
        "database holds of a project stands beside what is spent of it this month, by everybody. "
        + escaped(costs.origin(rows.cost_by_project)),
        note=sentences(
            history.uncompared_of(rows, selection, SOURCES) or _changes(shown, selection),
            without_answer(cost=rows.cost_by_project),
            costs.unrecorded(rows.cost_by_project),
        ),
    )


@section
def reported(rows: Rows, selection: Selection) -> None:
    """One line: the ledger beside the daily spend that was reported, both of the whole company."""
    words = reconciliation.sentence(_reconciled(rows, selection, [rows.reported_by_day]))
    if words:
        st.caption(escaped(words))


def _reconciled(rows: Rows, selection: Selection, reports: Sequence[Answer]) -> pd.DataFrame:
    """The ledger beside these reports; nothing where it holds less than they cover."""
    ledger = costs.total_by_day(rows.cost_by_day.frame, selection.period)
    comparable = [] if selection.narrowed else reports
    return reconciliation.reconciled(ledger, selection.period, comparable)


@section
def reconciled(rows: Rows, selection: Selection) -> None:
    """The ledger beside what somebody else reported."""
    base: Answer = rows.cost_by_day
    reports = [getattr(rows, query.name) for query in REPORTS]
    table = _reconciled(rows, selection, reports)
    cards.table(
        "Reconciliation",
        replace(base.holding(table), selection=selection),
        about="What the database reports as spend beside the ledger for the same days; weeks "
        "and months only where all their days lie in the period.",
        empty=NARROWED if selection.narrowed else "No report covers a part of this period.",
    )


@section
def lifetime(selection: Selection) -> None:
    """The ledger beside `project_costs` over each project's whole life, once it is opened."""
    whole = replace(selection.over(preset("all", selection.today)), people=())
    with st.expander(LIFETIME, key="lifetime", icon=":material/balance:", on_change="rerun") as it:
        if it.open:
            rows = data.load(whole, queries.cost_by_project, queries.reported_by_project)
            _lifetime(rows.cost_by_project, rows.reported_by_project)


def _lifetime(ledger: Answer, reported: Answer) -> None:
    base = ledger if reported.state in ("ready", "empty") else reported
    table = reconciliation.lifetime(ledger.frame, reported.frame)
    words = [
        reconciliation.sentence(reconciliation.in_all(table, reported)),
        reconciliation.unreported(reported),
        costs.lacking(ledger),
        costs.unpriced(ledger.frame),
    ]
    cards.table(
        "Lifetime reconciliation",
        base.holding(table),
        about="What project_costs reports of each project beside all lines of the ledger, whoever "
        "they are of. The difference is the ledger less what is reported.",
        note=sentences(*words),
        empty=NO_LIFETIME,
    )


@section
def weekly_reports(rows: Rows, selection: Selection) -> None:
    """What each week was reported as."""
    reports = rows.weekly_reports
    cards.table(
        "Weekly spend reports",
        reports.explained(reconciliation.unreported(reports)).telling("cost"),
        about="What each week that starts in the period was reported as.",
        note=WHOLE_COMPANY if selection.narrowed else "",
    )


@section
def left_out(rows: Rows) -> None:
    """What no total holds: hours without a price, lines in another currency."""
    sentences = []
    hours: Answer = rows.unpriced_time
    if hours.state == "ready" and hours.frame["entries"].sum():
        entries, time = int(hours.frame["entries"].sum()), float(hours.frame["hours"].sum())
        sentences.append(f"time entries without a price: {entries:,} ({time:,.1f} h).")
    for category, currency, lines, amount in rows.other_currencies.frame.itertuples(index=False):
        sentences.append(
            f"{category} lines in {currency}: {lines:,}{costs.in_parentheses(amount)}."
        )
    if sentences:
        words = " ".join(sentences)
        st.info(f"In no total are {escaped(words)}", icon=":material/money_off:")


@section
def focus(selection: Selection) -> None:
    """The ledger for download under the names of FOCUS."""
    wanted = Ask(queries.billed_lines, selection)
    st.download_button(
        "Download the ledger as FOCUS CSV",
        data.later(wanted, lambda answer: export.csv(costs.focus(answer), str)),
        export.file_name("focus", selection.period, "csv"),
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        help="One line a day, service and project, named as the FinOps cost and usage "
        "specification names them; read from the database when you click.",
    )
