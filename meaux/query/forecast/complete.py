"""Complete days: those before today. Only they enter rates."""

from __future__ import annotations

import math
from datetime import date
from functools import partial

import pandas as pd

from meaux.query.filters import Period
from meaux.query.filters.period import DAY
from meaux.query.forecast.recurring import Lines, due_in, paid_in, without

RUN_RATE_NEEDS = 3
"""The fewest complete days for a projection."""
NEEDS = f"needs {RUN_RATE_NEEDS} complete days"


def by_day(daily: pd.DataFrame, value: str) -> pd.Series:
    """Sum the values of each day of a frame, oldest first.

    A day without a known value is NaN.
    """
    days = pd.DatetimeIndex(daily["day"], name="day")
    numbers = pd.Series(daily[value].to_numpy("float64", na_value=math.nan), days, name=value)
    if days.is_monotonic_increasing and days.is_unique:
        return numbers
    return numbers.groupby(level=0).sum(min_count=1)


def complete(daily: pd.DataFrame, value: str, today: date) -> pd.Series:
    """Return the value on each complete day from the first known one to the last.

    A day between them that is missing, or unknown, is NaN.
    """
    past = by_day(daily, value)[lambda values: values.index < pd.Timestamp(today)].dropna()
    if past.empty:
        return past
    return past.reindex(pd.date_range(past.index[0], past.index[-1], name="day"))


def _inside(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """Return the values of a period's days."""
    values = by_day(daily, value)
    start, end = values.index.searchsorted([pd.Timestamp(period.start), pd.Timestamp(period.end)])
    return values.iloc[start:end]


def known_in(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """Return the known values of a period's days."""
    return _inside(daily, value, period).dropna()


def counted_in(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """Return the values of a period's days, for a mean over them.

    An unknown day counts as 0, like the unknown part of any other day, so that an entry without a
    price doesn't change the mean. If days are unknown and all known values are 0, no day counts.
    """
    values = _inside(daily, value, period)
    if values.hasnans and not values.any():
        return values.head(0)
    return values.fillna(0.0)


def burn(
    daily: pd.DataFrame, value: str, today: date, days: int, lines: Lines = ()
) -> float | None:
    """Return the mean of the last `days` complete days without recurring costs.

    None if fewer than 3 of them count.
    """
    last = without(counted_in(daily, value, Period(today - days * DAY, today)), lines)
    return float(last.mean()) if len(last) >= RUN_RATE_NEEDS else None


def run_rate(
    daily: pd.DataFrame, value: str, today: date, period: Period, lines: Lines = ()
) -> float | None:
    """Project the period's total if all its days are like its complete ones.

    Sum of the complete days / complete days x days in the period, without recurring costs; these
    are added once: those paid and those still due. None with fewer than 3 complete days.
    """
    if today - period.start < RUN_RATE_NEEDS * DAY:
        return None
    passed = counted_in(daily, value, Period(period.start, min(today, period.end)))
    if len(passed) < RUN_RATE_NEEDS:
        return None
    rate = float(without(passed, lines).mean()) * period.days
    return rate + paid_in(lines, period) + due_in(lines, today, period.end)


def _span(frequency: str, today: date) -> Period:
    """Return the whole week (from Monday on), month, quarter or year that contains a day."""
    whole = pd.Period(today, frequency)
    return Period(whole.start_time.date(), whole.end_time.date() + DAY)


SPAN_OF = {
    name: partial(_span, frequency)
    for name, frequency in {"week": "W", "month": "M", "quarter": "Q", "year": "Y"}.items()
}
"""The whole period of each name that contains a day."""
