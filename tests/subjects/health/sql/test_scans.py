"""Before a statement runs, its query plan tells which tables it would read whole."""

import math

import pytest

from meaux.data.database import SQLiteFile
from meaux.data.schema import introspection, read_catalog, sizes
from meaux.subjects.health import sql
from meaux.subjects.health.sql import about
from meaux.subjects.health.sql.scans import Scan

LIMIT = 501


@pytest.fixture(scope="module")
def scans(demo_file):
    """What a statement on the demo would read whole: table, rows, times, and whether all of it."""
    database = SQLiteFile(demo_file)
    catalog = read_catalog(database.fetch(introspection()))

    def scans(text):
        reading = sql.read(text)
        tables = sql.tables(reading, catalog)
        measures = [statement for t in tables if (statement := sizes.measuring(t))]
        plan, *measured = database.fetch([reading.plan(LIMIT - 1), *measures])
        rows = {
            table.name.lower(): sizes.measured(one, table).rows
            for table, one in zip(tables, measured, strict=True)
        }
        return sql.scans(reading, plan, rows, catalog, LIMIT)

    return scans


@pytest.fixture(scope="module")
def count(demo_rows):
    return lambda table: demo_rows(f"SELECT count(*) FROM {table}")[0][0]


def test_a_table_without_an_index_for_the_condition_is_read_whole(scans, count):
    [scan] = scans("SELECT sum(cost_usd) FROM time_entries WHERE note LIKE 'x%'")
    assert (scan.table, scan.rows, scan.times, scan.whole) == (
        "time_entries",
        count("time_entries"),
        1.0,
        True,
    )


def test_an_index_spares_the_table(scans):
    assert scans("SELECT sum(cost_usd) FROM time_entries WHERE started_at > 1795000000") == []
    assert scans("SELECT name FROM projects WHERE id = 'prj_nightjar'") == []
    assert scans("SELECT max(started_at) FROM time_entries") == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM time_entries",
        "SELECT id, note FROM time_entries AS e LIMIT 700",
        "SELECT * FROM time_entries ORDER BY started_at DESC",
    ],
)
def test_rows_taken_as_they_come_end_with_the_limit(scans, text):
    [scan] = scans(text)
    assert (scan.table, scan.rows, scan.whole) == ("time_entries", LIMIT, False)
    assert scan.sentence == "Reads the first 501 rows of time_entries."


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM time_entries ORDER BY note",
        "SELECT DISTINCT note FROM time_entries",
        "SELECT count(*) FROM time_entries",
        "SELECT total(cost_usd) FROM time_entries",
        "SELECT json_group_array(id) FROM time_entries",
        "SELECT * FROM time_entries WHERE note = 'x'",
        "SELECT id, row_number() OVER (ORDER BY note) FROM time_entries",
        "SELECT note, count(*) FROM time_entries GROUP BY note",
        "WITH e AS (SELECT note FROM time_entries) SELECT max(note) FROM e",
        "SELECT 1 FROM projects WHERE (SELECT max(note) FROM time_entries) = 'x'",
    ],
)
def test_a_statement_that_has_to_see_all_rows_reads_them_all(scans, count, text):
    [scan] = [scan for scan in scans(text) if scan.table == "time_entries"]
    assert scan.whole
    assert scan.reads == count("time_entries")


def test_a_table_is_known_by_any_name_that_a_statement_gives_it(scans):
    found = scans("SELECT max(x.note) FROM time_entries x JOIN projects AS y ON y.color = x.note")
    assert {scan.table for scan in found} <= {"time_entries", "projects"}
    assert found


def test_a_loop_inside_of_a_loop_is_run_for_each_row(scans, count):
    found = scans("SELECT count(*) FROM projects AS p CROSS JOIN teams AS t CROSS JOIN users AS u")
    projects, teams, users = count("projects"), count("teams"), count("users")
    assert [(scan.reads) for scan in found] == sorted(
        [projects, projects * teams, projects * teams * users], reverse=True
    )
    assert sql.reads(found) == projects + projects * teams + projects * teams * users


def test_a_subquery_for_each_row_is_run_for_each_row(scans, count):
    found = scans(
        "SELECT p.id, (SELECT count(*) FROM workflow_daily AS w WHERE w.runs > length(p.name)) "
        "FROM projects AS p"
    )
    [inner] = [scan for scan in found if scan.table == "workflow_daily"]
    assert inner.reads == count("workflow_daily") * count("projects")


def test_what_is_no_table_is_no_scan(scans):
    assert scans("SELECT 1") == []
    assert scans("VALUES (1), (2)") == []
    assert scans("SELECT value FROM json_each('[1, 2]')") == []
    endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
    assert scans(endless) == []


def test_a_view_shows_the_tables_behind_it_whose_size_nobody_asked_for(database_of):
    source = database_of("""
        CREATE TABLE raw (a, b);
        CREATE VIEW seen AS SELECT a FROM raw WHERE b > 1;
    """)
    reading = sql.read("SELECT max(a) FROM seen")
    assert [table.name for table in sql.tables(reading, source.catalog)] == ["seen"]
    [plan] = source.database.fetch([reading.plan(5)])
    [scan] = sql.scans(reading, plan, {}, source.catalog, 5)
    assert scan.table == "raw"
    assert scan.reads == math.inf
    assert scan.sentence == "Full scan of raw: row count unknown."


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (7, "7"), (999, "999"), (1_000, "about 1,000"), (24_927, "about 24,900")],
)
def test_an_estimate_has_three_digits(number, words):
    assert about(number) == words


def test_a_scan_is_said_in_a_sentence():
    assert Scan("time_entries", 24_927, 1.0).sentence == (
        "Full scan of time_entries: about 24,900 rows."
    )
    assert Scan("teams", 4, 25.0).sentence == "Full scan of teams, 25 times: 100 rows."


def test_the_lines_of_a_plan_stand_below_what_they_belong_to(demo_file):
    reading = sql.read("SELECT * FROM (SELECT 1 UNION SELECT 2)")
    [plan] = SQLiteFile(demo_file).fetch([reading.plan(5)])
    lines = sql.outline(plan)
    assert len(lines) == len(plan.rows)
    assert not lines[0].startswith(" ")
    assert any(line.startswith("  ") for line in lines)
