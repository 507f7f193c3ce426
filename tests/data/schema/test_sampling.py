"""How a column writes time is told from a few rows, and by an index from all of them."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from meaux.data.schema import read_model, sampled, sampling
from meaux.query import queries
from meaux.query.filters import Period

ROWS = 5_000
FIRST = 1_700_000_000
INDEX = "CREATE INDEX by_time ON time_entries (started_at);"
ODD_ROWS = {
    "epoch_s": ("INTEGER", str(FIRST)),
    "epoch_ms": ("INTEGER", f"{FIRST}000"),
    "epoch_us": ("", f"{FIRST}000000"),
    "epoch_s_text": ("TEXT", f"'{FIRST}'"),
    "sqlite": ("", "'2023-11-15 09:00:00'"),
    "iso": ("DATETIME", "'2023-11-15T09:00:00Z'"),
    "date": ("TEXT", "'2023-11-15'"),
    "iso_offset": ("INTEGER", "'2023-11-15T09:00:00+05:30'"),
}


def filled(declared, at, index=INDEX, more=""):
    """A table of one encoding, `at` being SQL of its time in seconds."""
    return f"""
    CREATE TABLE time_entries (started_at {declared}, seconds INTEGER);
    WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT {ROWS})
    INSERT INTO time_entries SELECT {at.format(s=f"({FIRST} + n * 60)")}, 60 FROM c;
    {more}{index}
    """


def usual(odd):
    """What all other rows are written in: something of another class."""
    return "{s}" if odd != "epoch_s" else "{s} * 1000"


def started(source):
    return source.binding.tables["time_entry"].columns["started"]


@pytest.mark.parametrize("odd", ODD_ROWS)
def test_an_index_tells_of_a_single_row_in_the_middle_that_is_written_otherwise(database_of, odd):
    declared, value = ODD_ROWS[odd]
    at = "datetime({s}, 'unixepoch')" if odd == "epoch_s_text" else usual(odd)
    if declared == "TEXT" and odd != "epoch_s_text":
        at = "CAST({s} AS TEXT)"
    change = f"UPDATE time_entries SET started_at = {value} WHERE rowid = 2345;"
    source = database_of(filled(declared, at, more=change))
    assert odd in started(source).encodings
    assert len(started(source).encodings) == 2


@pytest.mark.parametrize("odd", ["epoch_ms", "sqlite", "date"])
def test_without_an_index_a_stretch_of_a_twentieth_is_met(database_of, odd):
    stretch = ROWS // 20
    change = f"UPDATE time_entries SET started_at = {ODD_ROWS[odd][1]} "
    change += f"WHERE rowid BETWEEN 2345 AND {2345 + stretch};"
    source = database_of(filled("", "{s}", index="", more=change))
    assert started(source).encodings == ("epoch_s", odd)
    assert started(source).seen.cells == sampling.NEWEST * 2 + sampling.BETWEEN


def test_kinds_of_text_are_told_by_rows_that_are_spread_evenly(database_of):
    change = "UPDATE time_entries SET started_at = replace(started_at, ' ', 'T') || 'Z' "
    change += f"WHERE rowid BETWEEN 2000 AND {2000 + ROWS // 20};"
    source = database_of(filled("TEXT", "datetime({s}, 'unixepoch')", more=change))
    assert started(source).encodings == ("sqlite", "iso")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_a_period_has_all_its_rows_whatever_was_written_in_the_middle(
    database_of, answer, select, zone
):
    """The hours of a table that was migrated twice are those of the same table before."""
    plain = "datetime({s}, 'unixepoch')"
    mixed = (
        "CASE WHEN n < 2000 THEN {s} WHEN n < 3000 THEN {s} * 1000 "
        "WHEN n < 4000 THEN strftime('%Y-%m-%dT%H:%M:%SZ', {s}, 'unixepoch') "
        "ELSE datetime({s}, 'unixepoch') END"
    )
    days = Period(date(2023, 11, 15), date(2023, 11, 18))
    selection = select(days, zone=zone)
    found = [
        answer(queries.hours_by_day, selection, source=database_of(filled("", at))).frame
        for at in (plain, mixed)
    ]
    assert found[0].equals(found[1])
    assert len(found[0]) == 3


@pytest.mark.parametrize("value", ["0", "-1", "''", "'soon'", "NULL", "20231345", "1"])
def test_what_is_no_point_in_time_makes_no_mixture(database_of, value):
    change = f"UPDATE time_entries SET started_at = {value} WHERE rowid IN (1, 2345, {ROWS});"
    assert started(database_of(filled("", "{s} * 1000", more=change))).encodings == ("epoch_ms",)


def test_what_no_value_tells_is_assumed_and_said_to_be(database_of):
    script = "CREATE TABLE time_entries (started_at {}, seconds INTEGER);" + INDEX
    assert started(database_of(script.format("INTEGER"))).encodings == ("epoch_s",)
    assert started(database_of(script.format("TEXT"))).encodings == ("sqlite",)
    assert started(database_of(script.format("TEXT"))).seen.cells == 0


def test_an_empty_table_with_an_index_has_no_rows(database_of):
    source = database_of("CREATE TABLE time_entries (started_at, seconds);" + INDEX)
    assert not source.binding.tables["time_entry"].has_rows


def test_few_rows_are_read_once(database_of):
    script = "CREATE TABLE time_entries (started_at, seconds);" + "".join(
        f"INSERT INTO time_entries VALUES ({FIRST + n}, 1);" for n in range(sampling.NEWEST * 2)
    )
    source = database_of(script)
    [statement] = sampled(read_model(), source.catalog).values()
    [rows] = source.database.fetch([statement])
    assert len(rows.rows) == sampling.NEWEST * 2


def test_columns_that_are_called_as_the_parts_of_the_statement_do_no_harm(database_of):
    script = filled("INTEGER", "{s}").replace(
        "seconds INTEGER)", 'seconds INTEGER, "first", "last", "share", "key")'
    )
    script = script.replace(
        "INTO time_entries SELECT", "INTO time_entries (started_at, seconds) SELECT"
    )
    assert started(database_of(script)).seen.cells >= 2 * sampling.NEWEST + sampling.BETWEEN


@pytest.mark.parametrize("rows", [5_000, 50_000])
def test_a_larger_table_takes_no_more_steps_to_sample(database_of, tmp_path, rows):
    script = filled("INTEGER", "{s}").replace(f"LIMIT {ROWS}", f"LIMIT {rows}")
    source = database_of(script)
    [statement] = sampled(read_model(), source.catalog).values()
    with closing(sqlite3.connect(tmp_path / "database.db")) as connection:
        steps = []
        connection.set_progress_handler(lambda: steps.append(1), 100)
        connection.execute(statement.sql).fetchall()
    assert len(steps) <= 20


# Ranges that an index serves

DECLARED = (
    "",
    "INTEGER",
    "INT",
    "TEXT",
    "REAL",
    "NUMERIC",
    "DATETIME",
    "TIMESTAMP",
    "DATE",
    "BLOB",
)
WRITTEN = {
    "seconds": "{s}",
    "milliseconds": "{s} * 1000",
    "microseconds": "{s} * 1000000",
    "seconds in text": "CAST({s} AS TEXT)",
    "microseconds in text": "CAST({s} * 1000000 AS TEXT)",
    "SQLite's text": "datetime({s}, 'unixepoch')",
    "ISO": "strftime('%Y-%m-%dT%H:%M:%SZ', {s}, 'unixepoch')",
    "dates": "date({s}, 'unixepoch')",
    "offsets": "strftime('%Y-%m-%dT%H:%M:%S+00:00', {s}, 'unixepoch')",
    "seconds and milliseconds": "{s} * CASE WHEN n % 2 THEN 1 ELSE 1000 END",
    "seconds and SQLite's text": "CASE WHEN n % 2 THEN {s} ELSE datetime({s}, 'unixepoch') END",
}


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("at", WRITTEN.values(), ids=WRITTEN)
def test_an_index_serves_a_period_whatever_is_declared_and_written(
    database_of, tmp_path, answer, select, declared, at
):
    source = database_of(filled(declared, at))
    days = Period(date(2023, 11, 15), date(2023, 11, 16))
    found = answer(queries.hours_by_day, select(days), source=source)
    assert found.frame["entries"].sum() == 24 * 60
    sql, params = found.statement.sql, found.statement.params
    with closing(sqlite3.connect(tmp_path / "database.db")) as connection:
        plan = [row[-1] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", params)]
    assert any("SEARCH" in step and "by_time" in step for step in plan), plan
    assert not any("SCAN time_entries" in step for step in plan), plan


@pytest.mark.parametrize("name", ["project", "team", "person"])
def test_a_table_that_is_called_as_the_model_calls_it_is_read_by_its_own_rows(
    database_of, tmp_path, name
):
    mapping = tmp_path / "schema.toml"
    mapping.write_text(f'[{name}]\ntables = ["{name}"]\n', encoding="utf-8")
    source = database_of(
        f"CREATE TABLE {name} (id INTEGER, name TEXT, created_at INTEGER);"
        f"INSERT INTO {name} VALUES (1, 'One', {FIRST}000), (2, 'Two', {FIRST + 60}000);",
        mapping,
    )
    assert source.binding.tables[name].columns["created"].encodings == ("epoch_ms",)
