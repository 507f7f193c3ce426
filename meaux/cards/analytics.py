"""Analytics: a year at a glance, what costs are made of, what happened, and what may come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated

import pandas as pd

from meaux import anomalies, breakdown, charts, costs, queries, recurring, timeline
from meaux.answers import Answer, Ask
from meaux.cards.card import Chart, Switched, Table, card
from meaux.filters import Period, Selection
from meaux.filters.period import DAY
from meaux.hours import by_day
from meaux.metrics.costs import COST
from meaux.metrics.hours import HOURS
from meaux.needs import Control, Request, asking, choosing
from meaux.outlook import Scenario, Seen
from meaux.plan import Plan
from meaux.wording import sentences

WHAT_IF = "Forecast and what if"


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
        partial(charts.cost_sunburst, rings=list(breakdown.RINGS)),
        COST,
        about="Category, then project or service, then person, model or resource. Click a part "
        "to look into it, and the middle to come back.",
        note=breakdown.credits_in_words(tree),
    )


@card
def happened(
    rows: Annotated[Answer, asking(queries.timeline, limit=timeline.NEWEST)], selection: Selection
) -> tuple[Chart, Table]:
    """Events, deployments, milestones and alerts on one axis, and as a table."""
    lanes = timeline.lanes(rows)
    chart = Chart(
        "Activity timeline",
        lanes,
        partial(charts.timeline, lanes=timeline.LANES, zone=selection.zone),
        COST,
        about="Events that are more than information, deployments, completed milestones and "
        "alerts on spend; the newest of each.",
        note=timeline.cut_off(rows, selection.zone),
    )
    return chart, Table("Timeline in words", lanes, about="The same, newest first.")


@card
def what_if(recent: costs.Recent, seen: Seen, scenario: Scenario) -> Chart:
    """The forecast, its accuracy, and the days as they would be in a scenario."""
    priced = recent.explained(costs.priceless(recent))
    about = (
        "Daily cost, what is expected of the next 30 days in 4 of 5 and 19 of 20 "
        "cases, and the days as they would be in the scenario."
    )
    if seen is None:
        return Chart(WHAT_IF, priced, charts.trend, COST, about=about)
    changed = scenario.of(seen).forecast.frame if scenario.changes else None
    return Chart(
        WHAT_IF,
        priced.holding(seen.daily),
        partial(charts.fan, forecast=seen.forecast.frame, what_if=changed),
        COST,
        about=about,
        note=sentences(seen.forecast.said, seen.included, costs.lacking(recent)),
    )


@card
def unusual(
    by_day: costs.ByDay, lines: recurring.Chosen, plan: Plan, selection: Selection
) -> Table:
    """The unusual days of the period, each with its reason."""
    floor = plan.thresholds.words["anomaly_floor_usd"]
    return Table(
        "Unusual days",
        anomalies.explained(by_day, selection, plan.thresholds.anomaly_floor_usd, lines),
        about="Complete days that cost far from what is usual on their weekday: farther than "
        f"3 scaled median deviations of the last 8, and by more than {floor}. What is paid about "
        "every month is usual on its day.",
        note=plan.said("thresholds.anomaly_floor_usd"),
        empty="No day of this period cost far from what is usual.",
    )
