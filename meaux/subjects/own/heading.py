"""Headings: the comment lines at the top of a card's file, and the SQL below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from meaux.data.declared import key, keys
from meaux.data.readers import near, one_of, unknown
from meaux.query.metrics import Unit
from meaux.wording import enumerated

MY_CARDS = "My cards"
"""The page of the cards whose heading names no other page."""

CHARTS = ("table", "number", "lines", "bars", "share")
LANGUAGES = ("product", "plain", "clickhouse")
UNITS: tuple[str, ...] = get_args(Unit)
KINDS = (*UNITS, "date", "instant", "text")
"""What a column may be declared as."""

LONGEST_TITLE = 100
LONGEST_ABOUT = 1_000

_LINE = re.compile(r"--\s*([A-Za-z_]+)\s*:\s*(.*?)\s*\Z")


class Mistake(Exception):  # noqa: N818  it is said on the card, as all mistakes of a file are
    """A file breaks a rule: `line` (from 1; 0 for the whole file) and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def _words(longest: int) -> Callable[[str], str]:
    def read(words: str) -> str:
        if not words.strip():
            raise ValueError("it is empty; write some words, or remove the line")
        if len(words) > longest:
            raise ValueError(f"it has {len(words):,} characters; use at most {longest:,}")
        if strange := next((sign for sign in words if not sign.isprintable()), ""):
            raise ValueError(f"it has an invisible character (U+{ord(strange):04X}); remove it")
        return " ".join(words.split())

    return read


def _order(words: str) -> float:
    try:
        number = float(words)
    except ValueError:
        raise ValueError(f"{words!r} is not a number; write -- order: 10") from None
    if not abs(number) < 1e9:  # noqa: PLR2004  no folder has as many cards
        raise ValueError(f"{words!r} is too large; write -- order: 10")
    return number


def _units(words: str) -> dict[str, str]:
    """Read one unit for all numbers (its column is empty), or a kind for each column."""
    if words.lower() in UNITS:
        return {"": words.lower()}
    kinds: dict[str, str] = {}
    for entry in words.split(","):
        column, _, kind = entry.strip().rpartition(" ")
        if not column and "," not in words:
            raise ValueError(f"unknown unit {words!r}{_hint(words, UNITS)}")
        if not column:
            raise ValueError(
                f"{entry.strip()!r} needs a column and a unit, such as `revenue money`"
            )
        if kind.lower() not in KINDS:
            raise ValueError(f"unknown unit {kind!r} of {column.strip()}{_hint(kind, KINDS)}")
        kinds[column.strip()] = kind.lower()
    return kinds


def _hint(word: str, known: Sequence[str]) -> str:
    meant = near(word, known)
    return f"; did you mean {meant}?" if meant else f"; use {', '.join(known)}"


def _entries(words: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in words.split(",") if entry.strip())


@dataclass(frozen=True)
class Heading:
    """What a heading says; each field is one of its keys."""

    title: str = key("", _words(LONGEST_TITLE), "The card's title. Default: the file's name.")
    about: str = key("", _words(LONGEST_ABOUT), "Its help text; several lines are joined.")
    chart: str = key("table", one_of(CHARTS), f"How it is drawn: {', '.join(CHARTS)}.")
    unit: Mapping[str, str] = field(
        default_factory=dict,
        metadata={
            "read": _units,
            "variable": "",
            "description": "One unit for all numbers, or a unit or kind per column: "
            f"`revenue money, signed_up instant`. Units: {', '.join(UNITS)}. "
            "Kinds: date, instant, text.",
        },
    )
    page: str = key(MY_CARDS, str, f"The page on which it stands. Default: {MY_CARDS}.")
    order: float = key(
        0.0, _order, "Its place: cards with a lower number come first, then by file name."
    )
    good: str = key(
        "neither",
        one_of(("up", "down", "neither")),
        "For a number: the direction that is good. Default: neither.",
    )
    language: str = key(
        "",
        one_of(LANGUAGES),
        "`product` for logical tables, `plain` for the database's own, `clickhouse` for a copy's. "
        "Default: `product` or `plain`, told by the tables and functions that the SQL names.",
    )
    optional: tuple[str, ...] = key(
        (), _entries, "In the product's language: tables and columns that may be missing."
    )


KEYS = keys(Heading)


def read(text: str, pages: Sequence[str]) -> tuple[Heading, str, Mistake | None]:
    """Return the heading, the SQL with as many empty lines as stood above, and the first mistake.

    A mistake leaves the other keys as they are. `pages` are the titles that `page` may name.
    """
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines) if not _is_heading(line)), len(lines))
    given: dict[str, Any] = {}
    first: Mistake | None = None
    for number, name, words in _keys(lines[:end]):
        try:
            given[name] = _value(name, words, given, pages)
        except ValueError as error:
            first = first or Mistake(number, str(error))
    sql = "\n" * end + "\n".join(lines[end:])
    if not sql.strip():
        first = first or Mistake(0, "there is no SELECT below the heading")
    return Heading(**given), sql, first


def _is_heading(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("--")


def _keys(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines, 1):
        if found := _LINE.match(line.strip()):
            yield number, found[1].lower(), found[2]


def _value(name: str, words: str, given: Mapping[str, Any], pages: Sequence[str]) -> Any:
    if name not in KEYS:
        raise ValueError(unknown(name, KEYS))
    if name in given and name != "about":
        raise ValueError(f"{name} stands here again; keep one line")
    if name == "page":
        return _page(words, pages)
    joined = f"{given[name]} {words}" if name in given else words
    try:
        return KEYS[name].read(joined)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _page(words: str, pages: Sequence[str]) -> str:
    spelling = {page.lower(): page for page in (MY_CARDS, *pages)}
    if found := spelling.get(words.lower()):
        return found
    meant = near(words, spelling.values())
    hint = f"did you mean {meant}?" if meant else f"use {enumerated([*spelling.values()], 'or')}"
    raise ValueError(f"page: there is no page {words!r}; {hint}")
