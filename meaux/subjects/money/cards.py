"""Money: what is spent on what, against which budgets, and where it is heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated

import pandas as pd

from meaux import charts
from meaux.charts.colours import CATEGORY
from meaux.data.plan import Plan
from meaux.query import export, first_records, queries
from meaux.query.answers import Answer, Ask, without_answer
from meaux.query.filters import Period, Selection, month_to_date, preset
from meaux.query.filters.period import DAY
from meaux.query.needs import Control, Request, asking, choosing, later
from meaux.query.queries import Query
from meaux.subjects.card import Chart, Download, Notice, Sentence, Switched, Table, Unfolded, card
from meaux.subjects.hours.frames import by_day
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money import (
    anomalies,
    breakdown,
    budget_status,
    outlook,
    portfolio,
    rankings,
    reconciliation,
    recurring,
)
from meaux.subjects.money import frames as costs
from meaux.subjects.money.budgets import find
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.metrics import CHANGE, COST
from meaux.subjects.money.outlook import Scenario, Seen
from meaux.wording import hours_of, sentences

MADE_OF = partial(charts.stacked, label="name", series="category", colours=CATEGORY)
"""What costs most, in order, each made of the categories."""
NOTHING_COMPARED = "Nothing changed, or nothing is compared: choose a period to compare with."

NO_BUDGET = (
    "No budget is set. Declare one in .streamlit/meaux.toml; "
    ".streamlit/meaux.example.toml shows how."
)
NONE_USABLE = "No budget can be used."
WHAT_IF = "Forecast and what if"
OVER = "Why budgets are over: reads the lines of their periods when opened"
LIFETIME = "Lifetime cost of every project: reads every line of the ledger when opened"
NO_LIFETIME = "Neither the ledger nor a report holds what any project cost."
WHOLE_COMPANY = "Reported totals cover the whole company."
NARROWED = f"{WHOLE_COMPANY} Without a team, project or person they stand beside the ledger."

ReportedByDay = Annotated[Answer, asking(queries.reported_by_day)]
WeeklyReports = Annotated[Answer, asking(queries.weekly_reports)]


@dataclass(frozen=True)
class Reports:
    """What a database may report as spend."""

    by_day: ReportedByDay
    by_week: WeeklyReports
    by_month: Annotated[Answer, asking(queries.reported_by_month)]
    by_project: Annotated[Answer, asking(queries.reported_by_project_month)]


@card
def trend(
    ledger: costs.PeriodLedger,
    first: costs.FirstLine,
    lines: recurring.Chosen,
    plan: Plan,
    selection: Selection,
) -> Chart:
    """Cost over time by category, at the selection's grain."""
    shown = costs.trend(ledger, selection)
    floor = plan.thresholds.anomaly_floor_usd
    behind = costs.backdrop(ledger.answer, first, selection, floor, lines)
    return Chart(
        "Cost trend",
        shown,
        partial(
            charts.trend,
            series="category",
            colours=CATEGORY,
            grain=selection.drawn_grain,
            **behind.drawn,
        ),
        COST,
        note=sentences(behind.said, behind.marked, ledger.note),
        file=behind.beside(shown.frame),
    )


@card
def by_category(ledger: costs.PeriodLedger, selection: Selection) -> Chart:
    """What each category cost in the period."""
    return Chart(
        "Cost by category",
        costs.by_category(ledger, selection),
        partial(charts.share, label="category", colours=CATEGORY),
        COST,
        note=ledger.note,
    )


@card
def month(
    ledger: costs.RecentLedger, first: costs.FirstLine, plan: Plan, selection: Selection
) -> Chart:
    """This month's running total beside last month's and the budget."""
    monthly = [b for b in plan.budgets if b.span == "month" and b.holds_on(selection.today)]
    total = None if selection.narrowed else find(monthly, "total")
    budget = total.amount if total else None
    month = selection.over(month_to_date(selection.today))
    shown = replace(ledger.explain(ledger.answer), selection=month).map(
        lambda frame: costs.running_totals(frame, selection, first)
    )
    shown = shown.with_values_in("cost")
    return Chart(
        "Month to date",
        shown,
        partial(charts.cumulative, series="month", budget=budget),
        COST,
        about="What the month had cost by the end of each day, beside last month.",
        note=sentences(ledger.gaps, plan.said("budgets")),
        file=shown.frame if budget is None else shown.frame.assign(budget=budget),
    )


@card
def movers(projects: rankings.Compared, first: costs.FirstLine, selection: Selection) -> Chart:
    """The projects whose cost changed most against the compared period."""
    moved = rankings.movers(projects)
    return Chart(
        "Biggest movers",
        moved,
        partial(charts.movers, label="name"),
        CHANGE,
        note=_changes(moved, selection),
        empty=first_records.uncompared(selection, first) or NOTHING_COMPARED,
    )


def _changes(shown: Answer, selection: Selection) -> str:
    """What the changes that are shown are of, in a sentence; empty where none is."""
    return selection.changes if shown.with_values_in("change").state == "ready" else ""


@card
def dearest_projects(projects: rankings.Compared) -> Chart:
    """The projects that cost most, with their share of the whole."""
    draw = partial(charts.ranking, label="name", shares=True)
    return Chart("Cost per project", rankings.dearest(projects), draw, COST)


@card
def by_project(lines: costs.ByProject) -> Chart:
    """The dearest projects by category."""
    return Chart("Cost by project", rankings.by_project(lines), MADE_OF, COST)


@card
def by_person(lines: costs.ByPerson) -> Chart:
    """The people who cost most, by category."""
    return Chart("Cost by person", rankings.by_person(lines), MADE_OF, COST)


@card
def by_service(lines: Annotated[Answer, asking(queries.cost_by_service)]) -> Chart:
    """The models and services that cost most, by category."""
    services = rankings.by_service(lines)
    return Chart("Cost by model and service", services, MADE_OF, COST)


@card
def budgets(  # noqa: PLR0913, PLR0917  the table and its chart say all that is known of budgets
    company: budget_status.Company,
    found: budget_status.Statuses,
    of_ai: budget_status.AIBudgets,
    unused: budget_status.Unused,
    left_out: budget_status.LeftOut,
    plan: Plan,
) -> tuple[Chart, Table]:
    """Every budget against what is spent of it in its period, and the numbers as a table."""
    shown = company.with_frame(budget_status.frame(found))
    limits = plan.thresholds.words
    empty = NONE_USABLE if unused else NO_BUDGET
    chart = Chart(
        "Budget and actual",
        shown,
        partial(charts.budgets, thresholds=plan.thresholds),
        COST,
        about="Spend of this week, month, quarter or year in per cent of each budget, whatever the "
        "filters say; the mark is where that is projected to end. From "
        f"{limits['watch']} on a budget that is ahead of its period is to be watched, from "
        f"{limits['at_risk']} on it is at risk, from {limits['over']} on it is over.",
        note=sentences(budget_status.gaps(of_ai), *(fault.sentence for fault in unused)),
        empty=empty,
    )
    table = Table(
        "Budgets in numbers",
        shown,
        about="Used is actual by budget; pace is used less the share of the budget's period that "
        "has passed, in percentage points; the period's end is projected by the forecast, or by "
        "the run rate where a budget is too small to have one. Of a period only the days from the "
        "budget's first to its last count.",
        note=left_out,
        empty=empty,
    )
    return chart, table


@card
def over(
    found: budget_status.Statuses, lines: Annotated[Query, later(queries.dearest_lines)]
) -> Unfolded | None:
    """What made budgets be over: their dearest days, and once it is opened their dearest lines."""
    asks = budget_status.dearest_asks(found, lines)

    def told(answers: Mapping[str, Answer]) -> Table:
        return Table(
            "Why budgets are over",
            next(iter(answers.values())).with_frame(budget_status.dearest(answers, found)),
            about="Of each budget that is over: since when it has been, and the days and the "
            "lines that cost most of what is spent of it in its period. A line is all of one "
            "service or model, for one project and person. The share is of what is spent.",
        )

    return Unfolded(OVER, "over", "search", asks, told) if asks else None


@card
def ahead(ledger: costs.RecentLedger, seen: outlook.Seen) -> Chart:
    """Daily costs and their forecast for the next 30 days."""
    if seen is None or seen.period is None:
        nothing = ledger.explain(ledger.answer).with_frame(pd.DataFrame())
        return Chart("Forecast", nothing, charts.trend, COST)
    recent = ledger.answer
    return Chart(
        "Forecast",
        replace(recent.with_frame(seen.daily), selection=recent.selection.over(seen.period)),
        partial(charts.fan, forecast=seen.forecast.frame),
        COST,
        about="Daily cost and what is expected of the next 30 days, in 4 of 5 and 19 of 20 cases.",
        note=sentences(seen.forecast.said, seen.included, seen.note),
        file=seen.table,
    )


@card
def every_project(
    projects: portfolio.Portfolio,
    lines: costs.ByProject,
    first: costs.FirstLine,
    selection: Selection,
) -> Table:
    """Every project beside its cost and its budget, down to what is unassigned."""
    ledger = Ledger(lines)
    return Table(
        "Portfolio",
        projects,
        about="Every project beside what it cost in the period. A monthly budget that the "
        "database holds of a project stands beside what is spent of it this month, by everybody.",
        origin=ledger.origin,
        note=sentences(
            first_records.uncompared(selection, first) or _changes(projects, selection),
            without_answer(cost=lines),
            ledger.unrecorded,
        ),
    )


@card
def reported(by_day: costs.ByDay, reports: ReportedByDay, selection: Selection) -> Sentence | None:
    """One line: the ledger beside the daily spend that was reported, both of the whole company."""
    words = reconciliation.sentence(_reconciled(by_day, [reports], selection))
    return Sentence(words) if words else None


def _reconciled(by_day: Answer, reports: Sequence[Answer], selection: Selection) -> pd.DataFrame:
    """The ledger beside these reports; nothing where it holds less than they cover."""
    ledger = costs.total_by_day(by_day.frame, selection.period)
    comparable = [] if selection.narrowed else reports
    return reconciliation.reconciled(ledger, selection.period, comparable)


@card
def reconciled(by_day: costs.ByDay, reports: Reports, selection: Selection) -> Table:
    """The ledger beside what somebody else reported."""
    answers = [reports.by_day, reports.by_week, reports.by_month, reports.by_project]
    table = _reconciled(by_day, answers, selection)
    return Table(
        "Reconciliation",
        replace(by_day.with_frame(table), selection=selection),
        about="What the database reports as spend beside the ledger for the same days; weeks "
        "and months only where all their days lie in the period.",
        empty=NARROWED if selection.narrowed else "No report covers a part of this period.",
    )


@card
def lifetime(
    lines: Annotated[Query, later(queries.cost_by_project)],
    reports: Annotated[Query, later(queries.reported_by_project)],
    selection: Selection,
) -> Unfolded:
    """The ledger beside `project_costs` over each project's whole life, once it is opened."""
    whole = replace(selection.over(preset("all", selection.today)), people=())
    asks = {"ledger": Ask(lines, whole), "reported": Ask(reports, whole)}
    return Unfolded(LIFETIME, "lifetime", "balance", asks, lambda found: _lifetime(**found))


def _lifetime(ledger: Answer, reported: Answer) -> Table:
    base = ledger if reported.answered else reported
    table = reconciliation.lifetime(ledger.frame, reported.frame)
    return Table(
        "Lifetime reconciliation",
        base.with_frame(table),
        about="What project_costs reports of each project beside all lines of the ledger, whoever "
        "they are of. The difference is the ledger less what is reported.",
        note=sentences(
            reconciliation.sentence(reconciliation.in_all(table, reported)),
            reconciliation.unreported(reported),
            Ledger(ledger).note,
        ),
        empty=NO_LIFETIME,
    )


@card
def weekly_reports(reports: WeeklyReports, selection: Selection) -> Table:
    """What each week was reported as."""
    return Table(
        "Weekly spend reports",
        reports.if_empty(reconciliation.unreported(reports)).with_values_in("cost"),
        about="What each week that starts in the period was reported as.",
        note=WHOLE_COMPANY if selection.narrowed else "",
    )


@card
def savings(found: Annotated[Answer, asking(queries.savings, limit=20)]) -> Table:
    """What could be spent less."""
    return Table("Ways to spend less", found, about="Savings neither done nor dismissed.")


@card
def left_out(
    hours: Annotated[Answer, asking(queries.unpriced_time)], currencies: costs.OtherCurrencies
) -> Notice | None:
    """What no total holds: hours without a price, lines in another currency."""
    words = []
    if hours.state == "ready" and hours.frame["entries"].sum():
        entries, time = int(hours.frame["entries"].sum()), float(hours.frame["hours"].sum())
        words.append(f"time entries without a price: {entries:,} ({hours_of(time)}).")
    for category, currency, lines, amount in currencies.frame.itertuples(index=False):
        words.append(f"{category} lines in {currency}: {lines:,}{costs.in_parentheses(amount)}.")
    return Notice(f"In no total are {' '.join(words)}", "money_off") if words else None


@card
def focus(lines: Annotated[Query, later(queries.billed_lines)], selection: Selection) -> Download:
    """The ledger for download under the names of FOCUS."""
    return Download(
        "Download the ledger as FOCUS CSV",
        "One line a day, service and project, named as the FinOps cost and usage "
        "specification names them; read from the database when you click.",
        Ask(lines, selection),
        lambda answer: export.csv(costs.focus(answer), str),
        "focus",
    )


@dataclass(frozen=True)
class Year(Control):
    """The year of the calendar."""

    number: int

    def days(self, selection: Selection) -> Selection:
        """Choose the days of the year, up to today."""
        after = min(date(self.number + 1, 1, 1), selection.today + DAY)
        return selection.over(Period(date(self.number, 1, 1), after))


def _hours_of_year(request: Request) -> Ask:
    return Ask(queries.hours_by_day, request.given(Year).days(request.selection))


def _cost_of_year(request: Request) -> Ask:
    return Ask(queries.cost_by_day, request.given(Year).days(request.selection))


@card
def calendar(
    hours: Annotated[Answer, choosing(_hours_of_year, queries.hours_by_day)],
    spent: Annotated[Answer, choosing(_cost_of_year, queries.cost_by_day)],
    year: Year,
    selection: Selection,
) -> Switched:
    """Every day of a year by its hours or its cost."""
    options = {"Hours": (by_day(hours), HOURS), "Cost": (costs.by_recorded_day(spent), COST)}
    today = pd.Timestamp(selection.today)
    draw = partial(charts.calendar, year=year.number, today=today)
    return Switched("Calendar", options, draw, key="calendar")


@card
def sunburst(lines: Annotated[Answer, asking(queries.cost_tree)]) -> Chart:
    """What the costs of the period are made of."""
    tree = breakdown.tree(lines)
    return Chart(
        "What costs are made of",
        tree,
        partial(charts.sunburst, rings=list(breakdown.RINGS), colours=CATEGORY),
        COST,
        about="Category, then project or service, then person, model or resource. Click a part "
        "to look into it, and the middle to come back.",
        note=breakdown.credits_in_words(tree),
    )


@card
def what_if(ledger: costs.RecentLedger, seen: Seen, scenario: Scenario) -> Chart:
    """The forecast, its accuracy, and the days as they would be in a scenario."""
    priced = ledger.explain(ledger.answer)
    about = (
        "Daily cost, what is expected of the next 30 days in 4 of 5 and 19 of 20 "
        "cases, and the days as they would be in the scenario."
    )
    if seen is None:
        return Chart(WHAT_IF, priced, charts.trend, COST, about=about)
    changed = scenario.of(seen).forecast.frame if scenario.changes else None
    return Chart(
        WHAT_IF,
        priced.with_frame(seen.daily),
        partial(charts.fan, forecast=seen.forecast.frame, what_if=changed),
        COST,
        about=about,
        note=sentences(seen.forecast.said, seen.included, ledger.gaps),
    )


@card
def unusual(
    ledger: costs.PeriodLedger, lines: recurring.Chosen, plan: Plan, selection: Selection
) -> Table:
    """The unusual days of the period, each with its reason."""
    floor = plan.thresholds.words["anomaly_floor_usd"]
    return Table(
        "Unusual days",
        anomalies.with_causes(ledger, selection, plan.thresholds.anomaly_floor_usd, lines),
        about="Complete days that cost far from what is usual on their weekday: farther than "
        f"3 scaled median deviations of the last 8, and by more than {floor}. What is paid about "
        "every month is usual on its day.",
        note=plan.said("thresholds.anomaly_floor_usd"),
        empty="No day of this period cost far from what is usual.",
    )
