"""Readers of values in a user's file; each raises a ValueError that says what is wrong."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

Word = TypeVar("Word", bound=str)

SIMILAR = 0.5
"""From this ratio on, difflib's, two words are similar."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_HOURS = 24

Rule = tuple[Callable[[float], bool], str]
"""A condition for a number, and the message if it isn't met."""


def text(value: Any) -> str:
    """Read a text that isn't empty, without spaces around it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not text; write it in quotes")
    return value.strip()


def one_of(known: Iterable[Word]) -> Callable[[Any], Word]:
    """Return a reader of known words, in any case."""
    spelling = {word.lower(): word for word in known}

    def read(value: Any) -> Word:
        if (word := text(value).lower()) not in spelling:
            raise ValueError(f"unknown value {value!r}{_hint(str(value), spelling.values())}")
        return spelling[word]

    return read


def flag(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is not true or false")  # noqa: TRY004  as all readers do
    return value


def list_of(read: Callable[[Any], Word], what: str) -> Callable[[Any], tuple[Word, ...]]:
    """Return a reader of lists that aren't empty, such as a list of `weekdays`."""

    def read_all(value: Any) -> tuple[Word, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError(f"{value!r} is not a list of {what}")
        return tuple(dict.fromkeys(map(read, value)))

    return read_all


def number(*rules: Rule) -> Callable[[Any], float]:
    """Return a reader of numbers that checks some rules."""

    def read(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not abs(value) <= sys.float_info.max:
            raise ValueError(
                f"{value!r} is not a number; write it without quotes, e.g. 2500 or 0.8"
            )
        for keeps, otherwise in rules:
            if not keeps(value):
                raise ValueError(f"{value} {otherwise}")
        return float(value)

    return read


_ABOVE_0: Rule = (lambda given: given > 0, "must be above 0")
positive = number(_ABOVE_0)
not_negative = number((lambda given: given >= 0, "must not be below 0"))
ratio = number((lambda given: 0 <= given <= 1, "must be between 0 and 1; 5% is 0.05"))
hours_of_a_day = number(
    _ABOVE_0, (lambda given: given <= DAY_HOURS, f"must be at most {DAY_HOURS}")
)


def day(value: Any) -> date:
    """Read a date."""
    if type(value) is not date:
        raise ValueError(f"{value} is not a date; write it without quotes, e.g. 2026-11-22")
    return value


def weekdays(value: Any) -> tuple[str, ...]:
    """Read a list of weekdays, in any order, from Monday on."""
    chosen = list_of(one_of(WEEKDAYS), "weekdays")(value)
    return tuple(one for one in WEEKDAYS if one in chosen)


def near(word: str, known: Iterable[str]) -> str:
    """Return the known word nearest to one; empty if none is near."""
    lowered = {w.lower(): w for w in known}
    found = difflib.get_close_matches(word.lower(), lowered, n=1)
    return lowered[found[0]] if found else ""


def similar(word: str, known: Iterable[str]) -> list[str]:
    """Return up to three known words that are similar to one, the nearest first."""
    lowered = {w.lower(): w for w in known}
    found = difflib.get_close_matches(word.lower(), lowered, n=3, cutoff=SIMILAR)
    return [lowered[one] for one in found]


def unknown(name: str, known: Iterable[str]) -> str:
    """Return the reason for an unknown key, with the key that was probably meant."""
    return f"unknown key {name}{_hint(name, known)}"


def _hint(word: str, known: Iterable[str]) -> str:
    words = list(known)
    meant = near(word, words)
    return f"; did you mean {meant}?" if meant else f"; use {', '.join(words)}"
