"""Units: how numbers are written on a card, in full, on an axis and in a heading."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from meaux.wording import hours_of, money, percent

Unit = Literal[
    "money",
    "price",
    "hours",
    "count",
    "number",
    "ratio",
    "points",
    "bytes",
    "gigabytes",
    "milliseconds",
    "days",
]

CENTS_BELOW = 1_000
"""From this many dollars on, money is in whole dollars."""
HALF = 0.5
"""Fewer dollars would be rounded to none."""
LETTERS_FROM = 999_950
"""From this number on, numbers have letters."""
LEAST_LETTER = 999.5
LETTERS = (
    (999_950_000_000, 1e12, "T"),
    (999_950_000, 1e9, "B"),
    (999_950, 1e6, "M"),
    (LEAST_LETTER, 1e3, "k"),
)
"""The lower bound, the divisor and the letter of each abbreviation."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Write = Callable[[float], str]


@dataclass(frozen=True)
class Scale:
    """The unit in which several numbers are written: its size, name and decimals."""

    size: float
    name: str
    decimals: int = 1

    @property
    def in_full(self) -> Scale:
        """This unit with more decimals, for a tooltip."""
        return replace(self, decimals=2 * self.decimals + 1)

    def written(self, value: float) -> str:
        """Write a number in this unit: `4.2 s`; one that would be rounded to none, `<0.1 s`."""
        least = 10**-self.decimals
        if 0 < abs(value) < least / 2 * self.size:
            return f"{'-' if value < 0 else ''}<{least:g} {self.name}"
        return f"{value / self.size:,.{self.decimals}f} {self.name}"


DURATIONS = (
    (2 * DAY, Scale(DAY, "d")),
    (2 * HOUR, Scale(HOUR, "h")),
    (MINUTE, Scale(MINUTE, "min")),
    (SECOND, Scale(SECOND, "s")),
    (0, Scale(1, "ms", 0)),
)
SIZES = (
    (999_950_000_000_000, Scale(1e15, "PB")),
    (999_950_000_000, Scale(1e12, "TB")),
    (999_950_000, Scale(1e9, "GB")),
    (999_950, Scale(1e6, "MB")),
    (999.5, Scale(1e3, "kB")),
    (0, Scale(1, "B", 0)),
)
"""The number from which on a unit is used, and the unit, largest first."""
Scales = tuple[tuple[float, Scale], ...]
SCALES: dict[Unit, Scales] = {"milliseconds": DURATIONS, "bytes": SIZES}

MOST_DECIMALS = 4
FEW_DIGITS = 3


@dataclass(frozen=True)
class Style:
    """How a unit is written: `beside` on a card, `exact` in full, `axis` in d3.

    `beside` is given all numbers of one row, column or chart, and returns how each is written: in
    one unit, with one precision. `suffix` follows the label in a heading.
    """

    beside: Callable[[Sequence[float]], Write]
    exact: Write
    axis: str
    suffix: str = ""


def scale(unit: Unit | None, values: Iterable[float]) -> Scale | None:
    """Return the unit for durations or sizes that are written together; None for another unit.

    It is the one that suits the smaller half of them: a few long ones don't hide the others.
    """
    scales = SCALES.get(unit) if unit else None
    return _fitting(scales, values) if scales else None


def _fitting(scales: Scales, values: Iterable[float]) -> Scale:
    known = sorted(abs(value) for value in values if value and math.isfinite(value))
    middle = known[(len(known) - 1) // 2] if known else 0.0
    return next(found for least, found in scales if middle >= least)


def decimals(values: Iterable[float]) -> int:
    """Return the decimals of numbers of any kind that are written together.

    The largest has four digits; whole numbers have no decimals, others one or more.
    """
    known = [abs(value) for value in values if value and math.isfinite(value)]
    if all(value.is_integer() for value in map(float, known)):
        return 0
    return min(max(FEW_DIGITS - math.floor(math.log10(max(known))), 1), MOST_DECIMALS)


def _largest(values: Iterable[float]) -> float:
    return max((abs(value) for value in values if not math.isnan(value)), default=0.0)


def abbreviated(value: float) -> str:
    """Write a number with a letter for thousands, millions and so on: `12.3k`."""
    for floor, power, letter in LETTERS:
        if abs(value) >= floor:
            return f"{value / power:,.1f}{letter}"
    return f"{value:,.0f}"


def _money(values: Sequence[float]) -> Write:
    """Write all with cents, all in whole dollars, or all with letters from a million on."""
    largest = _largest(values)
    if largest < CENTS_BELOW:
        return money
    return _dollars if largest < LETTERS_FROM else _short_dollars


def _dollars(value: float) -> str:
    if 0 < abs(value) < HALF:
        return f"{'-' if value < 0 else ''}<$1"
    return money(round(value)).removesuffix(".00")


def _short_dollars(value: float) -> str:
    if abs(value) < LEAST_LETTER:
        return _dollars(value)
    return f"{'-' if value < 0 else ''}${abbreviated(abs(value))}"


def _counts(values: Sequence[float]) -> Write:
    return "{:,.0f}".format if _largest(values) < LETTERS_FROM else abbreviated


def _scaled(scales: Scales) -> Callable[[Sequence[float]], Write]:
    return lambda values: _fitting(scales, values).written


def _numbers(values: Sequence[float]) -> Write:
    """Write all with the same decimals; a single or very small number with its own."""
    if len(values) < 2 or 0 < _largest(values) < 0.001:  # noqa: PLR2004
        return _number
    places = decimals(values)
    return lambda value: f"{value:,.{places}f}"


def _alone(write: Write) -> Callable[[Sequence[float]], Write]:
    """Return a style whose precision is always the same."""
    return lambda _values: write


def _number(value: float) -> str:
    """Write a number with the few decimals that it has: `1,234.5`, `1.2e-05`."""
    if 0 < abs(value) < 0.001:  # noqa: PLR2004  four decimals would say little of it
        return f"{value:.3g}"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _price(value: float) -> str:
    """Write the price of something small with three significant digits: `$0.00234`."""
    return money(value) if abs(value) >= 1 or not value else f"${value:.3g}".replace("$-", "-$")


def _duration(value: float) -> str:
    """Write milliseconds in full, in the unit that a card has for them: `31.040 min`."""
    return _fitting(DURATIONS, [value]).in_full.written(value)


_ratio = partial(percent, decimals=1)

STYLES: dict[Unit, Style] = {
    "money": Style(_money, money, "$~s", " (USD)"),
    "price": Style(_alone(_price), _price, "$~g", " (USD)"),
    "hours": Style(_alone(hours_of), hours_of, "~s", " (h)"),
    "count": Style(_counts, "{:,.0f}".format, "~s"),
    "number": Style(_numbers, _number, "~s"),
    "ratio": Style(_alone(_ratio), _ratio, ".0%"),
    "points": Style(_alone("{:+,.0f} pp".format), "{:+,.1f} pp".format, "~s"),
    "bytes": Style(_scaled(SIZES), "{:,.0f} B".format, "~s", " (bytes)"),
    "gigabytes": Style(_alone("{:,.1f} GB".format), "{:,.3f} GB".format, "~s"),
    "milliseconds": Style(_scaled(DURATIONS), _duration, "~s", " (ms)"),
    "days": Style(_alone("{:,.0f} d".format), "{:,.0f} d".format, "~s", " (days)"),
}
