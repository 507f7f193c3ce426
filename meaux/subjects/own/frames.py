"""Frames: the rows of a card with their types and units, declared or found in the values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from meaux.query.metrics import Unit
from meaux.query.metrics.units import STYLES
from meaux.subjects.health import raw_rows
from meaux.subjects.own.heading import UNITS, Mistake
from meaux.wording import apart, counted, enumerated

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH = re.compile(r"\d{4}-\d{2}")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
MILLISECONDS_FROM = 1e11
"""From this number on, an instant is in milliseconds; in seconds it would be in the year 5138."""


@dataclass(frozen=True)
class Column:
    """A column of a card: its name in the SQL, its heading, and its unit if it is a number."""

    name: str
    heading: str
    unit: Unit | None


@dataclass(frozen=True)
class Typed:
    """The rows of a card, with the columns' headings, and what of them can't be read."""

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    unread: tuple[str, ...] = ()

    def of(self, *kinds: str) -> list[Column]:
        """Return the columns of some kinds: number, time or text, in order."""
        return [column for column in self.columns if _kind(self.frame[column.heading]) in kinds]


def typed(
    names: Sequence[str], rows: Sequence[Sequence[object]], units: Mapping[str, str], zone: str
) -> Typed:
    """Return the rows of an answer as a frame with headings.

    `units` has a unit or kind by column, in any case, and perhaps one for all numbers, under "".
    A text column of days, months (`2026-11`) or times has that type without being declared. Times
    without an offset are in UTC.

    Raises:
        Mistake: a unit is declared for a column that the SQL doesn't return.
    """
    found = raw_rows.frame(names, rows)
    told = {name.lower(): kind for name, kind in units.items() if name}
    if strange := [name for name in told if name not in {str(n).lower() for n in found}]:
        known = enumerated([str(name) for name in found]) if len(found.columns) else "none"
        raise Mistake(0, f"unit: the SELECT returns no column {strange[0]}; its columns: {known}")
    made = {str(n): _converted(found[n], told.get(str(n).lower(), ""), zone) for n in found}
    unit_of = {
        name: _unit(values, told.get(name.lower(), units.get("", "")))
        for name, values in made.items()
    }
    headings = apart([_heading(name, unit_of[name]) for name in made])
    unread = [_lost(found[name], values, name) for name, values in made.items()]
    return Typed(
        pd.DataFrame(dict(zip(headings, made.values(), strict=True))),
        tuple(
            Column(name, heading, unit_of[name])
            for name, heading in zip(made, headings, strict=True)
        ),
        tuple(filter(None, unread)),
    )


def local_days(values: pd.Series, zone: str) -> pd.Series:
    """Return the local day of each time; a day stays as it is."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_convert(zone).dt.tz_localize(None)
    days: pd.Series = values.dt.normalize().astype("datetime64[s]")
    return days


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "time"
    return "number" if pd.api.types.is_numeric_dtype(values.dtype) else "text"


def _heading(name: str, unit: Unit | None) -> str:
    words = " ".join(name.replace("_", " ").split())
    return f"{words[:1].upper()}{words[1:]}" + (STYLES[unit].suffix if unit else "")


def _unit(values: pd.Series, told: str) -> Unit | None:
    if _kind(values) != "number":
        return None
    return told if told in UNITS else "number"  # type: ignore[return-value]


def _converted(values: pd.Series, told: str, zone: str) -> pd.Series:
    """Return the values in their declared type, or in the one that all of them have."""
    texts = pd.api.types.is_string_dtype(values.dtype)
    match told:
        case "instant":
            return _instants(values)
        case "date":
            days = not texts or not values.dropna().str.fullmatch(DAY).all()
            return local_days(_instants(values), zone) if days else _dates(values, "%Y-%m-%d")
        case "text":
            return values.astype("str").where(values.notna(), None)
        case "":
            return _found(values) if texts else values
    return pd.to_numeric(values, errors="coerce") if texts else values


def _found(values: pd.Series) -> pd.Series:
    known = values.dropna()
    if known.empty:
        return values
    for pattern, written in ((DAY, "%Y-%m-%d"), (MONTH, "%Y-%m")):
        if known.str.fullmatch(pattern).all():
            made = _dates(values, written)
            return made if made.notna().sum() == len(known) else values
    if known.str.fullmatch(TIME).all():
        made = _instants(values)
        return made if made.notna().sum() == len(known) else values
    return values


def _dates(values: pd.Series, written: str) -> pd.Series:
    return pd.to_datetime(values, format=written, errors="coerce").astype("datetime64[s]")


def _instants(values: pd.Series) -> pd.Series:
    if pd.api.types.is_string_dtype(values.dtype):
        return pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce")
    numbers = values.astype("float64")
    seconds = numbers.where(numbers.abs() < MILLISECONDS_FROM, numbers / 1000)
    return pd.to_datetime(seconds, unit="s", utc=True, errors="coerce")


def _lost(given: pd.Series, made: pd.Series, name: str) -> str:
    lost = int((given.notna() & made.isna()).sum())
    return f"Left out: {counted(lost, 'value')} in {name} that can't be read." if lost else ""
