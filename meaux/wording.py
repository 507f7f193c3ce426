"""Wording: how counted things, lists, names and several sentences are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

_IRREGULAR = {"person": "people", "index": "indexes"}
_HALF = re.compile("[\ud800-\udfff]")


def counted(number: float, noun: str) -> str:
    """A number and what is counted: `1 row`, `2,000 rows`, `3 entries`, `4 people`."""
    return f"{number:,.0f} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Many of something; the last word is what changes: `whole weeks`."""
    *front, last = noun.split(" ")
    regular = re.sub(r"([^aeiou])y$", r"\1ie", last) + "s"
    return " ".join([*front, _IRREGULAR.get(last, regular)])


def enumerated(words: Sequence[str]) -> str:
    """Words as a sentence has them: `a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def sentences(*said: str) -> str:
    """Those that say anything, one behind the other, and each of them once."""
    return " ".join(dict.fromkeys(filter(None, said)))


def apart(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that stood there before: `name (2)`."""
    found: dict[str, None] = {}
    for given in names:
        name, number = given, 2
        while name in found:
            name, number = f"{given} ({number})", number + 1
        found[name] = None
    return list(found)


def whole(text: str) -> str:
    """A text that can be written in UTF-8: U+FFFD stands for each half of a character."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)
