"""Timestamp encodings: detected in the data, compared as stored, converted to instants and days.

Ranges compare the stored column with bounds in its own encoding, so that an index serves them; the
conversion to an instant or a local day happens in the select list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from meaux.data.schema.reading import NO, among, trimmed, word

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
MOST_UNITED = 5
NEVER_FROM = 4_102_444_800
"""The year 2100 in seconds: a time from then on means "never"."""

UNSET = "{x} IS NULL"
"""The condition for rows without a value."""
UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
"""The number of each unit of epoch time in a second."""
_DIGITS = "{x} >= '1000000000' AND {x} < '1970-'"
_TEXTS = "{x} >= '1970-' AND {x} < ':'"
_CLASS_OF = {
    "julian": f"{{x}} >= {JULIAN_DAYS[0]} AND {{x}} < {JULIAN_DAYS[1]}",
    "yyyymmdd": f"{{x}} >= {DAY_NUMBERS[0]} AND {{x}} < {DAY_NUMBERS[1]}",
    "epoch_s": f"{{x}} >= {SECONDS_FROM} AND {{x}} < {MILLISECONDS_FROM}",
    "epoch_ms": f"{{x}} >= {MILLISECONDS_FROM} AND {{x}} < {MICROSECONDS_FROM}",
    "epoch_us": f"{{x}} >= {MICROSECONDS_FROM} AND {{x}} < {NANOSECONDS_FROM}",
    "epoch_ns": f"{{x}} >= {NANOSECONDS_FROM} AND {{x}} < ''",
    **dict.fromkeys([f"epoch_{unit}_text" for unit in UNITS], _DIGITS),
    **dict.fromkeys(["date", "sqlite", "iso", "iso_offset", "zone_name"], _TEXTS),
}
"""The class of each encoding, its range in an index: SQLite sorts numbers before texts."""

DAYS = ("date", "yyyymmdd")
"""Encodings of a local day in any zone; they have no time of day."""
_DATE, _TIME = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d(\.\d+)?)?"
_IS_DATE = "{x} GLOB '????-??-??'"
_DAY_OF_NUMBER = "date(substr({x}, 1, 4) || '-' || substr({x}, 5, 2) || '-' || substr({x}, 7, 2))"
_SECONDS_OF_JULIAN = "CAST(({x} - 2440587.5) * 86400 + 0.0005 AS INTEGER)"
"""Half a millisecond compensates for the rounding of a Julian day."""
_INSTANT_OF_OFFSET = (
    "unixepoch({x}), unixepoch({x} || ':00'), "
    "unixepoch(substr({x}, 1, length({x}) - 2) || ':' || substr({x}, -2))"
)
"""SQLite reads the offset `+05:30`; `+05` and `+0530` are expanded to it."""
_BEHIND_TIME = "substr({x}, 12 + instr(substr({x}, 12), ' '), 5)"
_INSTANT_OF_ZONE_NAME = (
    f"unixepoch(substr({{x}}, 1, 19) || substr({_BEHIND_TIME}, 1, 3) || ':' "
    f"|| substr({_BEHIND_TIME}, 4, 2)), "
    "iif({x} GLOB '* UTC' OR {x} GLOB '* GMT', unixepoch(substr({x}, 1, 19)), NULL)"
)
"""Go writes `2026-11-02 09:00:00.25 +0530 IST`, Ruby and BigQuery `2026-11-02 09:00:00 UTC`."""

_IS_A_LAST_DAY = "{x} GLOB '253402[23]*'"
"""The last day of the year 9999 in seconds, milliseconds and microseconds, by its first digits; in
nanoseconds some minutes of 1978 would have the same digits."""
_INSTANT_OF_ANY = (
    "CASE WHEN typeof({x}) = 'text' AND {x} GLOB '*[^0-9]*' THEN {text} {days}"
    f"WHEN {_IS_A_LAST_DAY} THEN NULL "
    f"WHEN {{x}} + 0 >= {NANOSECONDS_FROM} THEN CAST({{x}} / 1000000000 AS INTEGER) "
    f"WHEN {{x}} + 0 >= {MICROSECONDS_FROM} THEN CAST({{x}} / 1000000 AS INTEGER) "
    f"WHEN {{x}} + 0 >= {MILLISECONDS_FROM} THEN CAST({{x}} / 1000 AS INTEGER) "
    "ELSE CAST({x} AS INTEGER) END"
)
_DAYS_OF_ANY = {
    "julian": f"WHEN {_CLASS_OF['julian']} THEN {_SECONDS_OF_JULIAN} ",
    "yyyymmdd": f"WHEN {_CLASS_OF['yyyymmdd']} THEN unixepoch({_DAY_OF_NUMBER}) ",
}


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


def _digits(unit: str) -> int:
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
        Encoding("julian", _SECONDS_OF_JULIAN, *_numbers("julian", "REAL")),
        Encoding("yyyymmdd", f"unixepoch({_DAY_OF_NUMBER})", *_numbers("number")),
        Encoding("epoch_s", "{x}", *_numbers("s")),
        *(Encoding(f"epoch_{u}", _SECONDS_OF[u], *_numbers(u)) for u in UNITS if u != "s"),
        *(
            Encoding(f"epoch_{u}_text", _SECONDS_OF[u], *_texts(f"{u}_text"), r"\d" * _digits(u))
            for u in UNITS
        ),
        Encoding("date", "unixepoch({x})", ":start_day", ":end_day", _DATE),
        Encoding("sqlite", "unixepoch({x})", *_texts("sqlite"), f"{_DATE} {_TIME}"),
        Encoding("iso", "unixepoch({x})", *_texts("iso"), f"{_DATE}T{_TIME}Z?"),
        Encoding(
            "iso_offset",
            f"coalesce({_INSTANT_OF_OFFSET})",
            *_DAYS_AROUND,
            rf"{_DATE}[T ]{_TIME}[+-]\d\d(:?\d\d)?",
        ),
        Encoding(
            "zone_name",
            f"coalesce({_INSTANT_OF_ZONE_NAME})",
            *_DAYS_AROUND,
            rf"{_DATE} \d\d:\d\d:\d\d(\.\d+)? ([+-]\d{{4}}( \w+)?|UTC|GMT)",
        ),
    )
}

_PATTERNS = {
    name: re.compile(encoding.pattern) for name, encoding in ENCODINGS.items() if encoding.pattern
}
_BEGINS_WITH_YEAR = re.compile(r"\d{4}-")

_FIRST_TEXT, _NEVER_TEXT = "1973-", "2100-"
_NEVER = (
    (19_000_101, DAY_NUMBERS[0] - 1),
    (DAY_NUMBERS[1], 99_991_231),
    *((253_402_214_400 * UNITS[unit], 253_402_300_800 * UNITS[unit]) for unit in ("s", "ms", "us")),
)
"""Numbers that mean "never": days from 1900 on, and the last day of the year 9999 in any unit."""
_FLAGS_BELOW = 100
"""If a column may hold flags, a number closer to 0 is a flag: 0 means no, any other yes."""
_TEXTS_OF_TIME = frozenset(name for name, condition in _CLASS_OF.items() if condition == _TEXTS)
_OF_ALL = tuple(name for name in ENCODINGS if name not in ("sqlite", "iso", "zone_name"))
"""Encodings that together read all values that the sample lacks."""
_IS_DIGITS = re.compile(r"epoch_([mun]?s)(_text)?")

_UNSORTED = frozenset({"iso_offset", "zone_name"})
"""Encodings whose texts don't sort by time."""

_READ_BY_DATE = ("sqlite", "iso")
"""Encodings whose UTC day date() gives directly, without epoch seconds in between."""

_MILLISECONDS = {
    "julian": "CAST(round(({x} - 2440587.5) * 86400000) AS INTEGER)",
    "epoch_s": "CAST({x} * 1000 AS INTEGER)",
    **dict.fromkeys(["epoch_ms", "epoch_ms_text"], "CAST({x} AS INTEGER)"),
    **dict.fromkeys(["epoch_us", "epoch_us_text"], "CAST({x} / 1000 AS INTEGER)"),
    **dict.fromkeys(["epoch_ns", "epoch_ns_text"], "CAST({x} / 1000000 AS INTEGER)"),
    **dict.fromkeys(
        ["date", "sqlite", "iso"],
        "CAST(round((julianday({x}) - 2440587.5) * 86400000) AS INTEGER)",
    ),
}
"""SQL for epoch milliseconds of each encoding that may have fractions of a second."""


@dataclass(frozen=True)
class Window:
    """A range of time to read: instants in epoch seconds, and the local days they bound."""

    start: int
    end: int
    start_day: date
    end_day: date

    def parameters(self) -> dict[str, str]:
        """Return the range in every encoding, as texts, which D1 binds."""
        ends = {"from": self.start, "to": self.end}
        at = {end: datetime.fromtimestamp(seconds, UTC) for end, seconds in ends.items()}
        units = [(f"{end}_{u}", u, ends[end] * UNITS[u]) for end in ends for u in UNITS]
        return {
            "start_day": str(self.start_day),
            "end_day": str(self.end_day),
            "from_number": f"{self.start_day:%Y%m%d}",
            "to_number": f"{self.end_day:%Y%m%d}",
            **{f"{end}_julian": _julian(seconds) for end, seconds in ends.items()},
            **{name: str(number) for name, _, number in units},
            **{f"{name}_text": f"{number:0{_digits(unit)}}" for name, unit, number in units},
            **{f"{end}_sqlite": _shortest(at[end], " ") for end in ends},
            **{f"{end}_iso": _shortest(at[end], "T") for end in ends},
            "day_before": str((at["from"] - timedelta(days=1)).date()),
            "day_after": str((at["to"] + timedelta(days=2)).date()),
        }


def _shortest(instant: datetime, separator: str) -> str:
    """Return the shortest spelling of an instant, which sorts before all others."""
    return instant.strftime(f"%Y-%m-%d{separator}%H:%M" + (":%S" if instant.second else ""))


def _julian(instant: int) -> str:
    """Return the Julian day half a millisecond before an instant, so rounding excludes no row."""
    return repr((instant - 0.0005) / 86_400 + 2_440_587.5)


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
    return tuple(n for n in _OF_ALL if _CLASS_OF[n] not in known)


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
        return value < UNSET_BELOW or any(low <= value <= high for low, high in _NEVER)
    text = "" if value is None else str(value).strip()
    if _BEGINS_WITH_YEAR.match(text):
        return not _FIRST_TEXT <= text < _NEVER_TEXT
    return not text.strip("0") or text.lower() in ("null", "none", "never")


def reads(value: object) -> bool:
    """Return whether a stored value is a readable point in time."""
    if encoding_of(value) is None:
        return False
    return not isinstance(value, str) or "-" not in value or _is_day(value[:10])


def instant(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for the point in time as epoch seconds; NULL for values that mean no time."""
    if len(encodings) == 1:
        return _where_set(stored, encodings[0], ENCODINGS[encodings[0]].instant.format(x=stored))
    days = "".join(_DAYS_OF_ANY[name] for name in encodings if name in _DAYS_OF_ANY)
    named = f", {_INSTANT_OF_ZONE_NAME}" if "zone_name" in encodings else ""
    text = f"coalesce({_INSTANT_OF_OFFSET}{named})"
    if "epoch_s_text" in encodings and _TEXTS_OF_TIME.isdisjoint(encodings):
        text = "NULL"
    at = _INSTANT_OF_ANY.format(x=stored, text=text.format(x=stored), days=days.format(x=stored))
    is_set = f"at >= {SECONDS_FROM} AND at < {NEVER_FROM}"
    return f"(SELECT iif({is_set}, at, NULL) FROM (SELECT {at} AS at))"


def never(stored: str) -> str:
    """Return SQL for whether a cell means that there is no time; `is_unset` does so in Python."""
    words = f"lower({trimmed(stored)})"
    numbers = " OR ".join(f"{stored} BETWEEN {low} AND {high}" for low, high in _NEVER)
    return (
        f"(CASE typeof({stored}) WHEN 'text' THEN trim({words}, '0') = '' "
        f"OR {among(words, ('null', 'none', 'never'))} "
        f"OR {words} GLOB '[0-9][0-9][0-9][0-9]-*' "
        f"AND ({words} < '{_FIRST_TEXT}' OR {words} >= '{_NEVER_TEXT}') "
        f"ELSE {stored} < {UNSET_BELOW} OR {numbers} END)"
    )


def is_set(column: str) -> str:
    """Return SQL for whether a flag or time column is set: by yes, or by a time.

    A word for no means that it isn't set, and so does a value that means no time.
    """
    says_no = f"{among(word(column), NO)} OR {never(column)}"
    says_yes = f"typeof({column}) <> 'text' AND {column} <> 0 AND abs({column}) < {_FLAGS_BELOW}"
    return f"({column} IS NOT NULL AND ({says_yes} OR NOT ({says_no})))"


def _where_set(stored: str, encoding: str, value: str) -> str:
    """Return SQL for a value of the cells that hold a time; NULL for the others."""
    if encoding in _TEXTS_OF_TIME:
        return (
            f"CASE WHEN {stored} >= '{_FIRST_TEXT}' AND {stored} < '{_NEVER_TEXT}' THEN {value} END"
        )
    digits = _IS_DIGITS.fullmatch(encoding)
    if not digits:
        return f"CASE WHEN {_CLASS_OF[encoding].format(x=stored)} THEN {value} END"
    unit, number = UNITS[digits[1]], f"CAST({stored} AS INTEGER)" if digits[2] else stored
    low, high = SECONDS_FROM * unit, NEVER_FROM * unit
    return f"CASE WHEN {number} >= {low} AND {number} < {high} THEN {value} END"


def local_day(stored: str, encodings: tuple[str, ...], shift: str) -> str:
    """Return SQL for the local day, `YYYY-MM-DD`; `shift` is SQL for the offset at `{at}`."""
    if len(encodings) == 1 and encodings[0] in DAYS:
        return _day_as_written(stored, encodings[0])
    if shift == "0" and len(encodings) == 1 and encodings[0] in _READ_BY_DATE:
        return _where_set(stored, encodings[0], f"date({stored})")
    at = instant(stored, encodings)
    day = f"date({at} + {shift.format(at=at)}, 'unixepoch')"
    if len(encodings) > 1 and "{at}" in shift:  # it is long, and every arm would repeat it
        shifted = f"date(at + {shift.format(at='at')}, 'unixepoch')"
        day = f"(SELECT {shifted} FROM (SELECT {at} AS at))"
    of_number = _DAY_OF_NUMBER.format(x=stored)
    return _where_day(
        stored, encodings, {"yyyymmdd": of_number, "date": _day_as_written(stored, "date")}, day
    )


def _day_as_written(stored: str, name: str) -> str:
    day = _DAY_OF_NUMBER.format(x=stored) if name == "yyyymmdd" else f"substr({stored}, 1, 10)"
    return _where_set(stored, name, day)


def _where_day(
    stored: str, encodings: tuple[str, ...], of_day: Mapping[str, str], other: str
) -> str:
    """Return SQL for `of_day` of the cell's encoding if it holds a bare day, else for `other`."""
    is_day = {"date": _IS_DATE, "yyyymmdd": _CLASS_OF["yyyymmdd"]}
    met = (name for name in DAYS if name in encodings)
    arms = " ".join(f"WHEN {is_day[name].format(x=stored)} THEN {of_day[name]}" for name in met)
    return f"CASE {arms} ELSE {other} END" if arms else other


def timed(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for whether a time of day is known, 1 or 0: a bare date has none."""
    if len(encodings) == 1:
        return "0" if encodings[0] in DAYS else "1"
    return _where_day(stored, encodings, dict.fromkeys(DAYS, "0"), "1")


def milliseconds(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for epoch milliseconds; with mixed encodings, precise to the second."""
    exact = _MILLISECONDS.get(encodings[0]) if len(encodings) == 1 else None
    if exact is None:
        return f"({instant(stored, encodings)}) * 1000"
    return _where_set(stored, encodings[0], exact.format(x=stored))


def classes(names: Iterable[str] = tuple(_CLASS_OF)) -> list[str]:
    """Return SQL of `{x}` for each class of some encodings, by default of all.

    One value of each class shows which encodings a column has, however many rows there are.
    """
    return list(dict.fromkeys(_CLASS_OF[name] for name in names))


def are_texts(condition: str) -> bool:
    """Return whether a class of encodings is one of texts."""
    return condition in (_DIGITS, _TEXTS)


def newest(
    instant: str, stored: str, source: str, encodings: tuple[str, ...], *, ended: bool = False
) -> str:
    """Return SQL for the newest instant of a source, one row per class of encodings.

    An index separates the classes, so this is correct for mixed encodings. `ended` leaves out rows
    after the window: by day, if the encodings don't sort.
    """
    lasts = (
        f"SELECT * FROM (SELECT {instant} AS at FROM {source} "
        f"WHERE {condition.format(x=stored)}{until} ORDER BY {stored} DESC LIMIT 1)"
        for condition in classes(encodings)
        for until in [_until(stored, condition, encodings) if ended else ""]
    )
    return f"(SELECT max(at) FROM ({united(lasts)}))"


def _until(stored: str, condition: str, encodings: tuple[str, ...]) -> str:
    """Return SQL that limits a class of encodings to rows before the end of the window."""
    names = [name for name in encodings if _CLASS_OF[name] == condition]
    bounds = (ENCODINGS[n].high if len(names) == 1 else _coarsely(n).high for n in names)
    return f" AND {stored} < {next(bounds)}"


def united(selects: Iterable[str]) -> str:
    """Return SQL for all rows of some selects; nested, since D1 allows five per UNION ALL."""
    parts = list(selects)
    while len(parts) > MOST_UNITED:
        first, rest = parts[:MOST_UNITED], parts[MOST_UNITED:]
        parts = [f"SELECT * FROM ({' UNION ALL '.join(first)})", *rest]
    return " UNION ALL ".join(parts)


def classes_sort(encodings: tuple[str, ...]) -> bool:
    """Return whether stored values sort by time within each class of encodings."""
    return _UNSORTED.isdisjoint(encodings) and sum(_CLASS_OF[e] == _TEXTS for e in encodings) <= 1


def sorts_as_time(encodings: tuple[str, ...]) -> bool:
    """Return whether stored values sort by time."""
    return len(encodings) == 1 and _UNSORTED.isdisjoint(encodings)


def since_start(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for "not before the window", on the bare column."""
    if sorts_as_time(encodings):
        return f"{stored} >= {ENCODINGS[encodings[0]].low}"
    coarse = " OR ".join(
        dict.fromkeys(
            f"({stored} >= {_coarsely(name).low} AND {_CLASS_OF[name].format(x=stored)})"
            for name in encodings
        )
    )
    return f"(({coarse}) AND ({instant(stored, encodings)}) >= CAST(:from_s AS INTEGER))"


def in_window(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for "within the window", on the bare column, with the parameters of `Window`."""
    if sorts_as_time(encodings):
        between = _between(stored, ENCODINGS[encodings[0]])
        if encodings[0] == "yyyymmdd":
            return f"({between} AND {_DAY_OF_NUMBER.format(x=stored)} IS NOT NULL)"
        is_text = encodings[0] in _TEXTS_OF_TIME
        return f"({between} AND date({stored}) IS NOT NULL)" if is_text else between
    coarse = " OR ".join(dict.fromkeys(_between(stored, _coarsely(name)) for name in encodings))
    at = instant(stored, encodings)
    exact = f"({at}) BETWEEN CAST(:from_s AS INTEGER) AND CAST(:to_s AS INTEGER) - 1"
    of_day = {name: _between(stored, ENCODINGS[name]) for name in DAYS}
    return f"(({coarse}) AND {_where_day(stored, encodings, of_day, exact)})"


def _between(stored: str, encoding: Encoding) -> str:
    return f"({stored} >= {encoding.low} AND {stored} < {encoding.high})"


def _coarsely(name: str) -> Encoding:
    """Return an encoding whose bounds include all values of another one, and more."""
    return ENCODINGS["iso_offset" if name in _TEXTS_OF_TIME else name]
