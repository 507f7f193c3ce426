"""Timestamp encodings: read from the data, compared as stored, turned into instants and days.

Ranges compare the stored column with bounds in its own encoding, so that an index serves them;
the conversion to an instant or a local day happens in the select list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MILLISECONDS_FROM = 100_000_000_000
"""A number this large is milliseconds: as seconds it would be the year 5138."""

_IS_DATE = "{x} GLOB '????-??-??'"
_INSTANT_OF_TEXT = (
    "coalesce(unixepoch({x}), unixepoch({x} || ':00'), "
    "unixepoch(substr({x}, 1, length({x}) - 2) || ':' || substr({x}, -2)))"
)
"""SQLite reads the offset `+05:30`; `+05` and `+0530` are completed for it."""

_INSTANT_OF_ANY = (
    f"CASE WHEN typeof({{x}}) = 'text' AND {{x}} GLOB '*[^0-9]*' THEN {_INSTANT_OF_TEXT} "
    f"WHEN {{x}} + 0 >= {MILLISECONDS_FROM} THEN CAST({{x}} / 1000 AS INTEGER) "
    "ELSE CAST({x} AS INTEGER) END"
)


@dataclass(frozen=True)
class Encoding:
    """One way to write a point in time, and the SQL to compare it and to read it.

    `instant` gives epoch seconds; `low` and `high` name the parameters that bound a range.
    """

    name: str
    instant: str
    low: str
    high: str
    pattern: str | None = None


ENCODINGS = {
    encoding.name: encoding
    for encoding in (
        Encoding("epoch_s", "{x}", "CAST(:from_s AS INTEGER)", "CAST(:to_s AS INTEGER)"),
        Encoding(
            "epoch_ms",
            "CAST({x} / 1000 AS INTEGER)",
            "CAST(:from_ms AS INTEGER)",
            "CAST(:to_ms AS INTEGER)",
        ),
        Encoding(
            "epoch_s_text",
            "CAST({x} AS INTEGER)",
            ":from_s_text",
            ":to_s_text",
            r"\d{10}",
        ),
        Encoding(
            "epoch_ms_text",
            "CAST({x} / 1000 AS INTEGER)",
            ":from_ms_text",
            ":to_ms_text",
            r"\d{13}",
        ),
        Encoding("date", "unixepoch({x})", ":start_day", ":end_day", r"\d{4}-\d\d-\d\d"),
        Encoding(
            "sqlite",
            "unixepoch({x})",
            ":from_sqlite",
            ":to_sqlite",
            r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?",
        ),
        Encoding(
            "iso",
            "unixepoch({x})",
            ":from_iso",
            ":to_iso",
            r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z?",
        ),
        Encoding(
            "iso_offset",
            _INSTANT_OF_TEXT,
            ":day_before",
            ":day_after",
            r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?[+-]\d\d(:?\d\d)?",
        ),
    )
}


@dataclass(frozen=True)
class Window:
    """A range of time to read: instants in epoch seconds, and the local days they bound."""

    start: int
    end: int
    start_day: date
    end_day: date

    def parameters(self) -> dict[str, str]:
        """The range in every encoding, as the texts that D1 binds."""
        low, high = (datetime.fromtimestamp(at, UTC) for at in (self.start, self.end))
        return {
            "start_day": str(self.start_day),
            "end_day": str(self.end_day),
            "from_s": str(self.start),
            "to_s": str(self.end),
            "from_ms": str(self.start * 1000),
            "to_ms": str(self.end * 1000),
            "from_s_text": f"{self.start:010}",
            "to_s_text": f"{self.end:010}",
            "from_ms_text": f"{self.start * 1000:013}",
            "to_ms_text": f"{self.end * 1000:013}",
            "from_sqlite": _shortest(low, " "),
            "to_sqlite": _shortest(high, " "),
            "from_iso": _shortest(low, "T"),
            "to_iso": _shortest(high, "T"),
            "day_before": str((low - timedelta(days=1)).date()),
            "day_after": str((high + timedelta(days=2)).date()),
        }


def _shortest(instant: datetime, separator: str) -> str:
    """A text no longer than any spelling of the same instant, so that it sorts before them."""
    return instant.strftime(f"%Y-%m-%d{separator}%H:%M" + (":%S" if instant.second else ""))


def encoding_of(value: object) -> str | None:
    """The encoding of one stored value; None where it is no point in time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return "epoch_ms" if value >= MILLISECONDS_FROM else "epoch_s"
    text = str(value)
    for encoding in ENCODINGS.values():
        if encoding.pattern and re.fullmatch(encoding.pattern, text):
            return encoding.name
    return None


def encodings_of(values: Iterable[object]) -> tuple[str, ...]:
    """Every encoding met in a column's values, in the order of `ENCODINGS`."""
    met = {encoding_of(value) for value in values}
    return tuple(name for name in ENCODINGS if name in met)


def instant(stored: str, encodings: tuple[str, ...]) -> str:
    """SQL for the point in time as epoch seconds."""
    if len(encodings) == 1:
        return ENCODINGS[encodings[0]].instant.format(x=stored)
    return _INSTANT_OF_ANY.format(x=stored)


def local_day(stored: str, encodings: tuple[str, ...], shift: str) -> str:
    """SQL for the local day as `YYYY-MM-DD`; `shift` is the zone's offset as SQL of `{at}`."""
    if encodings == ("date",):
        return f"substr({stored}, 1, 10)"
    at = instant(stored, encodings)
    day = f"date({at} + {shift.format(at=at)}, 'unixepoch')"
    if "date" not in encodings:
        return day
    return f"CASE WHEN {_IS_DATE.format(x=stored)} THEN {stored} ELSE {day} END"


def in_window(stored: str, encodings: tuple[str, ...]) -> str:
    """SQL for "within the window", on the bare column; bounds are the parameters of `Window`."""
    if in_order(encodings):
        return _between(stored, ENCODINGS[encodings[0]])
    coarse = " OR ".join(dict.fromkeys(_coarse(stored, name) for name in encodings))
    return f"(({coarse}) AND {_exactly(stored, encodings)})"


def in_order(encodings: tuple[str, ...]) -> bool:
    """Whether the stored values sort by time: they are of one encoding, without offsets."""
    return len(encodings) == 1 and encodings[0] != "iso_offset"


def _between(stored: str, encoding: Encoding) -> str:
    return f"({stored} >= {encoding.low} AND {stored} < {encoding.high})"


def _coarse(stored: str, name: str) -> str:
    textual = ENCODINGS[name].pattern and not name.startswith("epoch")
    return _between(stored, ENCODINGS["iso_offset" if textual else name])


def _exactly(stored: str, encodings: tuple[str, ...]) -> str:
    at = instant(stored, encodings)
    exact = f"({at}) >= CAST(:from_s AS INTEGER) AND ({at}) < CAST(:to_s AS INTEGER)"
    if "date" not in encodings:
        return exact
    days = _between(stored, ENCODINGS["date"])
    return f"CASE WHEN {_IS_DATE.format(x=stored)} THEN {days} ELSE {exact} END"
