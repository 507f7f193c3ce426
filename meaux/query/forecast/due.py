"""Due: rules for monthly dates, and the days that they give."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

NEIGHBOURS = (-1, 0, 1)
MONTHS = 12
LAST_DAY = 31
FRIDAY = 4
WEEK = 7
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "last"}
MOVED = {0: "", 1: " (next Monday if on a weekend)", -1: " (previous Friday if on a weekend)"}


@dataclass(frozen=True)
class OnDay:
    """On a day of the month; on the last day if a month is shorter.

    A day on a weekend is moved to the next Monday (1), the previous Friday (-1), or not at all (0).
    """

    day: int
    moved: int = 0

    def on(self, slot: int) -> date:
        """Return the day of a month; `slot` counts the months from year 0 on."""
        year, month = divmod(slot, MONTHS)
        last = calendar.monthrange(year, month + 1)[1]
        plain = date(year, month + 1, min(self.day, last))
        beyond = plain.weekday() - FRIDAY
        if beyond <= 0 or not self.moved:
            return plain
        return plain + timedelta(3 - beyond if self.moved > 0 else -beyond)

    def slot(self, day: date) -> int:
        """Return the month whose due day is closest to a day."""
        return _nearest_month(self, day)

    @property
    def words(self) -> str:
        """Say when, as a part of a sentence: `on the 5th`."""
        named = "last day of the month" if self.day == LAST_DAY else ordinal(self.day)
        return f"on the {named}{MOVED[self.moved]}"


@dataclass(frozen=True)
class OnWeekday:
    """On the first, second, third, fourth or last (5) of a weekday in a month; Monday is 0."""

    nth: int
    weekday: int

    def on(self, slot: int) -> date:
        """Return the day of a month; `slot` counts the months from year 0 on."""
        year, month = divmod(slot, MONTHS)
        first, days = calendar.monthrange(year, month + 1)
        day = 1 + (self.weekday - first) % WEEK + WEEK * (self.nth - 1)
        return date(year, month + 1, day if day <= days else day - WEEK)

    def slot(self, day: date) -> int:
        """Return the month whose due day is closest to a day."""
        return _nearest_month(self, day)

    @property
    def words(self) -> str:
        """Say when, as a part of a sentence: `on the first Monday`."""
        return f"on the {ORDINALS[self.nth]} {calendar.day_name[self.weekday]}"


@dataclass(frozen=True)
class Every:
    """A fixed number of days after the previous time."""

    days: int
    since: date

    def on(self, slot: int) -> date:
        """Return the day of a round, counted from `since`."""
        return self.since + timedelta(self.days * slot)

    def slot(self, day: date) -> int:
        """Return the round whose due day is closest to a day."""
        return round((day - self.since).days / self.days)

    @property
    def words(self) -> str:
        """Say when, as a part of a sentence: `every 30 days`."""
        return f"every {self.days} days"


Rule = OnDay | OnWeekday | Every


def ordinal(number: int) -> str:
    """Write an ordinal number: `1st`, `22nd`, `13th`."""
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def rule_of(days: Sequence[date], farthest: int) -> Rule | None:
    """Return the rule that fits days about a month apart; None if all are off by more than that.

    The first that fits exactly, otherwise the day of the month that is off least. Simple rules
    are tried first, so that three days don't fit an odd rule by chance.
    """
    for rule in _rules(days):
        if not any(_off(rule, days)):
            return rule
    near = min((OnDay(day) for day in range(1, LAST_DAY + 1)), key=lambda r: sum(_off(r, days)))
    return near if max(_off(near, days)) <= farthest else None


def _rules(days: Sequence[date]) -> Iterator[Rule]:
    """Yield the rules to try, the most likely first."""
    of_month = range(LAST_DAY, 0, -1)
    gaps = {(later - day).days for day, later in pairwise(days)}
    gap = gaps.pop() if len(gaps) == 1 else None
    yield from (OnDay(day) for day in of_month)
    if gap and gap % WEEK:
        yield Every(gap, days[-1])
    yield from (OnDay(day, moved) for moved in (1, -1) for day in of_month)
    yield from (OnWeekday(nth, days[-1].weekday()) for nth in ORDINALS)
    if gap:
        yield Every(gap, days[-1])


def _off(rule: Rule, days: Sequence[date]) -> list[int]:
    return [abs((rule.on(rule.slot(day)) - day).days) for day in days]


def _nearest_month(rule: OnDay | OnWeekday, day: date) -> int:
    slot = MONTHS * day.year + day.month - 1
    return min((slot + n for n in NEIGHBOURS), key=lambda one: abs((rule.on(one) - day).days))
