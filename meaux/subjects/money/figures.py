"""Figures of money: what is spent, how fast, of which budgets, and where it is heading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.query import queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection, month_to_date
from meaux.query.filters.period import last_month
from meaux.query.forecast import RUN_RATE_NEEDS, PeriodEnd
from meaux.query.metrics import Metric
from meaux.query.needs import asking, compared
from meaux.subjects.figure import Reading, Unknown, beside, figure
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
from meaux.subjects.money.outlook import Outlook, Scenario, Seen
from meaux.wording import counted, day_of, enumerated, sentences

NO_COST = "No cost was recorded."
NONE_HOLDS = "No budget has a status today."
UNJUDGED = ("unknown", "none")
NOTHING_KNOWN = "What was spent of the budgets is not known."
NOTHING_SPENT = "Nothing was spent in the last weeks."
NEEDS = f"needs {RUN_RATE_NEEDS} complete days"
LONGEST_BURN = 30
DAYS_NAMED = 3
"""How many days a sentence names."""


@figure(COST, of=costs.ByDay, more="Financial analytics")
def cost(
    ledger: costs.PeriodLedger,
    other_currencies: costs.OtherCurrencies,
    first: costs.FirstLine,
    selection: Selection,
) -> Reading:
    """What the period cost, against the compared one, with what other currencies leave out."""
    abroad = costs.abroad(other_currencies)
    return _of_period(ledger, ledger.answer.frame, first, selection, abroad)


@figure(COST, of=costs.ByDay, more="Financial analytics")
def cost_at_a_glance(
    ledger: costs.PeriodLedger, first: costs.FirstLine, selection: Selection
) -> Reading:
    """What the period cost, against the compared one."""
    return _of_period(ledger, ledger.answer.frame, first, selection)


@figure(COST, more="Financial analytics")
def cost_of_period(
    by_day: Annotated[Answer, asking(queries.cost_by_day)],
    before: Annotated[Answer | None, compared(queries.cost_by_day)],
    first: costs.FirstLine,
    selection: Selection,
) -> Reading:
    """The same, where nothing else on the page needs the days between the two periods."""
    known = before if before is not None and before.answered else by_day
    return _of_period(Ledger(by_day, selection.period), known.frame, first, selection)


def _of_period(
    ledger: Ledger,
    then: pd.DataFrame,
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
    """Cost of this month up to today; its days that are over against those of the last month."""
    this = month_to_date(selection.today)
    ledger = Ledger(recent, this)
    spent = _spent(recent.frame, this)
    whole = last_month(selection.today)
    last = _spent(recent.frame, whole)
    note = f"{whole.start:%B} in all: {COST_THIS_MONTH.short(last)}." if last is not None else ""
    reading = Reading(
        spent,
        trend=_trend(recent.frame, this),
        note=sentences(note, ledger.note) or (NO_COST if spent is None else ""),
        origin=ledger.origin,
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
    return series.known_sum(series.within(frame, period)["cost"])


def _trend(frame: pd.DataFrame, period: Period) -> tuple[float, ...]:
    """The cost of every day; nothing where no line of the period has a price."""
    if _spent(frame, period) is None:
        return ()
    return tuple(costs.total_by_day(frame, period)["cost"])


@figure(BUDGETS_IN_DANGER)
def budgets_in_danger(found: Statuses, unread: LeftOut) -> Reading:
    """How many budgets are over or at risk, of how many that are known.

    `unread` says which budgets can't be read or used.
    """
    known = [budget for budget in found if budget.status not in UNJUDGED]
    if not known:
        unknown = any(budget.status == "unknown" for budget in found)
        rest = NONE_HOLDS if found else unread or "No budget is set."
        return Unknown(note=NOTHING_KNOWN if unknown else rest)
    danger = sum(budget.status in ("over", "at risk") for budget in known)
    counted = f"Of {len(known)} budget{'s' * (len(known) != 1)}."
    return Reading(float(danger), note=f"{counted} {unread}".strip())


@figure(DAILY_BURN)
def daily_burn(recent: Recent, seen: Seen) -> Reading:
    """The mean of the last 7 complete days, with that of 30 beside it, or of as many as there are.

    `recent` is what the outlook was made of; it says why there is none.
    """
    week, month = (seen.burn(days) for days in (7, LONGEST_BURN)) if seen else (None, None)
    over = seen.burning(LONGEST_BURN) if seen else None
    if seen is None or over is None or week is None:
        known, without = (seen.origin, seen.note) if seen else ("", "")
        return Unknown(note=sentences(_needed(seen, NEEDS), without), origin=known)
    note = sentences(_meant(month, over), _set_aside(seen), _unpriced(recent, over), seen.note)
    return Reading(week, note=note, origin=seen.origin)


def _meant(mean: float | None, over: Period) -> str:
    """The longer mean, and which days it is of; these begin with the first that cost anything."""
    if mean is None:
        return ""
    since = f", since {day_of(over.start, year=False)}" if over.days < LONGEST_BURN else ""
    return f"{DAILY_BURN.short(mean)} over {over.days} complete days{since}."


def _unpriced(recent: Answer, over: Period) -> str:
    """Sentences on the lines of these days without a price, and on days without any in dollars."""
    lines = series.within(recent.frame, over)
    bare = lines[lines["unpriced"] > 0]
    unknown = lines.groupby("day")["cost"].count() == 0
    foreign = set(unknown.index[unknown]) - set(bare["day"])
    said = []
    if number := int(bare["unpriced"].sum()):
        have = "has no price and counts" if number == 1 else "have no price and count"
        said.append(f"{counted(number, 'line')} of {_days(set(bare['day']))} {have} as $0.")
    if foreign:
        said.append(f"No line of {_days(foreign)} is in dollars: it counts as $0.")
    return sentences(*said)


def _days(days: set[pd.Timestamp]) -> str:
    """Days by name, or how many, where they are many."""
    if len(days) > DAYS_NAMED:
        return f"{len(days)} of these days"
    return enumerated([day_of(day, year=False) for day in sorted(days)])


def _set_aside(seen: Outlook) -> str:
    """A sentence that names the recurring lines that a burn leaves out; empty for none."""
    named = seen.month.included.removeprefix("Incl. ")
    return f"Without {named}" if named else ""


def _needed(seen: Outlook | None, what: str) -> str:
    """What a rate needs; where no day is known, the note of the outlook says why."""
    return "" if seen and seen.daily.empty and seen.note else f"It {what}."


@figure(MONTH_END, of=Recent)
def month_end(seen: Seen) -> Reading:
    """What the month may come to: the forecast with its band, else the run rate."""
    return _period_end(MONTH_END, seen.month, seen) if seen else Unknown(note=NOTHING_SPENT)


@figure(QUARTER_END, of=Recent)
def quarter_end(seen: Seen) -> Reading:
    """What the quarter may come to: the forecast with its band, else the run rate."""
    return _period_end(QUARTER_END, seen.quarter, seen) if seen else Unknown(note=NOTHING_SPENT)


def _period_end(metric: Metric, end: PeriodEnd, seen: Outlook) -> Reading:
    origin = seen.origin
    if end.forecast is None:
        rate = f"By the {_run_rate(metric)}."
        why = _needed(seen, end.no_run_rate) if end.no_run_rate else rate
        return Reading(end.run_rate, note=sentences(why, seen.note), origin=origin)
    note = sentences(_banded(metric, end), end.included, seen.note)
    return Reading(end.forecast, note=note, origin=origin)


def _run_rate(metric: Metric) -> str:
    """The other way to project an end, as no forecast is named."""
    return f"run rate of this {'quarter' if metric is QUARTER_END else 'month'}'s complete days"


def _banded(metric: Metric, end: PeriodEnd) -> str:
    """The band and the run rate in a sentence; empty where there is neither."""
    band = rate = ""
    if end.low80 is not None and end.high80 is not None:
        band = f"{metric.short(end.low80)} to {metric.short(end.high80)} in 4 of 5 cases"
    if end.run_rate is not None:
        rate = f"by the {_run_rate(metric)} {metric.short(end.run_rate)}"
    words = "; ".join(filter(None, (band, rate)))
    return _sentence(words)


@figure(MONTH_END_IF, of=Recent)
def month_end_if(seen: Seen, scenario: Scenario) -> Reading:
    """What the month may come to in a scenario, beside the forecast without it."""
    if seen is None:
        return Unknown(note=NOTHING_SPENT)
    return _scenario(MONTH_END_IF, seen.month, scenario.of(seen).month, seen)


@figure(QUARTER_END_IF, of=Recent)
def quarter_end_if(seen: Seen, scenario: Scenario) -> Reading:
    """What the quarter may come to in a scenario, beside the forecast without it."""
    if seen is None:
        return Unknown(note=NOTHING_SPENT)
    return _scenario(QUARTER_END_IF, seen.quarter, scenario.of(seen).quarter, seen)


def _scenario(metric: Metric, plain: PeriodEnd, changed: PeriodEnd, seen: Outlook) -> Reading:
    if changed.forecast is None or plain.forecast is None:
        return Unknown(note=seen.note or _sentence(changed.no_forecast))
    moved = changed.forecast - plain.forecast
    note = f"{'+' if moved > 0 else ''}{metric.exact(moved)}." if moved else "Nothing is changed."
    return Reading(changed.forecast, plain.forecast, "vs the forecast", note=note)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}." if words else ""
