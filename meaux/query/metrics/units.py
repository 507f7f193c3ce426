"""Units: how numbers are written on a card, in full, on an axis and in a heading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
"""From this many dollars on, a card shows no cents."""

MILLION = 999_950
"""From this number on, several numbers beside each other have letters."""
HALF = 0.5
"""Fewer dollars would be rounded to none."""

LETTERS = ((999_950_000_000, 1e12, "T"), (999_950_000, 1e9, "B"), (999_950, 1e6, "M"))
"""The lower bound, the divisor and the letter of each abbreviation."""

SIZES = ("B", "kB", "MB", "GB", "TB", "PB")
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DURATIONS = (
    (2 * DAY, DAY, "d"),
    (2 * HOUR, HOUR, "h"),
    (MINUTE, MINUTE, "min"),
    (SECOND, SECOND, "s"),
)
"""The lower bound in milliseconds, the divisor and the name of each unit of duration."""


@dataclass(frozen=True)
class Style:
    """How a unit is written: `short` on a card, `exact` in full, `axis` in d3.

    `suffix` follows the label in a heading.
    """

    short: Callable[[float], str]
    exact: Callable[[float], str]
    axis: str
    suffix: str = ""
    beside: Callable[[float], Callable[[float], str]] | None = None
    """Given the largest of several numbers, how each is written; without it, as on a card."""


def abbreviated(value: float) -> str:
    """Write a number with a letter for thousands, millions and so on: `12.3k`."""
    for floor, power, letter in (*LETTERS, (9_999.5, 1e3, "k")):
        if abs(value) >= floor:
            return f"{value / power:,.1f}{letter}"
    return f"{value:,.0f}"


def _short_money(value: float) -> str:
    sign, size = ("-" if value < 0 else ""), abs(value)
    return f"{sign}${abbreviated(size)}" if size >= CENTS_BELOW else money(value)


def _money_beside(largest: float) -> Callable[[float], str]:
    """Cents for all, whole dollars for all, or letters where millions are among them."""
    if largest < CENTS_BELOW:
        return money
    return _dollars if largest < MILLION else _short_money


def _dollars(value: float) -> str:
    if 0 < abs(value) < HALF:
        return f"{'-' if value < 0 else ''}<$1"
    return money(round(value)).removesuffix(".00")


def _count_beside(largest: float) -> Callable[[float], str]:
    return "{:,.0f}".format if largest < MILLION else abbreviated


def _number(value: float) -> str:
    """A number of any kind, with the few decimals that it has: `1,234.5`, `1.2e-05`."""
    if 0 < abs(value) < 0.001:  # noqa: PLR2004  four decimals would say little of it
        return f"{value:.3g}"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _price(value: float) -> str:
    """A price of something small: as many digits as say something, `$0.00234`."""
    return money(value) if abs(value) >= 1 or not value else f"${value:.3g}".replace("$-", "-$")


def size(value: float) -> str:
    """Write bytes in the largest decimal unit that keeps a whole digit: `1.2 GB`."""
    left = abs(value)
    for name in SIZES[:-1]:
        if left < 999.5:  # noqa: PLR2004  it would be written as 1,000
            return f"{'-' if value < 0 else ''}{left:,.{0 if name == 'B' else 1}f} {name}"
        left /= 1_000
    return f"{'-' if value < 0 else ''}{left:,.1f} {SIZES[-1]}"


def duration(value: float) -> str:
    """Write milliseconds in a suitable unit: `340 ms`, `4.2 s`, `3.5 min`, `2.1 h`, `4.0 d`."""
    for least, size, unit in DURATIONS:
        if value >= least:
            return f"{value / size:,.1f} {unit}"
    return f"{value:,.0f} ms"


_ratio = partial(percent, decimals=1)

STYLES: dict[Unit, Style] = {
    "money": Style(_short_money, money, "$~s", " (USD)", _money_beside),
    "price": Style(_price, _price, "$~g", " (USD)"),
    "hours": Style(hours_of, hours_of, "~s", " (h)"),
    "count": Style(abbreviated, "{:,.0f}".format, "~s", "", _count_beside),
    "number": Style(_number, _number, "~s"),
    "ratio": Style(_ratio, _ratio, ".0%"),
    "points": Style("{:+,.0f} pp".format, "{:+,.1f} pp".format, "~s"),
    "bytes": Style(size, "{:,.0f} B".format, "~s", " (bytes)"),
    "gigabytes": Style("{:,.1f} GB".format, "{:,.3f} GB".format, "~s"),
    "milliseconds": Style(duration, "{:,.1f} ms".format, "~s", " (ms)"),
    "days": Style("{:,.0f} d".format, "{:,.0f} d".format, "~s", " (days)"),
}
