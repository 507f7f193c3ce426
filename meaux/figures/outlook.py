"""Outlook: how fast money is spent, and where the month and the quarter may end."""

from __future__ import annotations

import pandas as pd

from meaux import series
from meaux.answers import Answer
from meaux.costs import Recent
from meaux.figures.figure import Reading, Unknown, figure
from meaux.filters import Period
from meaux.forecast import RUN_RATE_NEEDS, PeriodEnd
from meaux.metrics import Metric
from meaux.metrics.costs import (
    DAILY_BURN,
    MONTH_END,
    MONTH_END_IF,
    QUARTER_END,
    QUARTER_END_IF,
)
from meaux.outlook import Outlook, Scenario, Seen
from meaux.wording import counted, enumerated, sentences

NEEDS = f"needs {RUN_RATE_NEEDS} complete days"
LONGEST_BURN = 30
DAYS_NAMED = 3
"""How many days a sentence names."""
NOTHING_SPENT = "Nothing was spent in the last weeks."


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
    since = f", since {over.start:%-d %b}" if over.days < LONGEST_BURN else ""
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
    return enumerated([f"{day:%-d %b}" for day in sorted(days)])


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
