"""Cards of the page Analytics that need more than a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from meaux import anomalies, breakdown, charts, costs, figures, timeline
from meaux.allowances import AIMonth, StorageMonth, WorkersMonth
from meaux.answers import Answer, Rows
from meaux.cards import allowances
from meaux.filters import Period, Selection
from meaux.filters.period import DAY
from meaux.forecast import Lines
from meaux.hours import by_day
from meaux.metrics.costs import COST
from meaux.metrics.hours import HOURS
from meaux.outlook import Outlook
from meaux.plan import Plan
from meaux.ui import cards, filters
from meaux.ui.fence import section
from meaux.wording import sentences

YEARS_BACK = 4
NARROW = 150
"""The width of a small choice, in pixels."""

LARGEST_CHANGE = 100
STEP = 5
"""Of the daily burn, in per cent."""


def year(selection: Selection) -> int:
    """The year of the calendar, this one unless chosen; in the URL."""
    this = selection.today.year
    years = [str(this - n) for n in range(YEARS_BACK + 1)]
    return int(filters.one("Year of the calendar", "year", years, width=NARROW))


def days_of(selection: Selection, chosen: int) -> Selection:
    """The days of a year, up to today."""
    after = min(date(chosen + 1, 1, 1), selection.today + DAY)
    return selection.over(Period(date(chosen, 1, 1), after))


@section
def calendar(hours: Answer, spent: Answer, chosen: int, selection: Selection) -> None:
    """Every day of a year by its hours or its cost."""
    options = {"Hours": (by_day(hours), HOURS), "Cost": (costs.by_recorded_day(spent), COST)}
    draw = partial(charts.calendar, year=chosen, today=pd.Timestamp(selection.today))
    cards.switched("Calendar", options, draw, key="calendar")


@section
def gauges(rows: Rows, plan: Plan) -> None:
    """This month's use of Workers, storage and AI beside what the plans include."""
    months = (
        WorkersMonth(rows.workers_this_month),
        StorageMonth(
            rows.buckets_this_month,
            rows.bucket_peaks_this_month,
            rows.operations_this_month,
            rows.storage_this_month,
            rows.storage_peaks_this_month,
        ),
        AIMonth(rows.tokens_this_month, rows.model_cost_this_month),
    )
    with cards.row(3):
        for gauge in allowances.gauges(*months, rows.ai_budgets, plan):
            cards.draw(gauge)


@section
def sunburst(answer: Answer) -> None:
    """What the costs of the period are made of."""
    tree = breakdown.tree(answer)
    cards.chart(
        "What costs are made of",
        tree,
        charts.cost_sunburst,
        COST,
        about="Category, then project or service, then person, model or resource. Click a part "
        "to look into it, and the middle to come back.",
        note=breakdown.credits_in_words(tree),
        rings=list(breakdown.RINGS),
    )


@section
def happened(answer: Answer, selection: Selection) -> None:
    """Events, deployments, milestones and alerts on one axis, and as a table."""
    lanes = timeline.lanes(answer)
    cards.chart(
        "Activity timeline",
        lanes,
        charts.timeline,
        COST,
        about="Events that are more than information, deployments, completed milestones and "
        "alerts on spend; the newest of each.",
        note=timeline.cut_off(answer, selection.zone),
        lanes=timeline.LANES,
        zone=selection.zone,
    )
    cards.table("Timeline in words", lanes, about="The same, newest first.")


@dataclass(frozen=True)
class Scenario:
    """What is asked of the days ahead: a ratio more or less each day, dollars once on a day."""

    change: float
    once: float
    on: date


def scenario(selection: Selection) -> Scenario:
    """What if: the choice stands in the URL."""
    with st.container(border=True):
        st.markdown("**What if** the days from tomorrow on cost more or less?")
        with cards.row(3):
            change = st.slider(
                "Daily burn",
                -LARGEST_CHANGE,
                LARGEST_CHANGE,
                0,
                STEP,
                format="%+d %%",
                key="burn",
                bind="query-params",
            )
            once = st.number_input(
                "One-off cost (USD)", value=0.0, step=100.0, key="once", bind="query-params"
            )
            on = st.date_input(
                "On",
                selection.today + DAY,
                min_value=selection.today + DAY,
                max_value=selection.today + 92 * DAY,
                key="on",
                bind="query-params",
            )
    day = on if isinstance(on, date) else selection.today + DAY
    return Scenario(change / 100, float(once or 0), day)


@section
def ahead(recent: Answer, seen: Outlook | None, selection: Selection) -> None:
    """The forecast, its accuracy, the ends of month and quarter, and a scenario beside them."""
    asked = scenario(selection)
    changed = seen.what_if(asked.change, asked.once, asked.on) if seen else None
    with cards.row(4):
        cards.figure(figures.month_end, seen, recent)
        cards.figure(figures.month_end_if, seen, changed, recent)
        cards.figure(figures.quarter_end, seen, recent)
        cards.figure(figures.quarter_end_if, seen, changed, recent)
    forecast = seen.forecast if seen else None
    what_if = changed.forecast if changed and (asked.change or asked.once) else None
    cards.chart(
        "Forecast and what if",
        recent.explained(costs.priceless(recent)).holding(seen.daily if seen else recent.frame),
        charts.fan,
        COST,
        about="Daily cost, what is expected of the next 30 days in 4 of 5 and 19 of 20 "
        "cases, and the days as they would be in the scenario.",
        note=sentences(forecast.said, seen.included, costs.lacking(recent))
        if seen and forecast
        else "",
        forecast=forecast.frame if forecast else None,
        what_if=what_if.frame if what_if else None,
    )


@section
def unusual(answer: Answer, selection: Selection, plan: Plan, recurring: Lines = ()) -> None:
    """The anomalies of the period, each with its reason."""
    floor = plan.thresholds.words["anomaly_floor_usd"]
    cards.table(
        "Unusual days",
        anomalies.explained(answer, selection, plan.thresholds.anomaly_floor_usd, recurring),
        about="Complete days that cost far from what is usual on their weekday: farther than "
        f"3 scaled median deviations of the last 8, and by more than {floor}. What is paid about "
        "every month is usual on its day.",
        note=plan.said("thresholds.anomaly_floor_usd"),
        empty="No day of this period cost far from what is usual.",
    )
