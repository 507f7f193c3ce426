"""Costs: what is spent, how fast, and of which budgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux import costs, queries, series
from meaux.answers import Answer
from meaux.figures.figure import Reading, Unknown, beside, figure
from meaux.filters import Period, Selection, month_to_date
from meaux.filters.period import last_month
from meaux.metrics.costs import BUDGETS_IN_DANGER, COST, COST_THIS_MONTH
from meaux.needs import asking, compared
from meaux.standings import LeftOut, Standings
from meaux.wording import sentences

NO_COST = "No cost was recorded."
NONE_HOLDS = "No budget has a status today."
UNJUDGED = ("unknown", "none")
NOTHING_KNOWN = "What was spent of the budgets is not known."


@figure(COST, more="Financial analytics")
def cost(
    by_day: costs.ByDay,
    other_currencies: costs.OtherCurrencies,
    first: costs.FirstLine,
    selection: Selection,
) -> Reading:
    """What the period cost, against the compared one, with what other currencies leave out."""
    abroad = costs.abroad(other_currencies)
    return _of_period(by_day, by_day.frame, first, selection, abroad)


@figure(COST, more="Financial analytics")
def cost_at_a_glance(by_day: costs.ByDay, first: costs.FirstLine, selection: Selection) -> Reading:
    """What the period cost, against the compared one."""
    return _of_period(by_day, by_day.frame, first, selection)


@figure(COST, more="Financial analytics")
def cost_of_period(
    by_day: Annotated[Answer, asking(queries.cost_by_day)],
    before: Annotated[Answer | None, compared(queries.cost_by_day)],
    first: costs.FirstLine,
    selection: Selection,
) -> Reading:
    """The same, where nothing else on the page needs the days between the two periods."""
    known = before if before is not None and before.answered else by_day
    return _of_period(by_day, known.frame, first, selection)


def _of_period(
    by_day: Answer,
    then: pd.DataFrame,
    first: date | None,
    selection: Selection,
    abroad: str = "",
) -> Reading:
    spent = _spent(by_day.frame, selection.period)
    note = sentences(costs.note(by_day, selection.period), abroad)
    reading = Reading(
        spent,
        trend=_trend(by_day.frame, selection.period),
        note=note or (NO_COST if spent is None else ""),
        origin=costs.origin(by_day),
    )
    return _compared(reading, first, selection, by_day.frame, then)


@figure(COST_THIS_MONTH, more="Financial analytics")
def cost_this_month(recent: costs.Recent, first: costs.FirstLine, selection: Selection) -> Reading:
    """Cost of this month up to today; its days that are over against those of the last month."""
    this = month_to_date(selection.today)
    spent = _spent(recent.frame, this)
    whole = last_month(selection.today)
    last = _spent(recent.frame, whole)
    note = f"{whole.start:%B} in all: {COST_THIS_MONTH.short(last)}." if last is not None else ""
    reading = Reading(
        spent,
        trend=_trend(recent.frame, this),
        note=sentences(note, costs.note(recent, this)) or (NO_COST if spent is None else ""),
        origin=costs.origin(recent),
    )
    month = replace(selection, period=this, compare="previous")
    return _compared(reading, first, month, recent.frame, recent.frame)


def _compared(
    reading: Reading,
    first: date | None,
    selection: Selection,
    now: pd.DataFrame,
    then: pd.DataFrame,
) -> Reading:
    """The reading beside the compared days, of costs by day that reach as far or farther."""
    found = selection.comparison
    spent, before = (_spent(now, found.now), _spent(then, found.then)) if found else (None, None)
    return beside(reading, selection, first, spent, before)


def _spent(frame: pd.DataFrame, period: Period) -> float | None:
    """What a period cost; None where no line of it has a price."""
    total = series.within(frame, period)["cost"].sum(min_count=1)
    return None if pd.isna(total) else float(total)


def _trend(frame: pd.DataFrame, period: Period) -> tuple[float, ...]:
    """The cost of every day; nothing where no line of the period has a price."""
    if _spent(frame, period) is None:
        return ()
    return tuple(costs.total_by_day(frame, period)["cost"])


@figure(BUDGETS_IN_DANGER)
def budgets_in_danger(found: Standings, unread: LeftOut) -> Reading:
    """How many budgets are over or at risk, of how many that are known.

    `unread` says which budgets can't be read or used.
    """
    known = [standing for standing in found if standing.status not in UNJUDGED]
    if not known:
        unknown = any(standing.status == "unknown" for standing in found)
        rest = NONE_HOLDS if found else unread or "No budget is set."
        return Unknown(note=NOTHING_KNOWN if unknown else rest)
    danger = sum(standing.status in ("over", "at risk") for standing in known)
    counted = f"Of {len(known)} budget{'s' * (len(known) != 1)}."
    return Reading(float(danger), note=f"{counted} {unread}".strip())
