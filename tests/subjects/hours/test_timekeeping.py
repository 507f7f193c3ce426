"""Timekeeping: odd entries are found, counted and shown; other time tables are set beside."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.query import queries
from meaux.query.filters import Period, Selection
from meaux.subjects.hours import frames as hours
from meaux.subjects.hours import timekeeping

HOUR, DAY = 3_600, 86_400
NOVEMBER = Selection(Period(date(2026, 11, 1), date(2026, 12, 1)), date(2026, 11, 22))


def found(odd):
    """The entries of each finding and their hours."""
    table = timekeeping.notes(odd).frame
    return {line.finding: (line.entries, line.length) for line in table.itertuples()}


def shown(odd):
    return timekeeping.newest(odd).frame


def odd_by_hand(entries):
    """How many entries are odd for each reason; `entries` are those of the period."""
    counts = dict.fromkeys(timekeeping.ODDITIES, 0)
    busy = {}
    for entry in sorted(entries, key=lambda e: (e.started, e.length or 0)):
        length = entry.length
        counts["running"] += length is None
        counts["negative"] += length is not None and length < 0
        counts["long"] += length is not None and length > DAY
        counts["unassigned"] += entry.project is None and length is not None and length >= 0
        if entry.person is not None and length is not None and length > 0:
            counts["overlapping"] += entry.started < busy.get(entry.person, 0)
            busy[entry.person] = max(busy.get(entry.person, 0), entry.started + length)
    names = {reason: oddity.name for reason, oddity in timekeeping.ODDITIES.items()}
    return {names[reason]: count for reason, count in counts.items() if count}


@settings(max_examples=20)
@given(
    drawn=st.lists(
        st.tuples(
            st.integers(0, 3 * DAY),
            st.one_of(st.none(), st.integers(-HOUR, 4 * HOUR), st.just(30 * HOUR)),
            st.sampled_from(["p1", "p2", None]),
            st.sampled_from(["u1", "u2", None]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_odd_entry_is_counted_once_for_each_reason(shared_books, asked, entry, at, drawn):
    first = at("2026-11-10 00:00")
    entries = [entry(first + s, length, project=p, person=u) for s, length, p, u in drawn]
    opened = shared_books.keep(entries).source
    notes = timekeeping.notes(asked(opened, NOVEMBER, queries.odd_entries, limit=5))
    counts = {line["finding"]: line["entries"] for line in notes.frame.to_dict("records")}
    assert counts == odd_by_hand(entries)


def test_the_demo_has_the_oddities_that_were_written_into_it(met, select, demo_rows):
    low, high = select("90d").bounds
    [(running, negative, long, unassigned)] = demo_rows(
        "SELECT count(*) FILTER (WHERE s IS NULL), count(*) FILTER (WHERE s < 0),"
        " count(*) FILTER (WHERE s > 86400),"
        " count(*) FILTER (WHERE project_id IS NULL AND s >= 0)"
        " FROM (SELECT coalesce(seconds, ended_at - started_at) AS s, project_id"
        " FROM time_entries WHERE started_at >= ? AND started_at < ?)",
        low,
        high,
    )
    counted = {
        finding: entries
        for finding, (entries, _) in found(met(timekeeping.Odd, select("90d"))).items()
    }
    assert counted.pop("Overlapping entry") >= 1
    assert counted == {
        "Running timer": running,
        "Negative duration": negative,
        "Longer than 24 hours": long,
        "No project": unassigned,
    }


def test_the_newest_entries_of_each_reason_are_shown_and_all_are_counted(books, entry, at, met):
    first = at("2026-11-10 08:00")
    entries = [entry(first + n * DAY, project=None, note=f"no {n}") for n in range(9)]
    opened = books(*entries, entry(first, -60, first)).source
    assert found(met(timekeeping.Odd, NOVEMBER, opened))["No project"] == (9, 9.0)
    notes = shown(met(timekeeping.Odd, NOVEMBER, opened)).groupby("finding")["note"].apply(list)
    assert notes["No project"] == [f"no {n}" for n in (8, 7, 6, 5, 4)]
    assert len(notes["Negative duration"]) == 1


def test_what_is_without_a_project_is_as_long_as_the_unassigned_hours(books, entry, at, met):
    start = at("2026-11-10 08:00")
    entries = [entry(start + n, length, project=None) for n, length in enumerate((HOUR, -60, None))]
    opened = books(*entries).source
    assert found(met(timekeeping.Odd, NOVEMBER, opened))["No project"] == (1, 1.0)
    assert met(hours.ByProject, NOVEMBER, opened).frame["hours"].tolist() == [1.0]


def test_findings_stand_in_a_fixed_order_each_with_how_it_is_treated(books, entry, at, met):
    start = at("2026-11-10 08:00")
    entries = [
        entry(start, None),
        entry(start, -60, start),
        entry(start, 30 * HOUR),
        entry(start + HOUR),
        entry(start, project=None, person=None),
        entry(start, "an hour", person=None),
    ]
    table = timekeeping.notes(met(timekeeping.Odd, NOVEMBER, books(*entries).source)).frame
    assert table["finding"].tolist() == [o.name for o in timekeeping.ODDITIES.values()]
    assert table["treatment"].str.endswith(".").all()


def test_two_that_begin_at_once_overlap_and_those_that_follow_do_not(books, entry, at, met):
    start = at("2026-11-10 08:00")
    entries = [
        entry(start, person="together"), entry(start, person="together"),
        entry(start, person="after"), entry(start + HOUR, person="after"),
        entry(start, person="other"), entry(start, person="another"),
        entry(start, person=None), entry(start, person=None),
        entry(start, None, person="running"), entry(start + 60, person="running"),
    ]  # fmt: skip
    opened = books(*entries).source
    assert found(met(timekeeping.Odd, NOVEMBER, opened))["Overlapping entry"][0] == 1


def test_an_entry_within_a_long_one_overlaps_though_a_short_one_lies_between(books, entry, at, met):
    start = at("2026-11-10 08:00")
    entries = [entry(start, 8 * HOUR), entry(start + HOUR, 60), entry(start + 2 * HOUR, 60)]
    assert (
        found(met(timekeeping.Odd, NOVEMBER, books(*entries).source))["Overlapping entry"][0] == 2
    )


def test_an_overlap_is_seen_though_the_other_entry_is_in_a_project_that_is_not_chosen(
    books, entry, at, met
):
    start = at("2026-11-10 08:00")
    opened = books(entry(start, 2 * HOUR), entry(start + HOUR, project="p2")).source
    chosen = Selection(NOVEMBER.period, NOVEMBER.today, projects=("p2",))
    assert found(met(timekeeping.Odd, chosen, opened)) == {"Overlapping entry": (1, 1.0)}


def test_where_no_project_is_ever_named_no_entry_lacks_one(database_of, met):
    opened = database_of(
        "CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER);"
        "INSERT INTO time_entries VALUES (strftime('%s', '2026-11-20 09:00'), 3600),"
        " (strftime('%s', '2026-11-20 12:00'), -60);"
    )
    assert found(met(timekeeping.Odd, NOVEMBER, opened)) == {
        "Negative duration": (1, pytest.approx(-1 / 60))
    }
    assert shown(met(timekeeping.Odd, NOVEMBER, opened))["finding"].tolist() == [
        "Negative duration"
    ]


def test_where_only_a_project_is_lacking_and_none_is_ever_named_nothing_is_odd(database_of, met):
    opened = database_of(
        "CREATE TABLE time_entries (started_at INTEGER, seconds INTEGER);"
        "INSERT INTO time_entries VALUES (strftime('%s', '2026-11-20 09:00'), 3600);"
    )
    assert timekeeping.notes(met(timekeeping.Odd, NOVEMBER, opened)).state == "empty"
    assert timekeeping.newest(met(timekeeping.Odd, NOVEMBER, opened)).state == "empty"


def test_dates_without_a_time_of_day_do_not_overlap_and_are_shown_by_their_day(database_of, met):
    opened = database_of(
        "CREATE TABLE time_entries (started_at TEXT, seconds INTEGER, user_id TEXT, project_id);"
        "INSERT INTO time_entries VALUES ('2026-11-20', 3600, 'u1', 'p1'),"
        " ('2026-11-20', 7200, 'u1', 'p1'), ('2026-11-20', 30 * 3600, 'u2', 'p1');"
    )
    assert list(found(met(timekeeping.Odd, NOVEMBER, opened))) == ["Longer than 24 hours"]
    line = shown(met(timekeeping.Odd, NOVEMBER, opened)).iloc[0]
    assert str(line["day"].date()) == "2026-11-20"
    assert pd.isna(line["at"])


# Other time tables ------------------------------------------------------------------------------

OTHER_TABLES = """
CREATE TABLE time_logs (project_slug TEXT, user_email TEXT, log_date TEXT, hours REAL);
CREATE TABLE time_sessions (project_id TEXT, user_id TEXT, start_time INTEGER, end_time INTEGER);
CREATE TABLE work_sessions (project_id TEXT, person TEXT, started_at TEXT, note TEXT);
CREATE TABLE user_time_tracking (user_id TEXT, minutes REAL);
"""


def other_lines(table):
    return {line["table"]: line for line in table.frame.to_dict("records")}


def test_every_other_time_table_stands_with_its_hours_and_how_far_it_is_from_the_one_in_use(
    books, entry, at, met
):
    start = at("2026-11-10 08:00")
    script = OTHER_TABLES + (
        "INSERT INTO time_logs VALUES ('site', 'u@x', '2026-11-10', 1.5);"
        f"INSERT INTO time_sessions VALUES ('p1', 'u1', {start * 1000}, {(start + HOUR) * 1000}),"
        f" ('p1', 'u1', {start * 1000}, NULL);"
    )
    opened = books(entry(start), entry(start + HOUR), script=script).source
    lines = other_lines(met(timekeeping.other_tables, NOVEMBER, opened))
    assert list(lines) == ["time_entries", "time_logs", "time_sessions"]
    used, logs, sessions = lines.values()
    assert (used["hours"], used["entries"], used["note"]) == (2.0, 2, "In use.")
    assert (logs["hours"], logs["entries"], logs["hours_apart"], logs["note"]) == (1.5, 1, -0.5, "")
    assert (sessions["hours"], sessions["entries"], sessions["hours_apart"]) == (1.0, 1, -1.0)


def test_a_table_that_can_not_say_hours_is_named_with_what_it_lacks(books, entry, at, met):
    script = OTHER_TABLES + (
        "INSERT INTO work_sessions VALUES ('p1', 'u1', '2026-11-10 08:00:00', 'x');"
        "INSERT INTO user_time_tracking VALUES ('u1', 30);"
    )
    opened = books(entry(at("2026-11-10 08:00")), script=script).source
    lines = other_lines(met(timekeeping.other_tables, NOVEMBER, opened))
    assert lines["work_sessions"]["note"].startswith("Needs work_sessions.seconds or")
    assert lines["user_time_tracking"]["note"].startswith("Needs user_time_tracking.started_at")
    for name in ("work_sessions", "user_time_tracking"):
        assert pd.isna(lines[name]["hours"])


def narrowed(**choice):
    return Selection(NOVEMBER.period, NOVEMBER.today, **choice)


@pytest.mark.parametrize(
    ("choice", "whole"),
    [
        ({"projects": ("p1",)}, {"time_logs"}),
        ({"people": ("u1",)}, {"time_logs"}),
        ({"teams": ("red",)}, {"time_logs"}),
        ({}, set()),
    ],
    ids=["a project", "a person", "a team", "nothing"],
)
def test_a_table_that_can_not_be_narrowed_as_chosen_is_compared_for_the_whole_company(
    books, entry, at, met, choice, whole
):
    start = at("2026-11-10 08:00")
    script = OTHER_TABLES.replace("note TEXT", "duration_minutes REAL") + (
        "CREATE TABLE projects (id TEXT, team_id TEXT);"
        "INSERT INTO projects VALUES ('p1', 'red'), ('p2', 'blue');"
        "CREATE TABLE users (id TEXT); INSERT INTO users VALUES ('u1'), ('u2');"
        "INSERT INTO time_logs VALUES ('site', 'u@x', '2026-11-10', 5);"
        f"INSERT INTO time_sessions VALUES ('p1', 'u1', {start * 1000}, {(start + HOUR) * 1000});"
        "INSERT INTO work_sessions VALUES ('p1', 'u1', '2026-11-10 08:00:00', 60);"
    )
    opened = books(
        entry(start), entry(start, 2 * HOUR, project="p2", person="u2"), script=script
    ).source
    selection = narrowed(**choice)
    lines = other_lines(met(timekeeping.other_tables, selection, opened))
    company = "Whole company: 3.0 h in the table in use."
    assert {name for name, line in lines.items() if line["note"] == company} == whole
    told = met(timekeeping.widened, selection, opened)
    assert {name for name in lines if name in told} == whole
    own = 1.0 if choice else 3.0
    assert lines["time_entries"]["hours"] == own
    for name in ("time_logs", "time_sessions", "work_sessions"):
        line = lines[name]
        assert line["hours_apart"] == line["hours"] - (3.0 if name in whole else own)


def test_the_table_in_use_is_read_again_only_if_another_can_not_be_narrowed_as_chosen(
    books, entry, at, met
):
    script = OTHER_TABLES + (
        "CREATE TABLE users (id TEXT); INSERT INTO users VALUES ('u1');"
        "INSERT INTO time_logs VALUES ('site', 'u@x', '2026-11-10', 5);"
    )
    opened = books(entry(at("2026-11-10 08:00")), script=script).source
    others = {"in time_logs"}
    assert set(met(timekeeping.Recorded, NOVEMBER, opened)) == others
    asked = set(met(timekeeping.Recorded, narrowed(people=("u1",)), opened))
    assert asked == others | {timekeeping.OF_COMPANY}


def test_other_tables_are_compared_with_a_table_in_use_that_has_no_entry_in_the_period(
    books, entry, at, met
):
    script = OTHER_TABLES + "INSERT INTO time_logs VALUES ('site', 'u@x', '2026-11-10', 1.5);"
    opened = books(entry(at("2026-09-10 08:00")), script=script).source
    lines = other_lines(met(timekeeping.other_tables, NOVEMBER, opened))
    assert (lines["time_entries"]["hours"], lines["time_entries"]["entries"]) == (0.0, 0)
    assert (lines["time_logs"]["hours_apart"], lines["time_logs"]["entries"]) == (1.5, 1)


def test_a_table_without_hours_is_compared_with_nothing(books, entry, at, met):
    script = OTHER_TABLES + "INSERT INTO user_time_tracking VALUES ('u1', 30);"
    opened = books(entry(at("2026-11-10 08:00")), script=script).source
    selection = narrowed(people=("u1",))
    assert met(timekeeping.widened, selection, opened) == ""


@pytest.mark.parametrize(
    "script",
    [
        "",
        OTHER_TABLES,
        OTHER_TABLES + "INSERT INTO time_logs VALUES ('site', 'u@x', '2026-11-10', 1.0);",
    ],
    ids=["no other table", "none with rows", "the same hours"],
)
def test_there_is_nothing_to_show_where(books, entry, at, met, script):
    opened = books(entry(at("2026-11-10 08:00")), script=script).source
    table = met(timekeeping.other_tables, NOVEMBER, opened)
    assert table.state == "empty"


def test_without_any_time_table_the_comparison_says_what_it_needs(database_of, met):
    opened = database_of("")
    table = met(timekeeping.other_tables, NOVEMBER, opened)
    assert table.state == "unavailable"
    assert table.reason.startswith("Needs the table time_entries")


DEMO_TABLES = {
    "time_logs": (
        "SELECT coalesce(sum(hours), 0), count(*) FROM time_logs WHERE log_date BETWEEN ? AND ?"
    ),
    "user_time_tracking": (
        "SELECT sum(duration_seconds) / 3600.0, count(*) FROM user_time_tracking"
        " WHERE date(started_at) BETWEEN ? AND ?"
    ),
    "work_sessions": (
        "SELECT sum(duration_minutes) / 60, count(*) FROM work_sessions"
        " WHERE date(started_at) BETWEEN ? AND ?"
    ),
    "work_time_sessions": (
        "SELECT sum(duration_seconds) / 3600.0, count(*) FROM work_time_sessions"
        " WHERE date(started_at) BETWEEN ? AND ?"
    ),
    "time_sessions": (
        "SELECT sum(end_time - start_time) / 3600000.0, count(end_time) FROM time_sessions"
        " WHERE date(start_time / 1000, 'unixepoch') BETWEEN ? AND ?"
    ),
}


@pytest.mark.parametrize("table", DEMO_TABLES)
def test_the_demos_other_tables_have_the_hours_that_plain_sql_finds(met, select, demo_rows, table):
    selection = select("30d")
    lines = other_lines(met(timekeeping.other_tables, selection))
    days = (str(selection.period.start), str(selection.period.last))
    [(hours, entries)] = demo_rows(DEMO_TABLES[table], *days)
    assert lines[table]["hours"] == pytest.approx(hours)
    assert lines[table]["entries"] == entries
    apart = hours - lines["time_entries"]["hours"]
    assert lines[table]["hours_apart"] == pytest.approx(apart, abs=1e-9)
