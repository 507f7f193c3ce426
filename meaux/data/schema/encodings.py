"""Encodings: the ways to store a time, and which of them a value or a column has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

UNSET_BELOW = 1_000_000
"""A smaller number is no time: in seconds, it is in the first days of 1970 or earlier."""
DAY_NUMBERS = (19_730_101, 21_000_101)
"""A number in this range is a day, written as `20261102`."""
JULIAN_DAYS = (2_441_684, 2_488_070)
"""A number in this range is a Julian day, as in SQLite's julianday(): 1973 to 2099."""
SECONDS_FROM = 100_000_000
"""A number from here on is in seconds; a smaller one that is no day is unreadable."""
MILLISECONDS_FROM = 100_000_000_000
"""A number from here on is in milliseconds: in seconds it would be the year 5138."""
MICROSECONDS_FROM = 100_000_000_000_000
"""A number from here on is in microseconds: in milliseconds it would be the year 5138."""
NANOSECONDS_FROM = 100_000_000_000_000_000
"""A number from here on is in nanoseconds: in microseconds it would be the year 5138."""
NEVER_FROM = 4_102_444_800
"""The year 2100 in seconds: a time from then on means "never"."""

UNSET = "{x} IS NULL"
"""The condition for rows without a value."""
UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
"""The number of each unit of epoch time in a second."""
DIGITS = "{x} >= '1000000000' AND {x} < '1970-'"
TEXTS = "{x} >= '1970-' AND {x} < ':'"
CLASS_OF = {
    "julian": f"{{x}} >= {JULIAN_DAYS[0]} AND {{x}} < {JULIAN_DAYS[1]}",
    "yyyymmdd": f"{{x}} >= {DAY_NUMBERS[0]} AND {{x}} < {DAY_NUMBERS[1]}",
    "epoch_s": f"{{x}} >= {SECONDS_FROM} AND {{x}} < {MILLISECONDS_FROM}",
    "epoch_ms": f"{{x}} >= {MILLISECONDS_FROM} AND {{x}} < {MICROSECONDS_FROM}",
    "epoch_us": f"{{x}} >= {MICROSECONDS_FROM} AND {{x}} < {NANOSECONDS_FROM}",
    "epoch_ns": f"{{x}} >= {NANOSECONDS_FROM} AND {{x}} < ''",
    **dict.fromkeys([f"epoch_{unit}_text" for unit in UNITS], DIGITS),
    **dict.fromkeys(["date", "sqlite", "iso", "iso_offset", "zone_name"], TEXTS),
}
"""The class of each encoding, its range in an index: SQLite sorts numbers before texts."""

DAYS = ("date", "yyyymmdd")
"""Encodings of a local day in any zone; they have no time of day."""
_DATE, _TIME = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d(\.\d+)?)?"
DAY_OF_NUMBER = "date(substr({x}, 1, 4) || '-' || substr({x}, 5, 2) || '-' || substr({x}, 7, 2))"
SECONDS_OF_JULIAN = "CAST(({x} - 2440587.5) * 86400 + 0.0005 AS INTEGER)"
"""Half a millisecond compensates for the rounding of a Julian day."""
INSTANT_OF_OFFSET = (
    "unixepoch({x}), unixepoch({x} || ':00'), "
    "unixepoch(substr({x}, 1, length({x}) - 2) || ':' || substr({x}, -2))"
)
"""SQLite reads the offset `+05:30`; `+05` and `+0530` are expanded to it."""
_BEHIND_TIME = "substr({x}, 12 + instr(substr({x}, 12), ' '), 5)"
INSTANT_OF_ZONE_NAME = (
    f"unixepoch(substr({{x}}, 1, 19) || substr({_BEHIND_TIME}, 1, 3) || ':' "
    f"|| substr({_BEHIND_TIME}, 4, 2)), "
    "iif({x} GLOB '* UTC' OR {x} GLOB '* GMT', unixepoch(substr({x}, 1, 19)), NULL)"
)
"""Go writes `2026-11-02 09:00:00.25 +0530 IST`, Ruby and BigQuery `2026-11-02 09:00:00 UTC`."""


@dataclass(frozen=True)
class Encoding:
    """An encoding of a point in time, and the SQL that compares and reads it.

    `instant` gives epoch seconds; `low` and `high` name the parameters that bound a range.
    """

    name: str
    instant: str
    low: str
    high: str
    pattern: str | None = None


def _numbers(unit: str, type_: str = "INTEGER") -> tuple[str, str]:
    """Return the bounds of a numeric range; the plus removes the affinity of the cast.

    With affinity, SQLite would convert the column, and read all of it, unless it is declared
    numeric.
    """
    return f"+CAST(:from_{unit} AS {type_})", f"+CAST(:to_{unit} AS {type_})"


def _texts(kind: str) -> tuple[str, str]:
    return f":from_{kind}", f":to_{kind}"


def digits(unit: str) -> int:
    """Return the number of digits of a present-day time in a unit."""
    return len(str(SECONDS_FROM * UNITS[unit])) + 1


_DAYS_AROUND = (":day_before", ":day_after")
_SECONDS_OF = {
    unit: f"CAST({{x}} / {each} AS INTEGER)" if each > 1 else "CAST({x} AS INTEGER)"
    for unit, each in UNITS.items()
}
ENCODINGS = {
    encoding.name: encoding
    for encoding in (
        Encoding("julian", SECONDS_OF_JULIAN, *_numbers("julian", "REAL")),
        Encoding("yyyymmdd", f"unixepoch({DAY_OF_NUMBER})", *_numbers("number")),
        Encoding("epoch_s", "{x}", *_numbers("s")),
        *(Encoding(f"epoch_{u}", _SECONDS_OF[u], *_numbers(u)) for u in UNITS if u != "s"),
        *(
            Encoding(f"epoch_{u}_text", _SECONDS_OF[u], *_texts(f"{u}_text"), r"\d" * digits(u))
            for u in UNITS
        ),
        Encoding("date", "unixepoch({x})", ":start_day", ":end_day", _DATE),
        Encoding("sqlite", "unixepoch({x})", *_texts("sqlite"), f"{_DATE} {_TIME}"),
        Encoding("iso", "unixepoch({x})", *_texts("iso"), f"{_DATE}T{_TIME}Z?"),
        Encoding(
            "iso_offset",
            f"coalesce({INSTANT_OF_OFFSET})",
            *_DAYS_AROUND,
            rf"{_DATE}[T ]{_TIME}[+-]\d\d(:?\d\d)?",
        ),
        Encoding(
            "zone_name",
            f"coalesce({INSTANT_OF_ZONE_NAME})",
            *_DAYS_AROUND,
            rf"{_DATE} \d\d:\d\d:\d\d(\.\d+)? ([+-]\d{{4}}( \w+)?|UTC|GMT)",
        ),
    )
}

_PATTERNS = {
    name: re.compile(encoding.pattern) for name, encoding in ENCODINGS.items() if encoding.pattern
}
_BEGINS_WITH_YEAR = re.compile(r"\d{4}-")

FIRST_TEXT, NEVER_TEXT = "1973-", "2100-"
NEVER = (
    (19_000_101, DAY_NUMBERS[0] - 1),
    (DAY_NUMBERS[1], 99_991_231),
    *((253_402_214_400 * UNITS[unit], 253_402_300_800 * UNITS[unit]) for unit in ("s", "ms", "us")),
)
"""Numbers that mean "never": days from 1900 on, and the last day of the year 9999 in any unit."""
TEXTS_OF_TIME = frozenset(name for name, condition in CLASS_OF.items() if condition == TEXTS)
_OF_ALL = tuple(name for name in ENCODINGS if name not in ("sqlite", "iso", "zone_name"))
"""Encodings that together read all values that the sample lacks."""
_UNSORTED = frozenset({"iso_offset", "zone_name"})
"""Encodings whose texts don't sort by time."""


def encoding_of(value: object) -> str | None:
    """Return the encoding of one stored value; None if it is no point in time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _encoding_of_number(value)
    text = str(value)
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(text)), None)


def _encoding_of_number(value: float) -> str | None:
    if JULIAN_DAYS[0] <= value < JULIAN_DAYS[1]:
        return "julian"
    if DAY_NUMBERS[0] <= value < DAY_NUMBERS[1]:
        return "yyyymmdd" if _is_day(f"{int(value)}") else None
    floors = (SECONDS_FROM, MILLISECONDS_FROM, MICROSECONDS_FROM, NANOSECONDS_FROM)
    met = [f"epoch_{unit}" for unit, floor in zip(UNITS, floors, strict=True) if value >= floor]
    return met[-1] if met else None


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def others(met: Iterable[str]) -> tuple[str, ...]:
    """Return the encodings that a column may have besides those found there."""
    known = set(classes(met))
    return tuple(n for n in _OF_ALL if CLASS_OF[n] not in known)


def encodings_of(values: Iterable[object]) -> tuple[str, ...]:
    """Return every encoding of a column's values, in the order of `ENCODINGS`."""
    met = {encoding_of(value) for value in values if not is_unset(value)}
    return tuple(name for name in ENCODINGS if name in met)


def is_unset(value: object) -> bool:
    """Return whether a stored value means that there is no time.

    These are NULL, an empty text, 0, the first days of 1970 and earlier, and the years from 2100
    on.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value < UNSET_BELOW or any(low <= value <= high for low, high in NEVER)
    text = "" if value is None else str(value).strip()
    if _BEGINS_WITH_YEAR.match(text):
        return not FIRST_TEXT <= text < NEVER_TEXT
    return not text.strip("0") or text.lower() in ("null", "none", "never")


def reads(value: object) -> bool:
    """Return whether a stored value is a readable point in time."""
    if encoding_of(value) is None:
        return False
    return not isinstance(value, str) or "-" not in value or _is_day(value[:10])


def classes(names: Iterable[str] = tuple(CLASS_OF)) -> list[str]:
    """Return SQL of `{x}` for each class of some encodings, by default of all.

    One value of each class shows which encodings a column has, however many rows there are.
    """
    return list(dict.fromkeys(CLASS_OF[name] for name in names))


def are_texts(condition: str) -> bool:
    """Return whether a class of encodings is one of texts."""
    return condition in (DIGITS, TEXTS)


def classes_sort(encodings: tuple[str, ...]) -> bool:
    """Return whether stored values sort by time within each class of encodings."""
    return _UNSORTED.isdisjoint(encodings) and sum(CLASS_OF[e] == TEXTS for e in encodings) <= 1


def sorts_as_time(encodings: tuple[str, ...]) -> bool:
    """Return whether stored values sort by time."""
    return len(encodings) == 1 and _UNSORTED.isdisjoint(encodings)
