"""Comparisons: which earlier days are fair to hold beside those of a period.

A period of days is held beside the same days of the week, a period of months beside the same days
of the month. Only days that are over are compared, since half a day is no match for a whole one.
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
"""How far back each comparison goes at least: in weeks for days, in months for months."""


@dataclass(frozen=True)
class Comparison:
    """The days of a period that are compared, `now`, and the earlier ones, `then`.

    They lie `months` apart and meet by the day of the month; where that is 0 they are equally
    long, lie whole weeks apart, and meet by the day of the week.
    """

    now: Period
    then: Period
    months: int = 0

    def ahead(self, day: date) -> date | None:
        """The day of `now` that a day of `then` lies behind; None where that month lacks it."""
        if not self.months:
            return day + (self.now.start - self.then.start)
        moved = months_before(day, -self.months)
        return moved if moved.day == day.day else None

    @property
    def said(self) -> str:
        """Which day lies behind which, in sentences; those without a counterpart are named."""
        if self.months:
            behind = f"the same day of the month, {counted(self.months, 'month')} before"
        else:
            weeks = (self.now.start - self.then.start).days // WEEK
            behind = f"the same day of the week, {counted(weeks, 'week')} before"
        return sentences(f"Behind each day lies {behind}.", self._unmet())

    def _unmet(self) -> str:
        """The days on either side that the other lacks, in sentences; empty for none."""
        met = {day: self.ahead(day) for day in self.then}
        counterparts = set(met.values())
        alone = _spans(day for day in self.now if day not in counterparts)
        lost = _spans(day for day, ahead in met.items() if ahead is None)
        return sentences(
            f"Nothing lies behind {enumerated(alone)}." if alone else "",
            f"Behind no day: {enumerated(lost)}." if lost else "",
        )


def fair(period: Period, today: date, compare: str) -> Comparison | None:
    """What a period is compared with; None for nothing, before "all", and while no day is over.

    The days that are over go back by as few whole weeks as leave no overlap, the same period last
    month by four at least, last year by 52. A period of months goes back by as many months as it
    has, last year by twelve at least.
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
    """The days that are over beside those some months before.

    Whole months meet whole months, however long. Of a month that is not over, the days that the
    earlier one lacks are left out.
    """
    start = months_before(over.start, months)
    if over.end.day == 1:
        return Comparison(over, Period(start, months_before(over.end, months)), months)
    last = months_before(over.last, months)
    now = Period(over.start, over.last.replace(day=last.day) + DAY)
    return Comparison(now, Period(start, last + DAY), months)


def _spans(days: Iterable[date]) -> list[str]:
    """Days in words, those that follow each other as one."""
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
