"""Costs as cards: over time, by category, project, person and service, and what is unusual."""

from __future__ import annotations

from dataclasses import replace
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
from meaux.query.filters import Selection, month_to_date
from meaux.query.metrics import Metric
from meaux.query.needs import asking, later
from meaux.query.queries import Query
from meaux.subjects.card import Chart, Download, Notice, Table, card
from meaux.subjects.money import anomalies, breakdown, portfolio, rankings
from meaux.subjects.money import frames as costs
from meaux.subjects.money.budgets import find
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.metrics import CHANGE, COST, COST_THIS_MONTH
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
BUDGET_COLUMNS = "The budget columns cover all cost of a project, regardless of filters."
ROWS = Opening(COST.name)
PERSONAL, SERVICED = (
    Opening(COST.name, tuple(("category", one.name) for one in CATEGORIES if has(one)))
    for has in (attrgetter("personal"), attrgetter("serviced"))
)
TIME = of_table("time_entry").name


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
