"""Complete days: those before today, the only ones that rates are made of."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd

from meaux.query.filters import Period
from meaux.query.filters.period import DAY
from meaux.query.forecast.recurring import Lines, due_in, paid_in, without

RUN_RATE_NEEDS = 3
"""Complete days without which nothing is projected."""
NEEDS = f"needs {RUN_RATE_NEEDS} complete days"


def by_day(daily: pd.DataFrame, value: str) -> pd.Series:
    """The value on each day of a frame, oldest first; lines of one day are added up.

    A day whose every line is unknown is NaN.
    """
    numbers = daily[value].astype("float64").groupby(pd.to_datetime(daily["day"]))
    return numbers.sum(min_count=1).sort_index()


def complete(daily: pd.DataFrame, value: str, today: date) -> pd.Series:
    """The value on each complete day from the first known one to the last.

    A day between them that is missing, or unknown, is NaN.
    """
    past = by_day(daily, value)[lambda values: values.index < pd.Timestamp(today)].dropna()
    if past.empty:
        return past
    return past.reindex(pd.date_range(past.index[0], past.index[-1], name="day"))


def _inside(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """The values of a period's days."""
    values = by_day(daily, value)
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    return values[(values.index >= start) & (values.index < end)]


def known_in(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """The known values of a period's days."""
    return _inside(daily, value, period).dropna()


def counted_in(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """What is known of each of a period's days, for a mean over them.

    A day that is unknown counts with nothing, as the unknown part of any other day does, so that
    a line without a price changes no mean. None counts where all that is known is nothing.
    """
    values = _inside(daily, value, period)
    if values.hasnans and not values.any():
        return values.head(0)
    return values.fillna(0.0)


def burn(
    daily: pd.DataFrame, value: str, today: date, days: int, lines: Lines = ()
) -> float | None:
    """The mean of the last `days` complete days without what was paid of recurring lines.

    None where fewer than 3 of them are counted.
    """
    last = without(counted_in(daily, value, Period(today - days * DAY, today)), lines)
    return float(last.mean()) if len(last) >= RUN_RATE_NEEDS else None


def run_rate(
    daily: pd.DataFrame, value: str, today: date, period: Period, lines: Lines = ()
) -> float | None:
    """What the period comes to if all its days are like its complete ones.

    Sum of the complete days / complete days x days in the period, both without recurring lines,
    and these once: what was paid of them, and what is still due. None under 3 complete days.
    """
    if today - period.start < RUN_RATE_NEEDS * DAY:
        return None
    passed = counted_in(daily, value, Period(period.start, min(today, period.end)))
    if len(passed) < RUN_RATE_NEEDS:
        return None
    rate = float(without(passed, lines).mean()) * period.days
    return rate + paid_in(lines, period) + due_in(lines, today, period.end)


def _span(frequency: str, today: date) -> Period:
    """The whole week (from Monday on), month, quarter or year that a day lies in."""
    whole = pd.Period(today, frequency)
    return Period(whole.start_time.date(), whole.end_time.date() + DAY)


SPAN_OF = {
    name: partial(_span, frequency)
    for name, frequency in {"week": "W", "month": "M", "quarter": "Q", "year": "Y"}.items()
}
"""The whole period of each name that a day lies in."""
