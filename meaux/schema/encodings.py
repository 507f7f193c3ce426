"""Timestamp encodings: read from the data, compared as stored, turned into instants and days.

Ranges compare the stored column with bounds in its own encoding, so that an index serves them;
the conversion to an instant or a local day happens in the select list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

SECONDS_FROM = 100_000_000
"""A smaller number tells no encoding: it lies in the first years after 1970, or is none."""
MILLISECONDS_FROM = 100_000_000_000
"""A number this large is milliseconds: as seconds it would be the year 5138."""
MICROSECONDS_FROM = 100_000_000_000_000
"""A number this large is microseconds: as milliseconds it would be the year 5138."""

_DIGITS = "{x} >= '1000000000' AND {x} < '1970-'"
_TEXTS = "{x} >= '1970-' AND {x} < ':'"
_CLASS_OF = {
    "epoch_s": f"{{x}} >= {SECONDS_FROM} AND {{x}} < {MILLISECONDS_FROM}",
    "epoch_ms": f"{{x}} >= {MILLISECONDS_FROM} AND {{x}} < {MICROSECONDS_FROM}",
    "epoch_us": f"{{x}} >= {MICROSECONDS_FROM} AND {{x}} < ''",
    "epoch_s_text": _DIGITS,
    "epoch_ms_text": _DIGITS,
    "epoch_us_text": _DIGITS,
    "date": _TEXTS,
    "sqlite": _TEXTS,
    "iso": _TEXTS,
    "iso_offset": _TEXTS,
}
"""The range of an index in which an encoding stands: SQLite sorts numbers before texts."""

_IS_DATE = "{x} GLOB '????-??-??'"
_INSTANT_OF_TEXT = (
    "coalesce(unixepoch({x}), unixepoch({x} || ':00'), "
    "unixepoch(substr({x}, 1, length({x}) - 2) || ':' || substr({x}, -2)))"
)
"""SQLite reads the offset `+05:30`; `+05` and `+0530` are completed for it."""

_INSTANT_OF_ANY = (
    f"CASE WHEN typeof({{x}}) = 'text' AND {{x}} GLOB '*[^0-9]*' THEN {_INSTANT_OF_TEXT} "
    f"WHEN {{x}} + 0 >= {MICROSECONDS_FROM} THEN CAST({{x}} / 1000000 AS INTEGER) "
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


def _numbers(unit: str) -> tuple[str, str]:
    """The bounds of a range of numbers; the plus takes the affinity away that a cast has.

    With it SQLite would convert the column, and read all of it, unless it is declared numeric.
    """
    return f"+CAST(:from_{unit} AS INTEGER)", f"+CAST(:to_{unit} AS INTEGER)"


ENCODINGS = {
    encoding.name: encoding
    for encoding in (
        Encoding("epoch_s", "{x}", *_numbers("s")),
        Encoding("epoch_ms", "CAST({x} / 1000 AS INTEGER)", *_numbers("ms")),
        Encoding("epoch_us", "CAST({x} / 1000000 AS INTEGER)", *_numbers("us")),
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
        Encoding(
            "epoch_us_text",
            "CAST({x} / 1000000 AS INTEGER)",
            ":from_us_text",
            ":to_us_text",
            r"\d{16}",
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

_READ_BY_DATE = ("sqlite", "iso")
"""Encodings whose day in UTC date() tells at once, without the seconds since 1970 in between."""

_MILLISECONDS_OF_TEXT = "CAST(round((julianday({x}) - 2440587.5) * 86400000) AS INTEGER)"
_MILLISECONDS = {
    "epoch_s": "CAST({x} * 1000 AS INTEGER)",
    "epoch_ms": "CAST({x} AS INTEGER)",
    "epoch_us": "CAST({x} / 1000 AS INTEGER)",
    "epoch_ms_text": "CAST({x} AS INTEGER)",
    "epoch_us_text": "CAST({x} / 1000 AS INTEGER)",
    "date": _MILLISECONDS_OF_TEXT,
    "sqlite": _MILLISECONDS_OF_TEXT,
    "iso": _MILLISECONDS_OF_TEXT,
}
"""SQL for epoch milliseconds, where an encoding may tell parts of a second."""


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
            "from_us": str(self.start * 1_000_000),
            "to_us": str(self.end * 1_000_000),
            "from_s_text": f"{self.start:010}",
            "to_s_text": f"{self.end:010}",
            "from_ms_text": f"{self.start * 1000:013}",
            "to_ms_text": f"{self.end * 1000:013}",
            "from_us_text": f"{self.start * 1_000_000:016}",
            "to_us_text": f"{self.end * 1_000_000:016}",
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
        return _encoding_of_number(value)
    text = str(value)
    for encoding in ENCODINGS.values():
        if encoding.pattern and re.fullmatch(encoding.pattern, text):
            return encoding.name
    return None


def _encoding_of_number(value: float) -> str | None:
    floors = {
        "epoch_us": MICROSECONDS_FROM,
        "epoch_ms": MILLISECONDS_FROM,
        "epoch_s": SECONDS_FROM,
    }
    return next((name for name, floor in floors.items() if value >= floor), None)


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
    if shift == "0" and len(encodings) == 1 and encodings[0] in _READ_BY_DATE:
        return f"date({stored})"
    at = instant(stored, encodings)
    day = f"date({at} + {shift.format(at=at)}, 'unixepoch')"
    if "date" not in encodings:
        return day
    return f"CASE WHEN {_IS_DATE.format(x=stored)} THEN {stored} ELSE {day} END"


def timed(stored: str, encodings: tuple[str, ...]) -> str:
    """SQL for whether a time of day is known, 1 or 0: a bare date has none."""
    if "date" not in encodings:
        return "1"
    return "0" if len(encodings) == 1 else f"NOT ({_IS_DATE.format(x=stored)})"


def milliseconds(stored: str, encodings: tuple[str, ...]) -> str:
    """SQL for the point in time as epoch milliseconds; to the second where encodings mix."""
    exact = _MILLISECONDS.get(encodings[0]) if len(encodings) == 1 else None
    return exact.format(x=stored) if exact else f"({instant(stored, encodings)}) * 1000"


def classes(names: Iterable[str] = tuple(_CLASS_OF)) -> list[str]:
    """SQL of `{x}` for each range of an index in which some encodings stand, by default all.

    One value of each tells which kinds of encodings a column has, however many rows there are.
    """
    return list(dict.fromkeys(_CLASS_OF[name] for name in names))


def newest(instant: str, stored: str, source: str, encodings: tuple[str, ...]) -> str:
    """SQL for the newest instant of all rows of a source, for one row of each class of encodings.

    An index holds the classes apart, so that this is right however they mix.
    """
    lasts = (
        f"SELECT * FROM (SELECT {instant} AS at FROM {source} "
        f"WHERE {condition.format(x=stored)} ORDER BY {stored} DESC LIMIT 1)"
        for condition in classes(encodings)
    )
    return f"(SELECT max(at) FROM ({' UNION ALL '.join(lasts)}))"


def classes_sort(encodings: tuple[str, ...]) -> bool:
    """Whether what is stored sorts as time does among the encodings of each class."""
    return "iso_offset" not in encodings and sum(_CLASS_OF[e] == _TEXTS for e in encodings) <= 1


def sorts_as_time(encodings: tuple[str, ...]) -> bool:
    """Whether what is stored sorts as the points in time do."""
    return len(encodings) == 1 and encodings[0] != "iso_offset"


def since_start(stored: str, encodings: tuple[str, ...]) -> str:
    """SQL for "not before the window", on the bare column; "within it" where it does not sort."""
    if sorts_as_time(encodings):
        return f"{stored} >= {ENCODINGS[encodings[0]].low}"
    return in_window(stored, encodings)


def in_window(stored: str, encodings: tuple[str, ...]) -> str:
    """SQL for "within the window", on the bare column; bounds are the parameters of `Window`."""
    if sorts_as_time(encodings):
        return _between(stored, ENCODINGS[encodings[0]])
    coarse = " OR ".join(dict.fromkeys(_coarse(stored, name) for name in encodings))
    return f"(({coarse}) AND {_exactly(stored, encodings)})"


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
