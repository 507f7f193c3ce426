"""Timestamps: whatever way they are written, a period selects exactly its own."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import cycle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.data.database import Statement
from meaux.data.schema.encodings import ENCODINGS, encoding_of, encodings_of
from meaux.query.filters import Period, Selection, bounds
from meaux.query.queries import QUERIES, compile_query

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Etc/GMT+12", "Asia/Beirut")
TODAY = date(2030, 1, 1)
EXAMPLES = 12
"""The number of periods for each way to write; most have rows one second around both their ends."""


def utc(pattern, *, milliseconds=False):
    def spelled(instant):
        text = datetime.fromtimestamp(instant, UTC).strftime(pattern)
        return text.replace("~", f"{instant % 1000:03}") if milliseconds else text

    return spelled


def at_offset(hours, suffix, separator="T"):
    def spelled(instant):
        there = datetime.fromtimestamp(instant, timezone(timedelta(hours=hours)))
        return there.strftime(f"%Y-%m-%d{separator}%H:%M:%S{suffix}")

    return spelled


@dataclass(frozen=True)
class Spelling:
    """A way to write an instant, the encoding it is known by, and the seconds it can tell apart."""

    declared: str
    spelled: object
    encoding: str
    resolution: int = 1


SPELLINGS = {
    "Julian days": Spelling("REAL", lambda at: at / 86_400 + 2_440_587.5, "julian"),
    "epoch seconds": Spelling("INTEGER", int, "epoch_s"),
    "epoch seconds and a fraction": Spelling("REAL", lambda at: at + 0.5, "epoch_s"),
    "epoch milliseconds": Spelling("INTEGER", lambda at: at * 1000 + at % 1000, "epoch_ms"),
    "epoch milliseconds as real": Spelling("REAL", lambda at: at * 1000.0 + 999.5, "epoch_ms"),
    "epoch microseconds": Spelling("INTEGER", lambda at: at * 1_000_000 + 999_999, "epoch_us"),
    "epoch nanoseconds": Spelling("INTEGER", lambda at: at * 10**9 + 999_999_999, "epoch_ns"),
    "epoch seconds in text": Spelling("TEXT", str, "epoch_s_text"),
    "epoch milliseconds in text": Spelling("TEXT", lambda at: str(at * 1000), "epoch_ms_text"),
    "epoch microseconds in text": Spelling("TEXT", lambda at: str(at * 1_000_000), "epoch_us_text"),
    "epoch nanoseconds in text": Spelling("TEXT", lambda at: str(at * 10**9), "epoch_ns_text"),
    "SQLite's text": Spelling("TEXT", utc("%Y-%m-%d %H:%M:%S"), "sqlite"),
    "SQLite's text in a numeric column": Spelling("INTEGER", utc("%Y-%m-%d %H:%M:%S"), "sqlite"),
    "SQLite's text with a fraction": Spelling(
        "DATETIME", utc("%Y-%m-%d %H:%M:%S.~", milliseconds=True), "sqlite"
    ),
    "SQLite's text without seconds": Spelling("TEXT", utc("%Y-%m-%d %H:%M"), "sqlite", 60),
    "ISO with Z": Spelling("TEXT", utc("%Y-%m-%dT%H:%M:%SZ"), "iso"),
    "ISO with a fraction and Z": Spelling(
        "TEXT", utc("%Y-%m-%dT%H:%M:%S.~Z", milliseconds=True), "iso"
    ),
    "ISO without a zone": Spelling("TIMESTAMP", utc("%Y-%m-%dT%H:%M:%S"), "iso"),
    "ISO without seconds": Spelling("TEXT", utc("%Y-%m-%dT%H:%MZ"), "iso", 60),
    "ISO east of Greenwich": Spelling("TEXT", at_offset(5.5, "+05:30"), "iso_offset"),
    "ISO west of Greenwich": Spelling("TEXT", at_offset(-3, "-03:00"), "iso_offset"),
    "ISO at the end of the world": Spelling("TEXT", at_offset(14, "+14:00"), "iso_offset"),
    "an offset of zero": Spelling("TEXT", at_offset(0, "+00:00"), "iso_offset"),
    "an offset without a colon": Spelling("TEXT", at_offset(5.5, "+0530"), "iso_offset"),
    "Go's text": Spelling("TEXT", at_offset(0, " +0000 UTC", " "), "zone_name"),
    "Go's text with a fraction, in India": Spelling(
        "TEXT", at_offset(5.5, ".25 +0530 IST", " "), "zone_name"
    ),
    "a text that ends with UTC": Spelling("TEXT", utc("%Y-%m-%d %H:%M:%S UTC"), "zone_name"),
    "an offset in hours, as in Postgres": Spelling("TEXT", at_offset(-3, "-03", " "), "iso_offset"),
}

MIXTURES = {
    "seconds, then milliseconds": ("INTEGER", "epoch seconds", "epoch milliseconds"),
    "seconds, then SQLite's text": ("INTEGER", "epoch seconds", "SQLite's text"),
    "numbers in text, then ISO": ("TEXT", "epoch seconds in text", "ISO with Z"),
    "SQLite's text, then ISO": ("TEXT", "SQLite's text", "ISO with Z"),
    "Julian days, then seconds": ("REAL", "Julian days", "epoch seconds"),
    "ISO, then offsets": ("TEXT", "ISO with Z", "ISO east of Greenwich", "ISO west of Greenwich"),
    "everything, in an untyped column": ("", *SPELLINGS),
}


@st.composite
def moments(draw):
    """A zone, a period, and instants: any, or every one at an edge of the period among others."""
    zone = draw(st.sampled_from(ZONES))
    start = draw(st.dates(date(2001, 9, 10), date(2029, 1, 1)))
    if draw(st.booleans()):
        start = date(2000, 1, 1)
    end = draw(st.dates(max(start, date(2001, 9, 10)) + timedelta(1), date(2030, 1, 1)))
    period = Period(start, end)
    edges = [at for at in bounds(period, zone) if at > 1_000_000_001]
    at_edges = [at + seconds for at in edges for seconds in (-1, 0, 1)]
    anywhere = draw(st.lists(st.integers(1_000_000_000, 1_900_000_000), min_size=1, max_size=20))
    among_others = st.permutations([*at_edges, *anywhere])
    return zone, period, draw(st.just(anywhere) | among_others)


def days_read(file, values, period, zone):
    """The local days of the rows that the product reads in the period, counted."""
    with file.connection:
        file.connection.execute("DELETE FROM time_entries")
        rows = [(value,) for value in values]
        file.connection.executemany("INSERT INTO time_entries VALUES (?, 60)", rows)
    binding = file.binding
    selection = Selection(period, TODAY, zone)
    compiled = compile_query(QUERIES["hours_by_day"], binding, selection)
    rows = file.fetch([compiled.statement])[0].rows
    return binding, {day: entries for day, _, _, entries, *_ in rows}


def days_of(instants, period, zone):
    """The same, by pandas."""
    days = [pd.Timestamp(i, unit="s", tz="UTC").tz_convert(zone).date() for i in instants]
    return Counter(str(day) for day in days if day in period)


FILES = {}


def file_of(time_file, declared):
    if declared not in FILES:
        FILES[declared] = time_file(declared)
    return FILES[declared]


@pytest.mark.parametrize("name", SPELLINGS)
@settings(max_examples=EXAMPLES)
@given(drawn=moments())
def test_a_period_selects_exactly_its_own_instants_written_as(time_file, name, drawn):
    zone, period, instants = drawn
    spelling = SPELLINGS[name]
    known = [at - at % spelling.resolution for at in instants]
    values = [spelling.spelled(at) for at in known]
    file = file_of(time_file, spelling.declared)
    binding, days = days_read(file, values, period, zone)
    bound = binding.tables["time_entry"].columns["started"]
    assert bound.encodings == (spelling.encoding,)
    assert days == days_of(known, period, zone)


@pytest.mark.parametrize("name", MIXTURES)
@settings(max_examples=EXAMPLES)
@given(drawn=moments())
def test_a_period_selects_exactly_its_own_instants_of_a_mixture_of(time_file, name, drawn):
    zone, period, instants = drawn
    declared, *names = MIXTURES[name]
    spelled = [
        (at - at % SPELLINGS[which].resolution, SPELLINGS[which])
        for at, which in zip(instants, cycle(names), strict=False)
    ]
    values = [spelling.spelled(at) for at, spelling in spelled]
    _, days = days_read(file_of(time_file, declared), values, period, zone)
    assert days == days_of([at for at, _ in spelled], period, zone)


@pytest.mark.parametrize("declared", ["TEXT", "DATE", ""])
@settings(max_examples=EXAMPLES)
@given(drawn=moments())
def test_a_bare_date_is_that_day_in_every_zone(time_file, declared, drawn):
    zone, period, instants = drawn
    days = [str(datetime.fromtimestamp(at, UTC).date()) for at in instants]
    binding, read = days_read(file_of(time_file, declared), days, period, zone)
    assert binding.tables["time_entry"].columns["started"].encodings == ("date",)
    assert read == Counter(day for day in days if date.fromisoformat(day) in period)


@pytest.mark.parametrize("declared", ["INTEGER", "REAL", ""])
@settings(max_examples=EXAMPLES)
@given(drawn=moments())
def test_a_day_written_as_a_number_is_that_day_in_every_zone(time_file, declared, drawn):
    zone, period, instants = drawn
    days = [str(datetime.fromtimestamp(at, UTC).date()) for at in instants]
    numbers = [int(day.replace("-", "")) for day in days]
    binding, read = days_read(file_of(time_file, declared), numbers, period, zone)
    assert binding.tables["time_entry"].columns["started"].encodings == ("yyyymmdd",)
    assert read == Counter(day for day in days if date.fromisoformat(day) in period)


@pytest.mark.parametrize("as_stored", [str, lambda day: int(day.replace("-", ""))])
@pytest.mark.parametrize("other", ["epoch seconds", "SQLite's text", "ISO with Z"])
@settings(max_examples=EXAMPLES)
@given(drawn=moments())
def test_bare_dates_may_stand_among_instants(time_file, other, as_stored, drawn):
    zone, period, instants = drawn
    dates, times = instants[::2], instants[1::2]
    days = [str(datetime.fromtimestamp(at, UTC).date()) for at in dates]
    values = [*map(as_stored, days), *map(SPELLINGS[other].spelled, times)]
    _, read = days_read(file_of(time_file, ""), values, period, zone)
    expected = Counter(day for day in days if date.fromisoformat(day) in period)
    assert read == expected + days_of(times, period, zone)


@pytest.mark.parametrize(
    ("values", "known"),
    [
        (["2026-01-10"], [0]),
        ([1_768_035_600], [1]),
        (["2026-01-10 09:00:00"], [1]),
        (["2026-01-10", "2026-01-10T09:00:00Z"], [0, 1]),
        ([1_768_035_600, "2026-01-10"], [1, 0]),
    ],
)
def test_a_bare_date_has_no_time_of_day_and_any_other_instant_has(time_file, values, known):
    file = time_file("")
    with file.connection:
        file.connection.executemany(
            "INSERT INTO time_entries (started_at) VALUES (?)", [(value,) for value in values]
        )
    timed = file.binding.tables["time_entry"].columns["started"].timed()
    [rows] = file.fetch([Statement(f"SELECT {timed} FROM time_entries ORDER BY rowid")])
    assert [row[0] for row in rows.rows] == known


@pytest.mark.parametrize("value", ["", "soon", "2026", "12:30", None, "2026-13", True])
def test_what_is_no_point_in_time_has_no_encoding(value):
    assert encoding_of(value) is None


def test_encodings_are_told_once_each_in_a_fixed_order():
    values = ["2026-01-10", 1_700_000_000, None, "2026-01-11", 1_700_000_000_000, 1_700_000_001]
    assert encodings_of(values) == ("epoch_s", "epoch_ms", "date")


@pytest.mark.parametrize("text", ["soon", "", "n/a"])
def test_a_row_whose_time_can_not_be_read_is_in_no_period(time_file, text):
    values = [text, "2026-01-10 09:00:00"]
    period = Period(date(2000, 1, 1), date(2031, 1, 1))
    _, days = days_read(file_of(time_file, "TEXT"), values, period, "UTC")
    assert days == {"2026-01-10": 1}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_met_by_some_spelling(encoding):
    assert encoding in {s.encoding for s in SPELLINGS.values()} | {"date", "yyyymmdd"}
