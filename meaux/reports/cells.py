"""Cells: the rows of a frame as texts, in the formats of the dashboard's tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from meaux.query import export
from meaux.query.export import is_number
from meaux.query.metrics import MISSING, Unit, column, unit_of
from meaux.reports.document import Grid
from meaux.wording import day_of, time_of, whole

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
"""Control characters, characters without width, and those that turn the direction of a text."""
LONGEST = 300
"""Characters of a text from the database; the rest of a longer one is left out."""
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

AFTER: dict[Unit, str] = {"ratio": "%", "points": " pp"}
"""What follows a number whose heading doesn't name its unit."""


def clean(words: object) -> str:
    """Return a text on one line, without characters that are invisible or turn its direction."""
    return " ".join(UNSEEN.sub("", whole(str(words))).split())


def brief(words: object) -> str:
    """Return a clean text, cut off if it is very long."""
    text = clean(words)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}{ELLIPSIS}"


def grid(
    frame: pd.DataFrame,
    zone: str,
    limit: int,
    unit: Unit | None = None,
    *,
    literal: bool = False,
) -> Grid:
    """Return a frame's first rows as texts; `unit` applies to numbers whose column has none.

    `literal` keeps the names of the columns as headings.
    """
    shown = frame.head(limit)
    names = [str(name) for name in shown]
    columns = [
        _texts(name, values, zone, unit)
        for name, (_, values) in zip(names, shown.items(), strict=True)
    ]
    return Grid(
        tuple(
            clean(name if literal else _heading(name, values, unit))
            for name, (_, values) in zip(names, shown.items(), strict=True)
        ),
        tuple(is_number(values) for _, values in shown.items()),
        tuple(zip(*columns, strict=True)),
        len(frame) - len(shown),
    )


def _texts(name: str, values: pd.Series, zone: str, other: Unit | None) -> list[str]:
    """Write each value of a column; an unknown one as a dash."""
    write = _writer(name, values, zone, other)
    return [MISSING if _unknown(value) else write(value) for value in values]


def _unknown(value: Any) -> bool:
    return not isinstance(value, list | tuple) and bool(pd.isna(value))


def _writer(name: str, values: pd.Series, zone: str, other: Unit | None) -> Callable[[Any], str]:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        here = ZoneInfo(zone)
        return lambda at: time_of(at.astimezone(here))
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return day_of
    if pd.api.types.is_bool_dtype(values.dtype):
        return lambda held: "yes" if held else "no"
    if not is_number(values):
        return _text
    unit = unit_of(name) or other
    written, after = column("", unit, values), AFTER.get(unit, "") if unit else ""
    sign = "+" if unit == "points" else ""
    return lambda value: f"{sign if value >= 0 else ''}{written.written(value)}{after}"


def _heading(name: str, values: pd.Series, other: Unit | None) -> str:
    """Return the heading of a column, with the unit that its numbers are written in."""
    heading = export.heading(name)
    return column(heading, unit_of(name) or other, values).heading if is_number(values) else heading


def _text(value: Any) -> str:
    """Write a text, or the numbers of a sparkline."""
    if isinstance(value, list | tuple):
        return " ".join(f"{number:,.0f}" for number in value)
    return brief(value)
