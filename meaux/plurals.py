"""Plurals: counted things in words, one or many."""

from __future__ import annotations

import re

_IRREGULAR = {"person": "people", "index": "indexes"}


def counted(number: float, noun: str) -> str:
    """A number and what is counted: `1 row`, `2,000 rows`, `3 entries`, `4 people`."""
    return f"{number:,.0f} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Many of something; the last word is what changes: `whole weeks`."""
    *front, last = noun.split(" ")
    regular = re.sub(r"([^aeiou])y$", r"\1ie", last) + "s"
    return " ".join([*front, _IRREGULAR.get(last, regular)])
