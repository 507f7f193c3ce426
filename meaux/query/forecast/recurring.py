"""Recurring costs: about the same amount on about the same day of every month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pandas as pd

from meaux.query.filters import Period
from meaux.query.filters.period import DAY, months_before
from meaux.query.forecast.due import Rule, rule_of
from meaux.query.forecast.outliers import filled, standing_out
from meaux.wording import enumerated, money

TIMES = 3
"""The number of consecutive months that make a cost recurring."""
LATE = 5
"""Days after its due day on which a missing cost counts as ended."""
LEAST_DAYS = 58
"""The fewest days that three monthly costs span."""
FEW = 10
"""Outliers are used only if they are at most one day in this many."""
NAMED = 3
"""The number of costs that a sentence names."""
CENTS = 6
"""Decimals that a difference of amounts keeps, so that zero stays zero."""

Paid = tuple[date, float]


@dataclass(frozen=True)
class Tolerance:
    """How far two payments of one cost may differ: in days of the month, and in amount."""

    days: int
    share: float


OF_ONE_NAME = Tolerance(days=4, share=0.2)
"""For payments of one service: their name says that they belong together."""
WITHOUT_NAME = Tolerance(days=3, share=0.1)
"""For outliers in daily sums: only day and amount suggest that they belong together."""


@dataclass(frozen=True)
class Recurring:
    """A cost that comes about once a month: its payments, oldest first, and its rule.

    `name` is empty if it was found in the sums of days.
    """

    name: str
    paid: tuple[Paid, ...]
    rule: Rule

    @property
    def amount(self) -> float:
        """Return the next amount: the last one."""
        return self.paid[-1][1]

    @property
    def deviation(self) -> float:
        """Return the root mean square of the differences between consecutive amounts."""
        steps = [(after - before) ** 2 for (_, before), (_, after) in pairwise(self.paid)]
        return float((sum(steps) / len(steps)) ** 0.5)

    def due(self, today: date, end: date) -> Iterator[date]:
        """Yield the days from today on, before `end`, on which it is due.

        If it is due and not paid yet, it is expected today, for a few days; then it has ended.
        """
        slot = self.rule.slot(self.paid[-1][0]) + 1
        if self.rule.on(slot) + LATE * DAY < today:
            return
        while (day := max(self.rule.on(slot), today)) < end:
            yield day
            slot += 1

    def paid_in(self, period: Period) -> float:
        """Sum its payments in a period."""
        return sum(amount for day, amount in self.paid if day in period)

    @property
    def words(self) -> str:
        """Name it as a part of a sentence: `Enterprise plan ($1,200.00 on the 5th)`."""
        priced = f"{money(self.amount)} {self.rule.words}"
        return f"{self.name} ({priced})" if self.name else priced


Lines = Sequence[Recurring]


def recurring(
    amounts: Iterable[Paid], name: str = "", tolerance: Tolerance = OF_ONE_NAME
) -> list[Recurring]:
    """Find the recurring costs among daily amounts, latest first; each has three months or more.

    Each goes back month by month while there is a similar payment. Weekly or more frequent payments
    are excluded: the weekly pattern includes them.
    """
    left = sorted(amounts)
    every = list(left)
    found = []
    while left:
        chain = _chain(left, tolerance)
        rule = rule_of([day for day, _ in chain], tolerance.days) if len(chain) >= TIMES else None
        if rule is None or _crowded(chain, every, tolerance):
            left.pop()
            continue
        found.append(Recurring(name, tuple(chain), rule))
        left = [one for one in left if one not in chain]
    return found


def in_series(values: pd.Series, known: Lines = ()) -> tuple[Recurring, ...]:
    """Find a daily series' recurring costs: the known ones, and others that stand out monthly."""
    rest = without(values, known)
    if rest.count() < LEAST_DAYS:
        return tuple(known)
    out = standing_out(filled(rest))
    if not 0 < len(out) * FEW <= len(rest):
        return tuple(known)
    days = pd.DatetimeIndex(out.index).date
    events = [(day, round(float(by), CENTS)) for day, by in zip(days, out, strict=True)]
    return (*known, *recurring(events, tolerance=WITHOUT_NAME))


def without(values: pd.Series, lines: Lines) -> pd.Series:
    """Subtract paid recurring costs from a daily series."""
    paid = [one for line in lines for one in line.paid]
    if not paid:
        return values
    days, amounts = zip(*paid, strict=True)
    by_day = pd.Series(amounts, pd.DatetimeIndex(days)).groupby(level=0).sum()
    taken = by_day.reindex(values.index)
    return values.where(taken.isna(), (values - taken).round(CENTS))


def due_by_day(lines: Lines, today: date, end: date) -> dict[date, float]:
    """Sum the recurring costs due on each day from today on, before `end`."""
    found: dict[date, float] = {}
    for line in lines:
        for day in line.due(today, end):
            found[day] = found.get(day, 0.0) + line.amount
    return found


def paid_in(lines: Lines, period: Period) -> float:
    """Sum the recurring costs paid in a period."""
    return sum(line.paid_in(period) for line in lines)


def due_in(lines: Lines, today: date, end: date) -> float:
    """Sum the recurring costs due from today on, before `end`."""
    return sum(due_by_day(lines, today, end).values())


def included(lines: Lines, period: Period, today: date) -> str:
    """Name the recurring costs that are paid or due in a period; empty for none."""
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
    every = [*named, f"{more} more"] if more else named
    return f"Includes recurring costs: {enumerated(every)}."


def _chain(left: Sequence[Paid], tolerance: Tolerance) -> list[Paid]:
    """Return the newest payment and the similar one of each month before it, oldest first."""
    chain = [left[-1]]
    while before := _month_before(chain[0], left, tolerance):
        chain.insert(0, before)
    return chain


def _month_before(paid: Paid, left: Sequence[Paid], tolerance: Tolerance) -> Paid | None:
    """Return the similar payment closest to one month before."""
    day, amount = paid
    wanted = _same_day_before(day)
    near = [
        (abs((other - wanted).days), abs(cost - amount), (other, cost))
        for other, cost in left
        if abs((other - wanted).days) <= tolerance.days and _as_much(cost, amount, tolerance)
    ]
    return min(near)[2] if near else None


def _same_day_before(day: date) -> date:
    """Return the same day of the month before; for a month's last day, its last day."""
    first = day.replace(day=1)
    last = first - DAY
    return last if (day + DAY).day == 1 else min(months_before(first, 1) + (day - first), last)


def _as_much(cost: float, amount: float, tolerance: Tolerance) -> bool:
    return cost * amount > 0 and abs(cost - amount) <= tolerance.share * abs(amount)


def _crowded(chain: Sequence[Paid], every: Sequence[Paid], tolerance: Tolerance) -> bool:
    """Return whether a month has several other similar payments: the cost isn't monthly."""
    (first, _), (last, amount) = chain[0], chain[-1]
    between = [p for p in every if first <= p[0] <= last and _as_much(p[1], amount, tolerance)]
    return len(between) > 2 * len(chain)
