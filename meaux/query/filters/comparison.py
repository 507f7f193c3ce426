"""Comparisons: the earlier days that a period is compared with.

A period of days is compared with the same weekdays, a period of months with the same days of the
month. Only complete days are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from meaux.query.filters.period import DAY, EARLIEST, Period, months_before
from meaux.wording import counted, enumerated, sentences

COMPARISONS = {
    "none": "Nothing",
    "previous": "Previous period",
    "month": "Same period last month",
    "year": "Same period last year",
}

WEEK = 7
WEEKS_BACK = {"previous": 1, "month": 4, "year": 52}
MONTHS_BACK = {"previous": 1, "month": 1, "year": 12}
"""The minimum distance of each comparison: in weeks for days, in months for months."""


@dataclass(frozen=True)
class Comparison:
    """The compared days of a period, `now`, and the comparison period, `then`.

    They are `months` apart and are matched by the day of the month. If `months` is 0, they have
    the same length, are whole weeks apart, and are matched by the weekday.
    """

    now: Period
    then: Period
    months: int = 0

    def ahead(self, day: date) -> date | None:
        """Return the day of `now` that matches a day of `then`; None if there is none."""
        if not self.months:
            return day + (self.now.start - self.then.start)
        moved = months_before(day, -self.months)
        return moved if moved.day == day.day else None

    def drawn_as(self, marks: str) -> str:
        """Return sentences on the marks of `then`: how its days are matched, and which are not."""
        if self.months:
            behind = f"same day of the month, {counted(self.months, 'month')} earlier"
        else:
            weeks = (self.now.start - self.then.start).days // WEEK
            behind = f"same weekday, {counted(weeks, 'week')} earlier"
        return sentences(f"{marks}: comparison period ({behind}).", self._unmet())

    def _unmet(self) -> str:
        """Return sentences on the days without a match; empty for none."""
        met = {day: self.ahead(day) for day in self.then}
        counterparts = set(met.values())
        alone = _spans(day for day in self.now if day not in counterparts)
        lost = _spans(day for day, ahead in met.items() if ahead is None)
        return sentences(
            f"No matching day for {enumerated(alone)}." if alone else "",
            f"Not shown, no matching day: {enumerated(lost)}." if lost else "",
        )


def fair(period: Period, today: date, compare: str) -> Comparison | None:
    """Return what a period is compared with; None without comparison or complete day.

    Complete days are compared with the fewest whole weeks earlier that leave no overlap: at least
    4 for the same period last month, 52 for last year. A period of months is compared with as many
    months earlier as it has, at least 12 for last year. The period "all" is never compared.
    """
    over = period.before(today)
    if compare not in WEEKS_BACK or period.start <= EARLIEST or over is None:
        return None
    if months := period.counted_in_months:
        return _months_apart(over, max(months, MONTHS_BACK[compare]))
    weeks = max(-(-over.days // WEEK), WEEKS_BACK[compare])
    back = weeks * WEEK * DAY
    return Comparison(over, Period(over.start - back, over.end - back))


def _months_apart(over: Period, months: int) -> Comparison:
    """Compare the complete days with those some months before.

    Whole months are compared with whole months, however long. Of a month that isn't over, the days
    that the earlier one lacks are left out.
    """
    start = months_before(over.start, months)
    if over.end.day == 1:
        return Comparison(over, Period(start, months_before(over.end, months)), months)
    last = months_before(over.last, months)
    now = Period(over.start, over.last.replace(day=last.day) + DAY)
    return Comparison(now, Period(start, last + DAY), months)


def _spans(days: Iterable[date]) -> list[str]:
    """Write days in words; consecutive days are one span."""
    return [str(span) for span in _joined(days)]


def _joined(days: Iterable[date]) -> Iterator[Period]:
    span: Period | None = None
    for day in days:
        if span and span.end == day:
            span = Period(span.start, day + DAY)
            continue
        if span:
            yield span
        span = Period(day, day + DAY)
    if span:
        yield span
