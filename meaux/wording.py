"""Wording: the one way to write a number, a date, a list, a name and several sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

_IRREGULAR = {
    "person": "people",
    "index": "indexes",
    "model or service": "models or services",
}
_HALF = re.compile("[\ud800-\udfff]")
_LACKED = r"(?:the table [\w$]+|[\w$]+\.[\w$]+)"
_OR = re.compile(f" or {_LACKED}")
_ONE_OF = re.compile(rf"({_LACKED})((?: or {_LACKED}){{2,}})")
"""Three or more alternative tables and columns."""


def percent(share: float, decimals: int | None = 0) -> str:
    """Write a share: `44%`, with one decimal `44.2%`, with None as many as it has."""
    return f"{100 * share:g}%" if decimals is None else f"{share:,.{decimals}%}"


def percent_of(share: float, steps: Iterable[float] = (1.0,)) -> str:
    """Write a share of a limit in whole per cent, on the side of each step that it is on: `96%`.

    Where rounding would move it across a step, it has a decimal: 0.897 is `89.7%`, and not the
    `90%` of the step 0.9.
    """
    limits = tuple(steps)

    def same(shown: float) -> bool:
        return all((share >= step) == (shown / 100 >= step) for step in limits)

    if same(round(100 * share)):
        return f"{100 * share:,.0f}%"
    tenths = (round(1000 * share), math.floor(1000 * share), math.ceil(1000 * share))
    near = next((shown / 10 for shown in tenths if same(shown / 10)), 100 * share)
    return f"{near:,.1f}%"


def money(value: float) -> str:
    """Write dollars and cents, the sign in front: `-$1,234.50`."""
    return f"{'-' if value < 0 else ''}${abs(value):,.2f}"


def hours_of(value: float) -> str:
    """Write hours: `1,234.5 h`."""
    return f"{value:,.1f} h"


def day_of(day: date, *, year: bool = True) -> str:
    """Write a day: `22 Nov 2026`, `22 Nov`."""
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"


def month_of(day: date) -> str:
    """Write the month of a day: `Nov 2026`."""
    return f"{day:%b %Y}"


def time_of(at: datetime) -> str:
    """Write a point in time by its own clock: `22 Nov 2026, 14:05`."""
    return f"{day_of(at)}, {at:%H:%M}"


def span_of(first: date, last: date) -> str:
    """Write the days from the first to the last, with an en dash, as short as can be."""
    if first == last:
        return day_of(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\N{EN DASH}{day_of(last)}"
    return f"{day_of(first, year=first.year != last.year)} \N{EN DASH} {day_of(last)}"


def counted(number: float, noun: str) -> str:
    """Write a number and what is counted: `1 row`, `2,000 rows`, `3 entries`, `4 people`."""
    return f"{number:,.0f} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Write the plural of a noun; only the last word changes: `whole weeks`."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    *front, last = noun.split(" ")
    regular = re.sub(r"([^aeiou])y$", r"\1ie", last) + "s"
    return " ".join([*front, _IRREGULAR.get(last, regular)])


def enumerated(words: Sequence[str], joint: str = "and") -> str:
    """Join words as in a sentence: `a, b and c`, `a or b`."""
    *first, last = words
    return f"{', '.join(first)} {joint} {last}" if first else last


def few(names: Sequence[str], most: int = 2) -> str:
    """Join some names, the first in full: `a and b`, `a, b and 3 more`."""
    more = len(names) - most
    return enumerated([*names[:most], f"{more} more"] if more > 0 else names)


def sentences(*said: str) -> str:
    """Join the sentences that aren't empty, each once."""
    return " ".join(dict.fromkeys(filter(None, said)))


def apart(names: Sequence[str]) -> list[str]:
    """Number the names that occur again: `name (2)`."""
    found: dict[str, None] = {}
    for given in names:
        name, number = given, 2
        while name in found:
            name, number = f"{given} ({number})", number + 1
        found[name] = None
    return list(found)


def whole(text: str) -> str:
    """Replace each half of a character by U+FFFD, so that UTF-8 can encode the text."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def shortly(words: str) -> str:
    """Shorten a list of alternative tables and columns to the first and the number of others.

    `the table a (or one of 2 alternatives)` for `the table a or the table b or c.d`.
    """
    return _ONE_OF.sub(
        lambda found: f"{found[1]} (or one of {len(_OR.findall(found[2]))} alternatives)", words
    )
