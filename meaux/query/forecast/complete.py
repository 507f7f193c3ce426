"""Complete days: those before today, the only ones that rates are made of."""

from __future__ import annotations

from datetime import date

import pandas as pd

from meaux.query.filters import Period
from meaux.query.filters.period import DAY, first_of_quarter, months_before
from meaux.query.forecast.recurring import Lines, due_in, paid_in, without

RUN_RATE_NEEDS = 3
"""Complete days without which nothing is projected."""
WEEK = 7
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


def known_in(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """The known values of a period's days."""
    values = by_day(daily, value).dropna()
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    return values[(values.index >= start) & (values.index < end)]


def counted_in(daily: pd.DataFrame, value: str, period: Period) -> pd.Series:
    """What is known of each of a period's days, for a mean over them.

    A day that is unknown counts with nothing, as the unknown part of any other day does, so that
    a line without a price changes no mean. None counts where all that is known is nothing.
    """
    known = known_in(daily, value, period)
    values = by_day(daily, value)
    days = [day for day in pd.date_range(period.start, period.last) if day in values.index]
    if len(known) < len(days) and not known.any():
        return known.head(0)
    return known.reindex(pd.DatetimeIndex(days), fill_value=0.0)


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


def month_of(today: date) -> Period:
    """The whole month that a day lies in."""
    first = today.replace(day=1)
    return Period(first, months_before(first, -1))


def quarter_of(today: date) -> Period:
    """The whole quarter that a day lies in."""
    first = first_of_quarter(today)
    return Period(first, months_before(first, -3))


def week_of(today: date) -> Period:
    """The whole week that a day lies in, from Monday on."""
    first = today - today.weekday() * DAY
    return Period(first, first + WEEK * DAY)


def year_of(today: date) -> Period:
    """The whole year that a day lies in."""
    return Period(date(today.year, 1, 1), date(today.year + 1, 1, 1))


SPAN_OF = {"week": week_of, "month": month_of, "quarter": quarter_of, "year": year_of}
"""The whole period of each name that a day lies in."""
