"""Money: costs, budgets, reconciliation and forecasts as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Annotated

import pandas as pd

from meaux import charts
from meaux.charts.colours import CATEGORY
from meaux.charts.layered import Drawn
from meaux.data.categories import CATEGORIES, of_table
from meaux.data.plan import Plan
from meaux.query import export, first_records, queries
from meaux.query.answers import Answer, Ask, without_answer
from meaux.query.filters import Period, Selection, month_to_date, preset
from meaux.query.filters.period import DAY
from meaux.query.metrics import Metric
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
)
from meaux.subjects.money import frames as costs
from meaux.subjects.money.budgets import find
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.metrics import CHANGE, COST, COST_THIS_MONTH
from meaux.subjects.money.outlook import Scenario, Seen
from meaux.subjects.rows import Opening
from meaux.wording import counted, enumerated, hours_of, sentences

MADE_OF = partial(charts.stacked, label="name", series="category", colours=CATEGORY)
"""Bars in order of cost, each split by category."""
PROJECT = {"name": "project"}
PROJECTS = {**PROJECT, "category": "category"}
PEOPLE = {"name": "person", "category": "category"}
SERVICES = {"name": "service", "category": "category"}
CATEGORY_ONLY = {"category": "category"}
UNCHANGED = "No cost changes."
NOTHING_COMPARED = "No comparison period."

NO_BUDGET = "No budgets set. Add one in .streamlit/meaux.toml (see .streamlit/meaux.example.toml)."
NONE_USABLE = "No valid budgets."
BUDGET_COLUMNS = "The budget columns cover all cost of a project, regardless of filters."
EACH_ITS_OWN = "Each budget covers its own period."
ROWS = Opening(COST.name)
PERSONAL, SERVICED = (
    Opening(COST.name, tuple(("category", one.name) for one in CATEGORIES if has(one)))
    for has in (attrgetter("personal"), attrgetter("serviced"))
)
TIME = of_table("time_entry").name
WHAT_IF = "Forecast and scenario"
OVER = "Why budgets are over (loads their entries when opened)"
LIFETIME = "Lifetime reconciliation (loads all entries when opened)"
NO_LIFETIME = "No project cost in the ledger or in reports."
WHOLE_COMPANY = "Reported totals cover the whole company."
NARROWED = (
    f"{WHOLE_COMPANY} Clear the team, project and person filters to compare them with the ledger."
)

ReportedByDay = Annotated[Answer, asking(queries.reported_by_day)]
WeeklyReports = Annotated[Answer, asking(queries.weekly_reports)]


@dataclass(frozen=True)
class Reports:
    """The reported totals that a database may have."""

    by_day: ReportedByDay
    by_week: WeeklyReports
    by_month: Annotated[Answer, asking(queries.reported_by_month)]
    by_project: Annotated[Answer, asking(queries.reported_by_project_month)]


@card
def trend(
    ledger: costs.PeriodLedger,
    first: costs.FirstLine,
    found: anomalies.OfPeriod,
    selection: Selection,
) -> Chart:
    """Show cost over time by category, at the selection's grain."""
    shown = costs.trend(ledger, selection)
    marks = anomalies.marks(found, shown.frame) if shown.state == "ready" else None
    behind = costs.backdrop(ledger.answer, first, selection, marks)
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
        rows=ROWS,
        picks=CATEGORY_ONLY,
    )


@card
def by_category(ledger: costs.PeriodLedger, selection: Selection) -> Chart:
    """Show the cost of each category in the period."""
    return Chart(
        "Cost by category",
        costs.by_category(ledger, selection),
        partial(charts.share, label="category", colours=CATEGORY),
        COST,
        note=ledger.note,
        rows=ROWS,
        picks=CATEGORY_ONLY,
    )


@card
def month(
    ledger: costs.RecentLedger, first: costs.FirstLine, plan: Plan, selection: Selection
) -> Chart:
    """Show this month's cumulative cost beside last month's and the budget."""
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
        partial(charts.cumulative, series="month", budget=budget, month=month.period.start),
        COST,
        about="Running total of cost, this month and last month.",
        note=sentences(ledger.gaps, plan.said("budgets")),
        file=shown.frame if budget is None else shown.frame.assign(budget=budget),
        rows=Opening(COST_THIS_MONTH.name),
    )


@card
def movers(projects: rankings.Compared, first: costs.FirstLine, selection: Selection) -> Chart:
    """Show the projects whose cost changed most since the comparison period."""
    moved = rankings.movers(projects)
    return Chart(
        "Biggest movers",
        moved.map(_without_ids),
        partial(charts.movers, label="name"),
        CHANGE,
        note=_changes(moved, selection),
        empty=first_records.uncompared(selection, first)
        or (UNCHANGED if selection.comparison else NOTHING_COMPARED),
        moved=tuple(
            (name, Opening(COST.name, (("project", project),)))
            for name, project in zip(moved.frame["name"], moved.frame["project"], strict=True)
        )
        if "project" in moved.frame
        else (),
        picks=PROJECT,
    )


def _without_ids(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out IDs, and the words for projects that are new or gone if none is."""
    return rows.drop(columns=["project", *(["word"] if rows["word"].eq("").all() else [])])


def _changes(shown: Answer, selection: Selection) -> str:
    """Say which days the shown changes compare; empty if no change is shown."""
    return selection.changes if shown.with_values_in("change").state == "ready" else ""


@card
def dearest_projects(projects: rankings.Compared) -> Chart:
    """Show the projects with the highest cost and their share of the total."""
    draw = partial(charts.ranking, label="name", shares=True)
    dearest = rankings.dearest(projects)
    return Chart("Cost by project", dearest, draw, COST, rows=ROWS, picks=PROJECT)


@card
def by_project(lines: costs.ByProject) -> Chart:
    """Show the projects with the highest cost, by category."""
    return Chart(
        "Cost by project", rankings.by_project(lines), MADE_OF, COST, rows=ROWS, picks=PROJECTS
    )


@card
def by_person(lines: costs.ByPerson) -> Chart:
    """Show the people with the highest cost, by category."""
    return Chart(
        "Cost by person", rankings.by_person(lines), MADE_OF, COST, rows=PERSONAL, picks=PEOPLE
    )


@card
def by_service(lines: Annotated[Answer, asking(queries.cost_by_service)]) -> Chart:
    """Show the models and services with the highest cost, by category."""
    services = rankings.by_service(lines)
    title = "Cost by model and service"
    return Chart(title, services, MADE_OF, COST, rows=SERVICED, picks=SERVICES)


@card
def budgets(  # noqa: PLR0913, PLR0917  a chart and a table of budgets need all of these
    company: budget_status.Company,
    found: budget_status.Statuses,
    of_ai: budget_status.AIBudgets,
    unused: budget_status.Unused,
    left_out: budget_status.LeftOut,
    plan: Plan,
    selection: Selection,
) -> tuple[Chart, Table]:
    """Show every budget beside the spend in its period, and the details as a table."""
    shown = company.with_frame(budget_status.frame(found))
    limits = plan.thresholds.words
    empty = NONE_USABLE if unused else NO_BUDGET
    everything = selection.regardless("Budgets cover")
    chart = Chart(
        "Budget vs actual",
        shown,
        partial(charts.budgets, thresholds=plan.thresholds),
        COST,
        about="Spend in each budget's current period as % of the budget, regardless of filters. "
        "\N{WHITE DIAMOND} = projection for the end of the period. "
        f"Watch: from {limits['watch']} if over pace. "
        f"At risk: from {limits['at_risk']}, or if the forecast reaches {limits['over']}. "
        f"Over: from {limits['over']}.",
        note=sentences(
            everything,
            budget_status.gaps(of_ai),
            *(fault.sentence for fault in unused),
            budget_status.unmet(found),
        ),
        empty=empty,
        covers=EACH_ITS_OWN,
    )
    table = Table(
        "Budget details",
        shown,
        about="Used = actual \N{DIVISION SIGN} budget. Pace = used \N{MINUS SIGN} share of the "
        "period elapsed, in percentage points. Projected spend = expected spend in the whole "
        "period: from the forecast, or for a budget of one project or team from the run rate "
        "(mean of the period's complete days). The column “Projected by” says which. Days before "
        "the budget's first day or after its last day don't count.",
        note=sentences(everything, left_out),
        empty=empty,
        covers=EACH_ITS_OWN,
    )
    return chart, table


@card
def over(
    found: budget_status.Statuses, lines: Annotated[Query, later(queries.dearest_lines)]
) -> Unfolded | None:
    """Show why budgets are over: their days and, once opened, their items of highest cost."""
    asks = budget_status.dearest_asks(found, lines)

    def told(answers: Mapping[str, Answer]) -> Table:
        return Table(
            "Why budgets are over",
            next(iter(answers.values())).with_frame(budget_status.dearest(answers, found)),
            about="For each budget that is over: since when, and the days and items that cost most "
            "in its period. An item is one service or model for one project and person. "
            "Share of actual = cost \N{DIVISION SIGN} actual.",
        )

    return Unfolded(OVER, "over", "search", asks, told) if asks else None


@card
def ahead(
    ledger: costs.RecentLedger,
    seen: outlook.Seen,
    found: anomalies.OfPeriod,
    selection: Selection,
) -> Chart:
    """Show daily costs and their forecast for the next 30 days."""
    if seen is None or seen.period is None:
        nothing = ledger.explain(ledger.answer).with_frame(pd.DataFrame())
        return Chart("Forecast", nothing, charts.trend, COST)
    recent, marks = ledger.answer, anomalies.marks_on_total(found, seen.daily)
    return Chart(
        "Forecast",
        replace(recent.with_frame(seen.daily), selection=recent.selection.over(seen.period)),
        partial(charts.fan, forecast=seen.forecast.frame, marks=marks),
        COST,
        about="Daily cost and a 30-day forecast with 80% and 95% ranges. Red triangles mark "
        "unusual days of the period.",
        note=sentences(
            seen.forecast.sentence,
            seen.included,
            seen.note,
            _marked("Unusual days and annotations", seen.period, selection),
        ),
        file=seen.table,
    )


def _marked(what: str, shown: Period, selection: Selection) -> str:
    """Say for which of the days that a forecast shows something is marked, if not for all."""
    period = selection.period
    return f"{what} are marked only for {period}." if shown.start < period.start else ""


@card
def every_project(
    projects: portfolio.Portfolio,
    lines: costs.ByProject,
    first: costs.FirstLine,
    selection: Selection,
) -> Table:
    """List every project and Unassigned with its cost and its budget."""
    ledger = Ledger(lines)
    return Table(
        "Portfolio",
        projects,
        about="Projects that match the filters, with their cost in the period. Monthly project "
        "budgets from the "
        "database are shown with this month's spend, regardless of filters.",
        origin=ledger.origin,
        picks={"name": "project", "team": "team", "status": "status"},
        note=sentences(
            first_records.uncompared(selection, first) or _changes(projects, selection),
            BUDGET_COLUMNS
            if selection.people or selection.categories or selection.services
            else "",
            without_answer(cost=lines),
            ledger.unrecorded,
        ),
    )


@card
def reported(by_day: costs.ByDay, reports: ReportedByDay, selection: Selection) -> Sentence | None:
    """Compare the ledger with the reported daily spend in one sentence, for the whole company."""
    words = reconciliation.sentence(_reconciled(by_day, [reports], selection))
    return Sentence(words) if words else None


def _reconciled(by_day: Answer, reports: Sequence[Answer], selection: Selection) -> pd.DataFrame:
    """Compare the ledger with these reports; nothing if filters narrow the ledger."""
    ledger = costs.total_by_day(by_day.frame, selection.period)
    comparable = [] if selection.narrowed else reports
    return reconciliation.reconciled(ledger, selection.period, comparable)


@card
def reconciled(by_day: costs.ByDay, reports: Reports, selection: Selection) -> Table:
    """Compare the ledger with reported totals."""
    answers = [reports.by_day, reports.by_week, reports.by_month, reports.by_project]
    table = _reconciled(by_day, answers, selection)
    return Table(
        "Reconciliation",
        replace(by_day.with_frame(table), selection=selection),
        about="Reported spend vs the ledger (all cost entries that the dashboard adds up) for the "
        "same days. Weeks and months count only if they lie fully within the period.",
        empty=NARROWED if selection.narrowed else "No reported totals for this period.",
    )


@card
def lifetime(
    lines: Annotated[Query, later(queries.cost_by_project)],
    reports: Annotated[Query, later(queries.reported_by_project)],
    selection: Selection,
) -> Unfolded:
    """Compare the ledger with `project_costs` over each project's lifetime, once opened."""
    over = selection.over(preset("all", selection.today))
    whole = replace(over, people=(), categories=(), services=())
    asks = {"ledger": Ask(lines, whole), "reported": Ask(reports, whole)}
    return Unfolded(LIFETIME, "lifetime", "balance", asks, lambda found: _lifetime(**found))


def _lifetime(ledger: Answer, reported: Answer) -> Table:
    base = ledger if reported.answered else reported
    table = reconciliation.lifetime(ledger.frame, reported.frame)
    return Table(
        "Lifetime reconciliation",
        base.with_frame(table),
        about="Lifetime cost by project: reported in project_costs vs all ledger entries, "
        "regardless of the person filter. Difference = ledger \N{MINUS SIGN} reported.",
        note=sentences(
            reconciliation.of_reported(table, reported),
            reconciliation.unreported(reported),
            Ledger(ledger).note,
        ),
        empty=NO_LIFETIME,
    )


@card
def weekly_reports(reports: WeeklyReports, selection: Selection) -> Table:
    """List the reported cost of each week."""
    return Table(
        "Weekly spend reports",
        reports.if_empty(reconciliation.unreported(reports)).with_values_in("cost"),
        about="Reported cost of each week that starts in the period.",
        note=selection.regardless("Reported totals cover"),
    )


@card
def savings(found: Annotated[Answer, asking(queries.savings, limit=20)]) -> Table:
    """List the open savings opportunities."""
    about = "Open opportunities: neither done nor dismissed."
    return Table("Savings opportunities", found, about=about)


@card
def left_out(
    ledger: costs.PeriodLedger,
    hours: Annotated[Answer, asking(queries.unpriced_time)],
    currencies: costs.OtherCurrencies,
) -> Notice | None:
    """Say what cost totals leave out: entries without a price, entries in other currencies."""
    unpriced = ledger.lines.groupby("category")["unpriced"].sum()
    words = [
        f"{counted(int(lines), f'{name} entry')} without a price"
        f"{_unpriced_hours(hours, int(lines)) if name == TIME else ''}"
        for name, lines in unpriced[unpriced > 0].items()
    ]
    for category, currency, lines, amount in currencies.frame.itertuples(index=False):
        amounts = costs.in_parentheses(amount, currency)
        words.append(f"{counted(lines, f'{category} entry')} in {currency}{amounts}")
    said = f"Left out of cost totals: {enumerated(words)}." if words else ""
    return Notice(said, "money_off") if said else None


def _unpriced_hours(hours: Answer, lines: int) -> str:
    """Return the hours of entries without a price, in parentheses; empty if none is known."""
    if hours.state != "ready" or not (timed := int(hours.frame["entries"].sum())):
        return ""
    known = "" if timed == lines else f" in {timed:,}"
    return f" ({hours_of(float(hours.frame['hours'].sum()))}{known})"


@card
def focus(lines: Annotated[Query, later(queries.billed_lines)], selection: Selection) -> Download:
    """Offer the ledger for download in FOCUS columns."""
    return Download(
        "Download ledger (FOCUS CSV)",
        "One row per day, service and project, in FOCUS columns (FinOps cost and usage "
        "specification). Loaded when you click.",
        Ask(lines, selection),
        lambda answer, _: export.csv(costs.focus(answer), str),
        "focus",
    )


@dataclass(frozen=True)
class Year(Control):
    """The year of the calendar."""

    number: int

    def days(self, selection: Selection) -> Selection:
        """Select the days of the year, up to today."""
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
    """Show every day of a year by its hours or its cost."""
    options = {"Hours": (by_day(hours), HOURS), "Cost": (costs.by_recorded_day(spent), COST)}
    today = pd.Timestamp(selection.today)
    draw = partial(charts.calendar, year=year.number, today=today)
    return Switched("Calendar", options, draw, key="calendar")


@card
def sunburst(lines: Annotated[Answer, asking(queries.cost_tree)]) -> Chart:
    """Show the parts of the period's costs as rings."""
    tree = breakdown.tree(lines)
    return Chart(
        "Cost breakdown",
        tree,
        _rings,
        COST,
        about="Rings: category; project or service; person, model or resource. Click a segment to "
        "zoom in, the centre to zoom out.",
        note=breakdown.credits_in_words(tree),
        rows=ROWS,
        picks=CATEGORY_ONLY,
    )


def _rings(frame: pd.DataFrame, metric: Metric) -> Drawn:
    """Draw the rings under the names that a chart calls them by."""
    named, rings = frame.rename(columns=breakdown.RINGS), list(breakdown.RINGS.values())
    return charts.sunburst(named, metric, rings=rings, colours=CATEGORY)


@card
def what_if(
    ledger: costs.RecentLedger,
    seen: Seen,
    scenario: Scenario,
    found: anomalies.OfPeriod,
    selection: Selection,
) -> Chart:
    """Show the forecast, its accuracy, and the days in a scenario."""
    priced = ledger.explain(ledger.answer)
    about = (
        "Daily cost, a 30-day forecast with 80% and 95% ranges, and the scenario. Red triangles "
        "mark unusual days of the period."
    )
    if seen is None or seen.period is None:
        return Chart(WHAT_IF, priced, charts.trend, COST, about=about)
    changed = scenario.of(seen).forecast.frame if scenario.changes else None
    marks = anomalies.marks_on_total(found, seen.daily)
    return Chart(
        WHAT_IF,
        replace(priced.with_frame(seen.daily), selection=priced.selection.over(seen.period)),
        partial(charts.fan, forecast=seen.forecast.frame, what_if=changed, marks=marks),
        COST,
        about=about,
        note=sentences(
            seen.forecast.sentence,
            seen.included,
            ledger.gaps,
            _marked("Unusual days", seen.period, selection),
        ),
    )


@card
def unusual(
    ledger: costs.PeriodLedger,
    found: anomalies.OfPeriod,
    coarse: anomalies.Coarse,
    plan: Plan,
    selection: Selection,
) -> Table:
    """List the unusual days of the period, each with its cause and its entries."""
    floor = plan.thresholds.words["anomaly_floor_usd"]
    listed = anomalies.latest_first(found)
    shown = replace(
        ledger.explain(ledger.answer).map(lambda _: anomalies.table(listed)), selection=selection
    )
    return Table(
        "Unusual days",
        shown,
        about="Complete days on which a part of the costs is unusual: a category, a project in it, "
        "or a model or service. The usual cost is the median of the same weekday in the 8 weeks "
        f"before. A day is unusual if it differs from that by more than {floor}, by more than "
        "5% of a usual day's total, and by much more than other days do. The cause is the "
        "smallest part with most of the difference. Recurring costs on their due day aren't "
        "unusual.",
        note=sentences(plan.said("thresholds.anomaly_floor_usd"), coarse),
        empty="No unusual days in this period.",
        opens=tuple((one.label, one.rows) for one in listed),
        dated=True,
    )
