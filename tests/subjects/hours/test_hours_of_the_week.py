"""Hours of the week: each entry spread over the local hours that it covers, to the second."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.query import queries
from meaux.query.filters import Period, Selection
from meaux.subjects.hours import frames as hours

QUARTER = 900
"""Every offset since 2000, and nearly every change of one, is a multiple of so many seconds."""

HOUR, DAY = 3_600, 86_400
CHANGES = {
    "Europe/Paris": date(2026, 3, 29),
    "America/New_York": date(2026, 11, 1),
    "America/St_Johns": date(2026, 11, 1),
    "Asia/Kolkata": date(2026, 3, 29),
    "Asia/Kathmandu": date(2026, 3, 29),
    "Australia/Lord_Howe": date(2026, 4, 5),
    "Africa/Casablanca": date(2026, 2, 15),
    "Pacific/Apia": date(2011, 12, 30),
}
"""Zones, and a day on which the clock of each changes, if it ever does."""

LENGTHS = st.one_of(
    st.none(),
    st.integers(-DAY, 0),
    st.integers(1, 8 * HOUR),
    st.floats(0.25, 8 * HOUR, allow_nan=False),
    st.sampled_from([30 * HOUR, 400 * HOUR]),
)
STARTS = st.one_of(
    st.integers(-6 * HOUR, 6 * HOUR), st.integers(-14 * DAY, 14 * DAY), st.just(-400 * HOUR)
)


def spread(entries, zone, step=QUARTER):
    """Hours by weekday and local hour, one quarter of an hour after the other."""
    place, cells = ZoneInfo(zone), Counter()
    for entry in (e for e in entries if (e.length or 0) > 0):
        end = entry.started + entry.length
        slot = entry.started - entry.started % step
        while slot < end:
            local = datetime.fromtimestamp(slot, place)
            inside = min(end, slot + step) - max(entry.started, slot)
            cells[local.weekday(), local.hour] += inside / HOUR
            slot += step
    return dict(cells)


def cells_of(answer):
    return {(row.weekday, row.hour): row.hours for row in answer.frame.itertuples()}


def over(first, last, zone="UTC"):
    return Selection(
        Period(date.fromisoformat(first), date.fromisoformat(last)), date(2030, 1, 1), zone
    )


@pytest.mark.parametrize("zone", CHANGES)
@settings(max_examples=10)
@given(drawn=st.lists(st.tuples(STARTS, LENGTHS), min_size=1, max_size=6))
def test_every_hour_of_the_week_has_what_a_clock_on_the_wall_would_have_seen(
    asked, shared_books, entry, zone, drawn
):
    day = CHANGES[zone]
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).timestamp())
    entries = [entry(noon + start, length) for start, length in drawn]
    around = timedelta(days=20)
    selection = Selection(Period(day - around, day + around), day, zone)
    opened = shared_books.keep(entries).source
    cells = asked(opened, selection)
    assert len(cells.frame) <= 168
    assert cells_of(cells) == pytest.approx(spread(entries, zone), abs=1e-6)
    by_day = asked(opened, selection, queries.hours_by_day).frame
    assert cells.frame["hours"].sum() == pytest.approx(by_day["hours"].sum())


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Asia/Kolkata"])
@pytest.mark.parametrize("period", ["30d", "90d", "all"])
def test_the_demos_hours_lie_where_its_entries_lay(answer, select, demo_rows, entry, zone, period):
    selection = select(period, zone=zone)
    low, high = selection.bounds
    stored = demo_rows(
        "SELECT started_at, seconds, ended_at FROM time_entries"
        " WHERE started_at >= ? AND started_at < ?",
        low,
        high,
    )
    cells = cells_of(answer(queries.hours_by_weekday_hour, selection))
    assert cells == pytest.approx(spread([entry(*row) for row in stored], zone))
    total = answer(queries.hours_by_day, selection).frame["hours"].sum()
    assert sum(cells.values()) == pytest.approx(total)


def test_an_entry_over_midnight_lies_on_both_days_though_it_is_booked_on_the_first(
    asked, books, entry, at
):
    opened = books(entry(at("2026-11-20 23:30"), 2 * HOUR)).source
    selection = over("2026-11-20", "2026-11-21")
    assert cells_of(asked(opened, selection)) == {(4, 23): 0.5, (5, 0): 1.0, (5, 1): 0.5}
    by_day = asked(opened, selection, queries.hours_by_day).frame
    assert by_day["day"].dt.date.tolist() == [date(2026, 11, 20)]
    assert by_day["hours"].tolist() == [2.0]


PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("started", "cells"),
    [
        ("2026-03-29 01:00", {(6, 1): 1.0, (6, 3): 1.0, (6, 4): 1.0}),
        ("2026-10-25 01:00", {(6, 1): 1.0, (6, 2): 2.0}),
    ],
    ids=["the clock skips an hour", "the clock repeats an hour"],
)
def test_three_hours_are_three_hours_where(asked, books, entry, at, started, cells):
    opened = books(entry(at(started, PARIS), 3 * HOUR)).source
    assert cells_of(asked(opened, over("2026-01-01", "2026-12-31", PARIS))) == cells


def test_what_began_in_the_period_is_spread_past_its_end(asked, books, entry, at):
    started = at("2026-03-28 12:00", PARIS)
    opened = books(entry(started, 400 * HOUR)).source
    selection = over("2026-03-28", "2026-03-29", PARIS)
    assert cells_of(asked(opened, selection)) == spread([entry(started, 400 * HOUR)], PARIS)


def test_a_clock_may_change_a_minute_after_midnight(asked, books, entry, at):
    """As it did in Newfoundland until 2011."""
    zone = "America/St_Johns"
    entries = [entry(at("2006-10-28 22:10", zone), 4 * HOUR)]
    cells = cells_of(asked(books(*entries).source, over("2006-10-28", "2006-10-29", zone)))
    assert cells == pytest.approx(spread(entries, zone, step=60))


def test_an_entry_over_two_changes_of_the_clock_is_cut_at_both(asked, books, entry, at):
    """One repeats the hour from 01:00, the other skips the hour from 02:00, both on a Sunday."""
    zone = "America/New_York"
    started, ended = at("2025-11-01 12:00", zone), at("2026-03-09 12:00", zone)
    written = entry(started, ended - started)
    cells = cells_of(asked(books(written).source, over("2025-11-01", "2025-11-02", zone)))
    assert cells == pytest.approx(spread([written], zone))
    assert cells[6, 1] == cells[6, 2] + 2


def test_an_entry_that_nobody_stopped_for_years_is_spread_too(asked, books, entry, at):
    lasted = 3 * 365 * DAY + 1_234
    opened = books(entry(at("2023-05-05 05:05"), lasted)).source
    cells = asked(opened, over("2023-05-01", "2023-06-01", PARIS))
    assert len(cells.frame) == 168
    assert cells.frame["hours"].sum() == pytest.approx(lasted / HOUR)
    assert cells.frame["hours"].max() - cells.frame["hours"].min() <= 3


@pytest.mark.parametrize("length", [None, -900, 0])
def test_what_runs_or_has_no_length_lies_nowhere(asked, books, entry, at, length):
    opened = books(entry(at("2026-11-20 09:00"), length)).source
    assert asked(opened, over("2026-11-01", "2026-12-01")).state == "empty"


DATED = """
CREATE TABLE time_logs (log_date TEXT, hours REAL);
INSERT INTO time_logs VALUES ('2026-11-20', 2.5), ('2026-11-21', 1.5);
"""


def test_entries_that_have_a_date_only_have_no_hour_of_the_week(asked, database_of):
    source = database_of(DATED)
    selection = over("2026-11-01", "2026-12-01", "America/New_York")
    cells, by_day = (
        asked(source, selection, query)
        for query in (queries.hours_by_weekday_hour, queries.hours_by_day)
    )
    assert cells.state == "empty"
    assert by_day.frame["hours"].sum() == 4.0
    assert hours.untimed(cells, by_day) == "4.0 h left out: entries without a time of day."


def test_dates_among_instants_are_left_out_and_told(asked, database_of):
    source = database_of(
        "CREATE TABLE time_entries (started_at, seconds INTEGER);"
        "INSERT INTO time_entries VALUES ('2026-11-20', 7200), ('2026-11-20 09:00:00', 3600);"
    )
    selection = over("2026-11-01", "2026-12-01")
    cells, by_day = (
        asked(source, selection, query)
        for query in (queries.hours_by_weekday_hour, queries.hours_by_day)
    )
    assert cells_of(cells) == {(4, 9): 1.0}
    assert hours.untimed(cells, by_day) == "2.0 h left out: entries without a time of day."


def test_nothing_is_told_where_every_entry_has_its_place(answer):
    cells, by_day = answer(queries.hours_by_weekday_hour), answer(queries.hours_by_day)
    assert hours.untimed(cells, by_day) == ""


def test_nothing_is_told_where_the_hours_could_not_be_read(answer, database_of):
    cells = answer(queries.hours_by_weekday_hour, source=database_of(""))
    assert hours.untimed(cells, answer(queries.hours_by_day)) == ""


def test_a_cell_is_named_as_a_calendar_and_a_clock_say_it(asked, books, entry, at):
    opened = books(entry(at("2026-11-22 09:00"))).source
    found = hours.by_weekday_hour(asked(opened, over("2026-11-01", "2026-12-01"))).frame
    assert found.to_dict("records") == [{"weekday": "Sun", "hour": "09", "hours": 1.0}]
