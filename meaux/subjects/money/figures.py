"""Figures of money: costs, burn rate, budgets and projections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.query import queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection, month_to_date
from meaux.query.filters.period import EARLIEST, last_month
from meaux.query.forecast import RUN_RATE_NEEDS, PeriodEnd
from meaux.query.metrics import Metric
from meaux.query.needs import asking, compared
from meaux.subjects.figure import Reading, Unknown, beside, covering, figure
from meaux.subjects.money import frames as costs
from meaux.subjects.money.budget_status import LeftOut, Statuses
from meaux.subjects.money.frames import Recent
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.metrics import (
    BUDGETS_IN_DANGER,
    COST,
    COST_THIS_MONTH,
    DAILY_BURN,
    MONTH_END,
    MONTH_END_IF,
    QUARTER_END,
    QUARTER_END_IF,
)
from meaux.subjects.money.outlook import Outlook, Scenario, Seen, band
from meaux.wording import counted, day_of, enumerated, sentences

NO_COST = "No cost recorded."
NONE_HOLDS = "No budget can be assessed today."
UNJUDGED = ("unknown", "none")
NOTHING_KNOWN = "Spend against the budgets is unknown."
NOTHING_SPENT = f"No cost recorded in the last {costs.WEEKS_OF_HISTORY} weeks."
NEEDS = f"needs {RUN_RATE_NEEDS} complete days since the first cost"
RUN_RATE = "current run rate"
BURN_DAYS, LONGEST_BURN = 7, 30
DAYS_NAMED = 3
"""The number of days that a sentence names."""


@figure(COST, of=costs.ByDay, more="Financial analytics")
def cost(
    ledger: costs.PeriodLedger,
    other_currencies: costs.OtherCurrencies,
    first: costs.FirstLine,
    selection: Selection,
) -> Reading:
    """Compare the period's cost, and say what is left out in other currencies."""
    abroad = costs.abroad(other_currencies)
    return _of_period(ledger, ledger.answer.frame, first, selection, abroad)


@figure(COST, of=costs.ByDay, more="Financial analytics")
def cost_at_a_glance(
    ledger: costs.PeriodLedger, first: costs.FirstLine, selection: Selection
) -> Reading:
    """Compare the period's cost with that of the comparison period."""
    return _of_period(ledger, ledger.answer.frame, first, selection)


@figure(COST, more="Financial analytics")
def cost_of_period(
    by_day: Annotated[Answer, asking(queries.cost_by_day)],
    before: Annotated[Answer | None, compared(queries.cost_by_day)],
    first: costs.FirstLine,
    selection: Selection,
) -> Reading:
    """Do the same if nothing else on the page needs the days between the two periods."""
    then = before.frame if before is not None and before.answered else None
    return _of_period(Ledger(by_day, selection.period), then, first, selection)


def _of_period(
    ledger: Ledger,
    then: pd.DataFrame | None,
    first: date | None,
    selection: Selection,
    abroad: str = "",
) -> Reading:
    by_day = ledger.answer.frame
    spent = _spent(by_day, selection.period)
    note = sentences(ledger.note, abroad)
    reading = Reading(
        spent,
        trend=_trend(by_day, selection.period),
        note=note or (NO_COST if spent is None else ""),
        origin=ledger.origin,
    )
    return _compared(reading, first, selection, by_day, then)


@figure(COST_THIS_MONTH, more="Financial analytics")
def cost_this_month(recent: costs.Recent, first: costs.FirstLine, selection: Selection) -> Reading:
    """Read this month's cost up to today; compare its complete days with last month's."""
    this = month_to_date(selection.today)
    ledger = Ledger(recent, this)
    spent = _spent(recent.frame, this)
    whole = last_month(selection.today)
    last = _spent(recent.frame, whole)
    note = f"{whole.start:%B} total: {COST_THIS_MONTH.short(last)}." if last is not None else ""
    reading = Reading(
        spent,
        trend=_trend(recent.frame, this),
        note=sentences(covering(this, selection), note, ledger.note)
        if spent is not None
        else ledger.note or NO_COST,
        origin=ledger.origin,
    )
    month = replace(selection, period=this, compare="previous")
    return _compared(reading, first, month, recent.frame, recent.frame)


def _compared(
    reading: Reading,
    first: date | None,
    selection: Selection,
    now: pd.DataFrame,
    then: pd.DataFrame | None,
) -> Reading:
    """Add the comparison to a reading; `now` and `then` hold costs by day, from far enough back.

    `then` is None if the database didn't answer. A comparison period without entries cost nothing
    if the ledger had begun.
    """
    found = selection.comparison
    if found is None or then is None:
        return beside(reading, selection, first, None, None)
    spent, before = _spent(now, found.now), _spent(then, found.then)
    recorded = first is not None and EARLIEST < first <= found.then.start
    if recorded and series.within(then, found.then).empty and spent is not None:
        before = 0.0
        reading = replace(reading, note=sentences(f"No cost in {found.then}.", reading.note))
    return beside(reading, selection, first, spent, before)


def _spent(frame: pd.DataFrame, period: Period) -> float | None:
    """Sum a period's cost; None if no entry has a price."""
    return series.known_sum(series.within(frame, period)["cost"])


def _trend(frame: pd.DataFrame, period: Period) -> tuple[float, ...]:
    """Return the cost of every day; nothing if no entry of the period has a price."""
    if _spent(frame, period) is None:
        return ()
    return tuple(costs.total_by_day(frame, period)["cost"])


@figure(BUDGETS_IN_DANGER)
def budgets_in_danger(found: Statuses, unread: LeftOut, selection: Selection) -> Reading:
    """Count the budgets over or at risk, of those that can be assessed.

    `unread` says which budgets can't be read or are invalid.
    """
    known = [budget for budget in found if budget.status not in UNJUDGED]
    unknown = sum(budget.status == "unknown" for budget in found)
    if not known:
        rest = NONE_HOLDS if found else unread or "No budgets set."
        return Unknown(note=NOTHING_KNOWN if unknown else rest)
    danger = sum(budget.status in ("over", "at risk") for budget in known)
    return Reading(
        float(danger),
        note=sentences(
            f"Of {counted(len(known), 'budget')}, each in its own period.",
            f"Spend against {unknown} more is unknown." if unknown else "",
            selection.regardless("Budgets cover"),
            unread,
        ),
    )


@figure(DAILY_BURN)
def daily_burn(recent: Recent, seen: Seen, selection: Selection) -> Reading:
    """Read the mean of the last 7 complete days; the note adds that of up to 30.

    `recent` is the answer that the outlook was made of; it says why there is none.
    """
    if seen is None:
        return Unknown(note=NOTHING_SPENT)
    week, month = (seen.burn(days) for days in (BURN_DAYS, LONGEST_BURN))
    over = seen.burning(LONGEST_BURN)
    if over is None or week is None:
        return Unknown(note=sentences(_needed(seen, NEEDS), seen.note), origin=seen.origin)
    days = seen.burning(7)
    note = sentences(
        covering(days, selection) if days else "",
        _meant(month, over),
        _set_aside(seen),
        _unpriced(recent, over),
        seen.note,
    )
    return Reading(week, note=note, origin=seen.origin)


def _meant(mean: float | None, over: Period) -> str:
    """Say the longer mean and its days, which begin with the first that has a cost."""
    if mean is None:
        return ""
    since = f", since {day_of(over.start, year=False)}" if over.days < LONGEST_BURN else ""
    return f"{DAILY_BURN.short(mean)} per day over {over.days} complete days{since}."


def _unpriced(recent: Answer, over: Period) -> str:
    """Say how many entries of these days have no price, and which days have none in USD."""
    lines = series.within(recent.frame, over)
    bare = lines[lines["unpriced"] > 0]
    unknown = lines.groupby("day")["cost"].count() == 0
    foreign = set(unknown.index[unknown]) - set(bare["day"])
    said = []
    if number := int(bare["unpriced"].sum()):
        have = "has no price and is" if number == 1 else "have no price and are"
        said.append(f"{counted(number, 'entry')} on {_days(set(bare['day']))} {have} left out.")
    if foreign:
        said.append(f"No USD entry on {_days(foreign)}: counted as $0.")
    return sentences(*said)


def _days(days: set[pd.Timestamp]) -> str:
    """Name the days, or count them if they are many."""
    if len(days) > DAYS_NAMED:
        return f"{len(days)} of these days"
    return enumerated([day_of(day, year=False) for day in sorted(days)])


def _set_aside(seen: Outlook) -> str:
    """Name the recurring costs that a burn rate leaves out; empty for none."""
    named = seen.month.included.removeprefix("Includes recurring costs: ")
    return f"Without recurring costs: {named}" if named else ""


def _needed(seen: Outlook, what: str) -> str:
    """Say what a rate needs; if no day is known, the note of the outlook says why."""
    return "" if seen.daily.empty and seen.note else _sentence(what)


@figure(MONTH_END, of=Recent)
def month_end(seen: Seen, selection: Selection) -> Reading:
    """Project the month's cost: the forecast with its range, otherwise the run rate."""
    if seen is None:
        return Unknown(note=NOTHING_SPENT)
    return _period_end(MONTH_END, seen.month, seen, selection)


@figure(QUARTER_END, of=Recent)
def quarter_end(seen: Seen, selection: Selection) -> Reading:
    """Project the quarter's cost: the forecast with its range, otherwise the run rate."""
    if seen is None:
        return Unknown(note=NOTHING_SPENT)
    return _period_end(QUARTER_END, seen.quarter, seen, selection)


def _period_end(metric: Metric, end: PeriodEnd, seen: Outlook, selection: Selection) -> Reading:
    origin, days = seen.origin, covering(end.period, selection)
    if end.forecast is None:
        why = _needed(seen, end.no_run_rate) if end.no_run_rate else f"At the {RUN_RATE}."
        return Reading(end.run_rate, note=sentences(days, why, seen.note), origin=origin)
    note = sentences(days, _banded(metric, end), end.included, seen.note)
    return Reading(end.forecast, note=note, origin=origin)


def _banded(metric: Metric, end: PeriodEnd) -> str:
    """Say the range and the run rate; empty if there is neither."""
    rate = "" if end.run_rate is None else f"{metric.short(end.run_rate)} at the {RUN_RATE}"
    words = "; ".join(filter(None, (band(end, metric), rate)))
    return _sentence(words)


@figure(MONTH_END_IF, of=Recent)
def month_end_if(seen: Seen, scenario: Scenario, selection: Selection) -> Reading:
    """Project the month's cost in a scenario, beside the forecast."""
    if seen is None:
        return Unknown(note=NOTHING_SPENT)
    return _scenario(MONTH_END_IF, seen.month, scenario.of(seen).month, seen, selection)


@figure(QUARTER_END_IF, of=Recent)
def quarter_end_if(seen: Seen, scenario: Scenario, selection: Selection) -> Reading:
    """Project the quarter's cost in a scenario, beside the forecast."""
    if seen is None:
        return Unknown(note=NOTHING_SPENT)
    return _scenario(QUARTER_END_IF, seen.quarter, scenario.of(seen).quarter, seen, selection)


def _scenario(
    metric: Metric, plain: PeriodEnd, changed: PeriodEnd, seen: Outlook, selection: Selection
) -> Reading:
    if changed.forecast is None or plain.forecast is None:
        return Unknown(note=seen.note or _sentence(changed.no_forecast))
    moved = changed.forecast - plain.forecast
    note = f"{'+' if moved > 0 else ''}{metric.exact(moved)}." if moved else "Same as the forecast."
    note = sentences(covering(plain.period, selection), note)
    return Reading(changed.forecast, plain.forecast, "vs forecast", note=note)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}." if words else ""
