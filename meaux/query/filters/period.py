"""Periods: half-open ranges of local days."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from meaux.wording import day_of, span_of

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
EARLIEST = date(2000, 1, 1)
"""The start of the period "all"; an earlier date is an unset clock, not a record."""


@dataclass(frozen=True, order=True)
class Period:
    """The local days from `start` up to, not including, `end`.

    `months` is the number of calendar months, 0 for a number of days. By default it is derived:
    from the first day of a month to the last day of a month is a number of months.
    """

    start: date
    end: date
    months: int | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("a period must end after it starts")

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.end - DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + n * DAY for n in range(self.days))

    @property
    def counted_in_months(self) -> int:
        """How many calendar months it means; 0 if it means days."""
        if self.months is not None:
            return self.months
        return months_between(self.start, self.end) if self.start.day == self.end.day == 1 else 0

    def before(self, day: date) -> Period | None:
        """Return the part before a day; None if there is none."""
        return Period(self.start, min(self.end, day)) if self.start < day else None

    def parts(self, grain: str) -> Iterator[Period]:
        """Yield its days, weeks or months in order; the first and last may be incomplete."""
        start = self.start
        while start < self.end:
            end = min(_after(start, grain), self.end)
            yield Period(start, end)
            start = end

    def reaching_back(self, days: int) -> Period:
        """Return this period, extended by some days before it."""
        return Period(self.start - days * DAY, self.end)

    def __str__(self) -> str:
        """Write the period as short as it can be: `1-22 Nov 2026`, `24 Oct - 22 Nov 2026`."""
        first, last = self.start, self.last
        if first <= EARLIEST:
            return f"All time to {day_of(last)}"
        return span_of(first, last)


def _after(day: date, grain: str) -> date:
    """Return the day after the day, week or month that a day belongs to."""
    if grain == "month":
        return (day.replace(day=1) + 31 * DAY).replace(day=1)
    return day + (WEEK - day.weekday() * DAY if grain == "week" else DAY)


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's last day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Return the number of months from the month of one day to that of another."""
    return (end.year - start.year) * 12 + end.month - start.month


def week_to_date(today: date) -> Period:
    """Return the period from Monday to the end of today."""
    return Period(_monday(today), today + DAY, months=0)


def last_week(today: date) -> Period:
    """Return the week before this one, from Monday to Sunday."""
    return Period(_monday(today) - WEEK, _monday(today), months=0)


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def month_to_date(today: date) -> Period:
    """Return the period from the first of the month to the end of today."""
    return Period(today.replace(day=1), today + DAY, months=1)


def last_month(today: date) -> Period:
    """Return the month before this one."""
    first = today.replace(day=1)
    return Period(months_before(first, 1), first)


def first_of_quarter(day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarter_to_date(today: date) -> Period:
    """Return the period from the first of the quarter to the end of today."""
    return Period(first_of_quarter(today), today + DAY, months=3)


def last_quarter(today: date) -> Period:
    """Return the quarter before this one."""
    first = first_of_quarter(today)
    return Period(months_before(first, 3), first)


def year_to_date(today: date) -> Period:
    """Return the period from 1 January to the end of today."""
    return Period(date(today.year, 1, 1), today + DAY, months=12)


def last_year(today: date) -> Period:
    """Return the year before this one."""
    return Period(date(today.year - 1, 1, 1), date(today.year, 1, 1), months=12)


def last_12_months(today: date) -> Period:
    """Return the twelve months that end with today."""
    return Period(months_before(today + DAY, 12), today + DAY, months=12)


def _complete_days(days: int) -> Callable[[date], Period]:
    return lambda today: Period(today - days * DAY, today + DAY, months=0)


PRESETS: dict[str, tuple[str, Callable[[date], Period]]] = {
    "today": ("Today", _complete_days(0)),
    "7d": ("Last 7 days", _complete_days(7)),
    "30d": ("Last 30 days", _complete_days(30)),
    "90d": ("Last 90 days", _complete_days(90)),
    "wtd": ("Week to date", week_to_date),
    "last-week": ("Last week", last_week),
    "mtd": ("Month to date", month_to_date),
    "last-month": ("Last month", last_month),
    "qtd": ("Quarter to date", quarter_to_date),
    "last-quarter": ("Last quarter", last_quarter),
    "ytd": ("Year to date", year_to_date),
    "last-year": ("Last year", last_year),
    "12m": ("Last 12 months", last_12_months),
    "all": ("All", lambda today: Period(EARLIEST, today + DAY)),
}
"""Each preset's label and the period it means on a given day; "last N days" are N complete
days and today."""


def preset(name: str, today: date) -> Period:
    """Return the period of a preset, seen from today."""
    return PRESETS[name][1](today)
