"""Health tells the truth about reading: from which columns, how many values, and which rows."""

import pytest
from live_databases import NOVEMBER, PEOPLE, PROJECTS, SECOND, THIRD, TODAY, entries

from meaux.data.database import fetch_each
from meaux.query.filters import Selection
from meaux.subjects import health


@pytest.fixture
def examined(live):
    """What Health finds in a database that a script writes."""

    def examined(script):
        source = live(script).source
        asks = health.asks(source, TODAY)
        outcomes = dict(zip(asks, fetch_each(source.database, list(asks.values())), strict=True))
        return health.examine(source, Selection(NOVEMBER, TODAY), outcomes)

    return examined


def column(found, table, name):
    logical = next(one for one in found.logical if one.name == table)
    return next(one for one in logical.columns if one.name == name)


def notes(found, about):
    return [note.sentence for note in found.notes if note.about == about]


def test_how_many_values_are_read_is_told_with_examples_of_the_others(examined):
    columns = "started_at, seconds, cost_usd"
    rows = (SECOND, 60, 1.5), (SECOND, 60, "'n/a'"), (THIRD, "'soon'", "'?'")
    found = examined(entries(*rows, columns=columns))
    assert column(found, "time_entry", "cost").values_read == "1 of 3, unreadable: “?” and “n/a”"
    assert column(found, "time_entry", "seconds").values_read == "2 of 3, unreadable: “soon”"
    assert column(found, "time_entry", "started").values_read == "3 of 3"
    said = "Left out: values in time_entries.cost_usd that can't be read, such as “?” and “n/a” "
    assert f"{said}(2 of 3 sampled)." in notes(found, "time_entries")


def test_which_columns_are_read_in_turn_and_which_are_passed_over_is_told_with_the_reason(examined):
    columns = "started_at, created_at, duration_minutes, seconds, cost_usd, total_cost INTEGER"
    script = f"CREATE TABLE time_entries ({columns});"
    script += f"INSERT INTO time_entries VALUES ({SECOND}, {THIRD}, 60, NULL, 5, 500);"
    found = examined(script)
    assert (
        column(found, "time_entry", "seconds").stored == "`seconds`, else `duration_minutes` * 60"
    )
    assert column(found, "time_entry", "started").passed_over == (
        "created_at: another timestamp fits better",
    )
    assert column(found, "time_entry", "cost").passed_over == ("total_cost: unit unknown",)


def test_ids_that_are_not_unique_and_names_that_are_shared_are_told(examined):
    found = examined("""
        CREATE TABLE projects (id TEXT, name TEXT, updated_at TEXT);
        INSERT INTO projects VALUES ('p1', 'Alpha', '2026-01-01'), ('P1', 'Alpha', '2026-02-01'),
        ('p2', 'Alpha', '2026-01-01');
    """)
    told = notes(found, "projects")
    assert "Duplicate ids, such as p1: only the newest row by updated of each counts." in told
    assert "Some names are not unique: they are shown with their ids." in told


def test_rows_that_say_that_they_are_none_are_counted_with_the_column_that_says_it(examined):
    columns = "started_at, seconds, deleted_at"
    found = examined(
        PROJECTS + PEOPLE + entries((SECOND, 60, THIRD), (SECOND, 60, 0), columns=columns)
    )
    (told,) = (words for words in notes(found, "time_entries") if "left out" in words)
    assert told == "1 of its rows left out: marked as deleted, void or a subtotal (deleted_at)."


def test_no_row_has_one_yet_is_said_only_where_that_is_so(examined):
    found = examined(entries((SECOND, "NULL", 60), columns="started_at, ended_at, seconds"))
    assert column(found, "time_entry", "ended").told_by == "its type (no values yet)"
    assert column(found, "time_entry", "started").told_by == "1 value"


def test_a_line_that_sums_others_is_counted_among_those_that_are_none(examined):
    found = examined("""
        CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);
        INSERT INTO cloudflare_usage VALUES ('2026-11-02', 'a', 3), ('2026-11-02', 'b', 4),
        ('2026-11-02', NULL, 7), ('2026-11-02', NULL, 1), ('2026-11-02', 'Total', 7);
    """)
    (told,) = (words for words in notes(found, "cloudflare_usage") if "left out" in words)
    assert told == "2 of its rows left out: marked as deleted, void or a subtotal (service)."


TWICE = "Duplicate ids, such as a: rows with the same id and time count once (last "
RETURNS = "Rows with different times or names share an id, such as b: each counts, as the id "


@pytest.mark.parametrize("name", ["time_entries", "raw"])
def test_entries_that_are_there_twice_are_told_with_their_ids_and_so_are_ids_that_return(
    examined, name
):
    columns = "(id TEXT, started_at INTEGER, seconds INTEGER)"
    rows = f"('a', {SECOND}, 60), ('a', {SECOND}, 60), ('b', {SECOND}, 60), ('b', {THIRD}, 60)"
    view = "" if name == "time_entries" else "CREATE VIEW time_entries AS SELECT * FROM raw;"
    found = examined(f"CREATE TABLE {name} {columns}; INSERT INTO {name} VALUES {rows}; {view}")
    told = notes(found, "time_entries")
    assert f"{TWICE}changed)." in told
    assert f"{RETURNS}may belong to something else." in told
