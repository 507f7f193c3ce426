"""Instants: SQL that reads stored times and compares them as they are stored.

Ranges compare the stored column with bounds in its own encoding, so that an index serves them; the
conversion to an instant or a local day happens in the select list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from meaux.data.schema.encodings import (
    CLASS_OF,
    DAY_OF_NUMBER,
    DAYS,
    ENCODINGS,
    FIRST_TEXT,
    INSTANT_OF_OFFSET,
    INSTANT_OF_ZONE_NAME,
    MICROSECONDS_FROM,
    MILLISECONDS_FROM,
    NANOSECONDS_FROM,
    NEVER,
    NEVER_FROM,
    NEVER_TEXT,
    SECONDS_FROM,
    SECONDS_OF_JULIAN,
    TEXTS_OF_TIME,
    UNITS,
    UNSET_BELOW,
    Encoding,
    classes,
    sorts_as_time,
)
from meaux.data.schema.reading import NO, among, trimmed, word

MOST_UNITED = 5

_IS_DATE = "{x} GLOB '????-??-??'"
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
    "julian": f"WHEN {CLASS_OF['julian']} THEN {SECONDS_OF_JULIAN} ",
    "yyyymmdd": f"WHEN {CLASS_OF['yyyymmdd']} THEN unixepoch({DAY_OF_NUMBER}) ",
}
_FLAGS_BELOW = 100
"""If a column may hold flags, a number closer to 0 is a flag: 0 means no, any other yes."""
_IS_DIGITS = re.compile(r"epoch_([mun]?s)(_text)?")

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


def instant(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for the point in time as epoch seconds; NULL for values that mean no time."""
    if len(encodings) == 1:
        return _where_set(stored, encodings[0], ENCODINGS[encodings[0]].instant.format(x=stored))
    days = "".join(_DAYS_OF_ANY[name] for name in encodings if name in _DAYS_OF_ANY)
    named = f", {INSTANT_OF_ZONE_NAME}" if "zone_name" in encodings else ""
    text = f"coalesce({INSTANT_OF_OFFSET}{named})"
    if "epoch_s_text" in encodings and TEXTS_OF_TIME.isdisjoint(encodings):
        text = "NULL"
    at = _INSTANT_OF_ANY.format(x=stored, text=text.format(x=stored), days=days.format(x=stored))
    is_set = f"at >= {SECONDS_FROM} AND at < {NEVER_FROM}"
    return f"(SELECT iif({is_set}, at, NULL) FROM (SELECT {at} AS at))"


def never(stored: str) -> str:
    """Return SQL for whether a cell means that there is no time; `is_unset` does so in Python."""
    words = f"lower({trimmed(stored)})"
    numbers = " OR ".join(f"{stored} BETWEEN {low} AND {high}" for low, high in NEVER)
    return (
        f"(CASE typeof({stored}) WHEN 'text' THEN trim({words}, '0') = '' "
        f"OR {among(words, ('null', 'none', 'never'))} "
        f"OR {words} GLOB '[0-9][0-9][0-9][0-9]-*' "
        f"AND ({words} < '{FIRST_TEXT}' OR {words} >= '{NEVER_TEXT}') "
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
    if encoding in TEXTS_OF_TIME:
        return (
            f"CASE WHEN {stored} >= '{FIRST_TEXT}' AND {stored} < '{NEVER_TEXT}' THEN {value} END"
        )
    digits = _IS_DIGITS.fullmatch(encoding)
    if not digits:
        return f"CASE WHEN {CLASS_OF[encoding].format(x=stored)} THEN {value} END"
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
    of_number = DAY_OF_NUMBER.format(x=stored)
    return _where_day(
        stored, encodings, {"yyyymmdd": of_number, "date": _day_as_written(stored, "date")}, day
    )


def _day_as_written(stored: str, name: str) -> str:
    day = DAY_OF_NUMBER.format(x=stored) if name == "yyyymmdd" else f"substr({stored}, 1, 10)"
    return _where_set(stored, name, day)


def _where_day(
    stored: str, encodings: tuple[str, ...], of_day: Mapping[str, str], other: str
) -> str:
    """Return SQL for `of_day` of the cell's encoding if it holds a bare day, else for `other`."""
    is_day = {"date": _IS_DATE, "yyyymmdd": CLASS_OF["yyyymmdd"]}
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
    names = [name for name in encodings if CLASS_OF[name] == condition]
    bounds = (ENCODINGS[n].high if len(names) == 1 else _coarsely(n).high for n in names)
    return f" AND {stored} < {next(bounds)}"


def united(selects: Iterable[str]) -> str:
    """Return SQL for all rows of some selects; nested, since D1 allows five per UNION ALL."""
    parts = list(selects)
    while len(parts) > MOST_UNITED:
        first, rest = parts[:MOST_UNITED], parts[MOST_UNITED:]
        parts = [f"SELECT * FROM ({' UNION ALL '.join(first)})", *rest]
    return " UNION ALL ".join(parts)


def since_start(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for "not before the window", on the bare column."""
    if sorts_as_time(encodings):
        return f"{stored} >= {ENCODINGS[encodings[0]].low}"
    coarse = " OR ".join(
        dict.fromkeys(
            f"({stored} >= {_coarsely(name).low} AND {CLASS_OF[name].format(x=stored)})"
            for name in encodings
        )
    )
    return f"(({coarse}) AND ({instant(stored, encodings)}) >= CAST(:from_s AS INTEGER))"


def in_window(stored: str, encodings: tuple[str, ...]) -> str:
    """Return SQL for "within the window", on the bare column, with the parameters of `Window`."""
    if sorts_as_time(encodings):
        between = _between(stored, ENCODINGS[encodings[0]])
        if encodings[0] == "yyyymmdd":
            return f"({between} AND {DAY_OF_NUMBER.format(x=stored)} IS NOT NULL)"
        is_text = encodings[0] in TEXTS_OF_TIME
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
    return ENCODINGS["iso_offset" if name in TEXTS_OF_TIME else name]
