"""Zones: local days are exact, whatever the clocks of a place do."""

from bisect import bisect_right
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.query.filters import Period, Selection, bounds, offsets
from meaux.query.queries import QUERIES, compile_query

ZONES = (
    "UTC",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/Paris",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
"""Clocks that change at midnight, by half an hour, four times a year, or skip a whole day."""

ALL_YEARS = Period(date(2000, 1, 1), date(2031, 1, 1))
FIRST_DAY = {"America/St_Johns": date(2012, 1, 1)}
"""Until 2011 Newfoundland's clocks went back one minute after midnight, into the day before: its
calendar ran backwards for an hour, and a day there was no one stretch of time."""

every_zone = pytest.mark.parametrize("zone", ZONES)


def offset_at(instant, zone):
    moment = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone))
    return int(moment.utcoffset().total_seconds())


def local_day(instant, zone):
    return pd.Timestamp(instant, unit="s", tz="UTC").tz_convert(zone).date()


def changes(period, zone):
    """Every instant at which the clocks change, looked for in steps of six hours."""
    start, end = bounds(period, zone)
    found = []
    for at in range(start, end, 6 * 3600):
        low, high = at, min(at + 6 * 3600, end)
        if offset_at(low, zone) == offset_at(high, zone):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            same = offset_at(middle, zone) == offset_at(at, zone)
            low, high = (middle, high) if same else (low, middle)
        found.append(high)
    return found


CHANGES = {}


def changes_of(zone):
    if zone not in CHANGES:
        CHANGES[zone] = changes(ALL_YEARS, zone)
    return CHANGES[zone]


@every_zone
def test_no_change_of_the_clocks_is_missed_in_thirty_years(zone):
    assert [offset.until for offset in offsets(ALL_YEARS, zone)[:-1]] == changes_of(zone)


@every_zone
def test_the_offset_is_right_on_both_sides_of_every_change(zone):
    found = offsets(ALL_YEARS, zone)
    untils = [offset.until for offset in found[:-1]]
    for until in untils:
        for instant in (until - 1, until, until + 1):
            assert found[bisect_right(untils, instant)].seconds == offset_at(instant, zone)


def test_a_place_without_changes_has_one_offset():
    assert [offset.seconds for offset in offsets(ALL_YEARS, "Asia/Kolkata")] == [19_800]


def test_the_day_that_apia_skipped_has_no_instant():
    skipped = Period(date(2011, 12, 30), date(2011, 12, 31))
    low, high = bounds(skipped, "Pacific/Apia")
    assert low == high
    assert local_day(low - 1, "Pacific/Apia") == date(2011, 12, 29)
    assert local_day(low, "Pacific/Apia") == date(2011, 12, 31)


@st.composite
def spans(draw):
    """A zone and a period in it, some of them around a change of the clocks."""
    zone = draw(st.sampled_from(ZONES))
    earliest = FIRST_DAY.get(zone, date(2000, 1, 2))
    start = draw(st.dates(earliest, date(2030, 1, 1)))
    near = [at for at in changes_of(zone) if local_day(at, zone) > earliest + timedelta(3)]
    if near and draw(st.booleans()):
        start = local_day(draw(st.sampled_from(near)), zone) - timedelta(draw(st.integers(0, 2)))
    return zone, Period(start, start + timedelta(draw(st.integers(1, 400))))


@st.composite
def moments(draw):
    """A zone, a period, and instants in and around it, at its edges and at the changes in it."""
    zone, period = draw(spans())
    low, high = bounds(period, zone)
    special = [low, high, *(at for at in changes_of(zone) if low - 86_400 <= at <= high + 86_400)]
    edges = st.builds(int.__add__, st.sampled_from(special), st.integers(-1, 1))
    anywhere = st.integers(low - 3 * 86_400, high + 3 * 86_400)
    return zone, period, draw(st.lists(edges | anywhere, min_size=1, max_size=20))


@given(moments())
def test_the_bounds_of_a_period_hold_exactly_the_instants_of_its_local_days(drawn):
    zone, period, instants = drawn
    low, high = bounds(period, zone)
    for instant in instants:
        assert (low <= instant < high) is (local_day(instant, zone) in period)


@pytest.fixture(scope="module")
def zone_file(time_file):
    return time_file("INTEGER NOT NULL")


@pytest.fixture(scope="module")
def binding(zone_file):
    """How a column of epoch seconds is bound, whatever instants it holds."""
    with zone_file.connection:
        zone_file.connection.execute("INSERT INTO time_entries VALUES (1700000000, 60)")
    return zone_file.binding


@settings(max_examples=60)
@given(moments())
def test_the_database_groups_by_the_same_local_days_as_python(zone_file, binding, drawn):
    zone, period, instants = drawn
    with zone_file.connection:
        zone_file.connection.execute("DELETE FROM time_entries")
        zone_file.connection.executemany(
            "INSERT INTO time_entries VALUES (?, 60)", [(instant,) for instant in instants]
        )
    statement = compile_query(
        QUERIES["hours_by_day"], binding, Selection(period, date(2030, 1, 1), zone)
    ).statement
    counted = {day: entries for day, _, _, entries, *_ in zone_file.fetch([statement])[0].rows}
    days = Counter(str(local_day(i, zone)) for i in instants if local_day(i, zone) in period)
    assert counted == days
