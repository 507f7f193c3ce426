"""Recurring lines: what costs about the same about the same day of every month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pandas as pd

from meaux.query.filters import Period
from meaux.query.filters.period import DAY, months_before
from meaux.query.forecast.due import Rule, rule_of
from meaux.query.forecast.smoothing import filled, standing_out
from meaux.wording import enumerated, money

TIMES = 3
"""How often something has to come, month after month, to be a recurring line."""
LATE = 5
"""Days after which what is due and doesn't come is taken to have ended."""
LEAST_DAYS = 58
"""Days that three times of a month take at least."""
FEW = 10
"""What stands out of a series is looked at where it does so on at most one in so many days."""
NAMED = 3
"""How many lines a sentence names."""
CENTS = 6
"""Decimals that are left of a difference of amounts, so that nothing stays nothing."""

Paid = tuple[date, float]


@dataclass(frozen=True)
class Likeness:
    """How far two of a line may lie apart: in days of the month, and in their amounts."""

    days: int
    share: float


OF_ONE_NAME = Likeness(days=4, share=0.2)
"""For lines of one service: their name says that they belong together."""
WITHOUT_NAME = Likeness(days=3, share=0.1)
"""For what stands out of sums: only the day and the amount tell."""


@dataclass(frozen=True)
class Recurring:
    """A line that comes about once a month: what was paid, the oldest first, and when it is due.

    `name` is empty where only the sums of days told it.
    """

    name: str
    paid: tuple[Paid, ...]
    rule: Rule

    @property
    def amount(self) -> float:
        """What it costs the next time: as much as the last time."""
        return self.paid[-1][1]

    @property
    def deviation(self) -> float:
        """How far the amounts were from the ones before: the root of the mean square."""
        steps = [(after - before) ** 2 for (_, before), (_, after) in pairwise(self.paid)]
        return float((sum(steps) / len(steps)) ** 0.5)

    def due(self, today: date, end: date) -> Iterator[date]:
        """The days from today on, before `end`, on which it will be paid.

        What is due and not paid yet is expected today, for a few days; then it has ended.
        """
        slot = self.rule.slot(self.paid[-1][0]) + 1
        if self.rule.on(slot) + LATE * DAY < today:
            return
        while (day := max(self.rule.on(slot), today)) < end:
            yield day
            slot += 1

    def paid_in(self, period: Period) -> float:
        """What was paid of it in a period."""
        return sum(amount for day, amount in self.paid if day in period)

    @property
    def words(self) -> str:
        """What it is, as a sentence has it: `Enterprise plan, $1,200 on the 5th`."""
        whole = money(self.amount).removesuffix(".00")
        priced = f"{whole} {self.rule.words}"
        return f"{self.name}, {priced}" if self.name else priced


Lines = Sequence[Recurring]


def recurring(
    amounts: Iterable[Paid], name: str = "", alike: Likeness = OF_ONE_NAME
) -> list[Recurring]:
    """The recurring lines among amounts of days, the newest first: three months or more of each.

    A line goes back from month to month as long as there is one like it. What comes every week
    or more often is none: the weekly pattern has it.
    """
    left = sorted(amounts)
    every = list(left)
    found = []
    while left:
        chain = _chain(left, alike)
        rule = rule_of([day for day, _ in chain], alike.days) if len(chain) >= TIMES else None
        if rule is None or _crowded(chain, every, alike):
            left.pop()
            continue
        found.append(Recurring(name, tuple(chain), rule))
        left = [one for one in left if one not in chain]
    return found


def in_series(values: pd.Series, known: Lines = ()) -> tuple[Recurring, ...]:
    """The recurring lines of a daily series: the known ones, and what else stands out monthly."""
    rest = without(values, known)
    if rest.count() < LEAST_DAYS:
        return tuple(known)
    out = standing_out(filled(rest))
    if not 0 < len(out) * FEW <= len(rest):
        return tuple(known)
    days = pd.DatetimeIndex(out.index).date
    events = [(day, round(float(by), CENTS)) for day, by in zip(days, out, strict=True)]
    return (*known, *recurring(events, alike=WITHOUT_NAME))


def without(values: pd.Series, lines: Lines) -> pd.Series:
    """A daily series without what was paid of recurring lines."""
    paid = [one for line in lines for one in line.paid]
    if not paid:
        return values
    days, amounts = zip(*paid, strict=True)
    by_day = pd.Series(amounts, pd.DatetimeIndex(days)).groupby(level=0).sum()
    taken = by_day.reindex(values.index)
    return values.where(taken.isna(), (values - taken).round(CENTS))


def due_by_day(lines: Lines, today: date, end: date) -> dict[date, float]:
    """What of the lines is due on each day from today on, before `end`."""
    found: dict[date, float] = {}
    for line in lines:
        for day in line.due(today, end):
            found[day] = found.get(day, 0.0) + line.amount
    return found


def paid_in(lines: Lines, period: Period) -> float:
    """What was paid of the lines in a period."""
    return sum(line.paid_in(period) for line in lines)


def due_in(lines: Lines, today: date, end: date) -> float:
    """What of the lines is due from today on, before `end`."""
    return sum(due_by_day(lines, today, end).values())


def included(lines: Lines, period: Period, today: date) -> str:
    """A sentence that names the lines that are paid or due in a period; empty for none."""
    inside = [
        line
        for line in lines
        if any(day in period for day, _ in line.paid) or any(line.due(today, period.end))
    ]
    inside.sort(key=lambda line: (-abs(line.amount), line.name))
    if not inside:
        return ""
    named = [line.words for line in inside[:NAMED]]
    more = len(inside) - len(named)
    return f"Incl. {enumerated([*named, f'{more} more'] if more else named)}."


def _chain(left: Sequence[Paid], alike: Likeness) -> list[Paid]:
    """The newest, and back from it the one of each month before; the oldest first."""
    chain = [left[-1]]
    while before := _month_before(chain[0], left, alike):
        chain.insert(0, before)
    return chain


def _month_before(paid: Paid, left: Sequence[Paid], alike: Likeness) -> Paid | None:
    """The one like it that lies nearest to a month before."""
    day, amount = paid
    wanted = _same_day_before(day)
    near = [
        (abs((other - wanted).days), abs(cost - amount), (other, cost))
        for other, cost in left
        if abs((other - wanted).days) <= alike.days and _as_much(cost, amount, alike)
    ]
    return min(near)[2] if near else None


def _same_day_before(day: date) -> date:
    """The same day of the month before; of a month's last day, that one's last."""
    first = day.replace(day=1)
    last = first - DAY
    return last if (day + DAY).day == 1 else min(months_before(first, 1) + (day - first), last)


def _as_much(cost: float, amount: float, alike: Likeness) -> bool:
    return cost * amount > 0 and abs(cost - amount) <= alike.share * abs(amount)


def _crowded(chain: Sequence[Paid], every: Sequence[Paid], alike: Likeness) -> bool:
    """Whether more than one other like them comes in a month: then it is no monthly line."""
    (first, _), (last, amount) = chain[0], chain[-1]
    between = [p for p in every if first <= p[0] <= last and _as_much(p[1], amount, alike)]
    return len(between) > 2 * len(chain)
