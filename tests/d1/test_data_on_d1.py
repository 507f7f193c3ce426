"""On a real D1: indexes, sizes, previews and SQL that somebody writes, for a few rows read."""

import pytest

from meaux.data.database import SQLiteFile, Statement, fetch_each
from meaux.data.schema import preview, sizes
from meaux.data.schema.preview import ROWS, Place
from meaux.data.source import open_source
from meaux.errors import QueryError
from meaux.subjects import health
from meaux.subjects.health import sql
from meaux.subjects.health.sql import Refused

pytestmark = pytest.mark.d1

FEW_A_TABLE = 5
"""Rows that it takes to measure a table, besides those that are counted: four ends and one more."""


def examined(source, select):
    selection = select("30d")
    asks = health.asks(source, selection.today)
    outcomes = dict(zip(asks, fetch_each(source.database, list(asks.values())), strict=True))
    return health.examine(source, selection, outcomes), outcomes


def test_indexes_are_read_from_d1_as_from_a_file(d1_source, file_source):
    assert any(table.indexes for table in d1_source.catalog.tables.values())
    for name, table in d1_source.catalog.tables.items():
        assert table.indexes == file_source.catalog.tables[name].indexes, name


def test_health_is_the_same_on_d1_as_on_a_file(d1_source, file_source, select):
    on_d1, _ = examined(d1_source, select)
    on_file, _ = examined(file_source, select)
    assert on_d1 == on_file
    assert on_d1.missing_indexes == []


def test_a_table_is_measured_for_a_few_rows_however_large_it_is(d1_source, select):
    found, outcomes = examined(d1_source, select)
    rows = {table.name: table.size for table in found.tables}
    table_of = {table.name: table for table in found.tables}
    for name in rows.keys() & outcomes.keys():
        size, outcome = rows[name], outcomes[name]
        counted = size.rows if size.precision == "exactly" else 0
        looked_at = 0 if size.of_all or size.newest is None else sizes.NEWEST
        said = min(size.rows or 0, sizes.LOOKED_AT) if table_of[name].none_by else 0
        assert outcome.rows.meta.rows_read <= counted + looked_at + said + FEW_A_TABLE, name
    assert rows["worker_logs"].rows > 50_000
    assert outcomes["worker_logs"].rows.meta.rows_read <= FEW_A_TABLE


def test_a_missing_index_is_made_by_the_statement_that_is_told(local_d1, no_override, select):
    database = local_d1.open("EMPTY")
    script = [
        Statement("CREATE TABLE time_entries (id TEXT, started_at INTEGER, seconds INTEGER)"),
        Statement("INSERT INTO time_entries VALUES ('a', 1795300000, 60)"),
    ]
    try:
        database.fetch(script)
        source = open_source(database, no_override)
        [missing] = examined(source, select)[0].missing_indexes
        database.fetch([Statement(missing.statement)])
        again = open_source(database, no_override)
        assert examined(again, select)[0].missing_indexes == []
        [served] = [i for i in examined(again, select)[0].indexes if i.table == "time_entries"]
        assert served.index == "time_entries_started_at"
    finally:
        database.fetch([Statement("DROP TABLE IF EXISTS time_entries")])
        database.close()


@pytest.mark.parametrize("name", ["time_entries", "worker_logs", "projects", "user_preferences"])
def test_a_page_of_rows_costs_a_page_of_rows(d1_source, file_source, name):
    table = d1_source.catalog.find(name)
    place, pages = Place(), 0
    while place and pages < 3:
        statement = preview.preview(table, place)
        [on_d1] = d1_source.database.fetch([statement])
        [on_file] = file_source.database.fetch([statement])
        assert on_d1.rows == on_file.rows
        assert on_d1.meta.rows_read <= ROWS + 1
        place = preview.page(table, place, on_d1).older
        pages += 1


def test_d1_would_run_every_statement_of_a_text_and_the_guard_lets_none_through(local_d1):
    database = local_d1.open("EMPTY")
    try:
        database.fetch([Statement("CREATE TABLE victim (a)")])
        database.fetch([Statement("INSERT INTO victim VALUES (1)")])
        evil = "SELECT 1; DELETE FROM victim"
        with pytest.raises(Refused, match="Only one statement"):
            sql.read(evil)
        database.fetch([Statement(evil)])
        assert database.fetch([Statement("SELECT count(*) FROM victim")])[0].rows == [(0,)]
    finally:
        database.fetch([Statement("DROP TABLE IF EXISTS victim")])
        database.close()


WRITES = [
    "DELETE FROM projects",
    "DELETE FROM projects RETURNING *",
    "UPDATE projects SET name = 'x'",
    "INSERT INTO projects (id) VALUES ('x')",
    "WITH x AS (SELECT 1) DELETE FROM projects",
    "DROP TABLE projects",
    "CREATE TABLE z (a)",
    "PRAGMA user_version = 7",
]


@pytest.mark.parametrize("text", WRITES)
def test_even_past_the_guard_d1_takes_no_write_inside_of_a_select(d1, text):
    before = d1.fetch([Statement("SELECT count(*) FROM projects")])[0].rows
    with pytest.raises(QueryError):
        d1.fetch([Statement(f"SELECT * FROM (\n{text}\n) LIMIT 5")])
    assert d1.fetch([Statement("SELECT count(*) FROM projects")])[0].rows == before


GUARDED = [
    ("SELECT id, name FROM projects ORDER BY name DESC", ()),
    ("SELECT status, count(*) AS n FROM projects GROUP BY status -- by status", ()),
    ("WITH c AS (SELECT id FROM projects) SELECT count(*) FROM c", ()),
    ("VALUES (1, 'a'), (2, 'b')", ()),
    ("SELECT id FROM projects WHERE status = ?1 AND id <> ?2", ("active", "x")),
    ("SELECT 1 AS a, 2 AS a, NULL AS b, x'00ff' AS c, 'é😀' AS d", ()),
]


@pytest.mark.parametrize(("text", "values"), GUARDED)
def test_a_guarded_statement_has_the_same_rows_on_d1_and_on_a_file(
    d1, full_demo_file, text, values
):
    statement = sql.read(text).limited(10, values)
    [on_d1] = d1.fetch([statement])
    [on_file] = SQLiteFile(full_demo_file).fetch([statement])
    assert on_d1.rows == on_file.rows
    assert on_d1.columns == on_file.columns


def test_a_plan_says_the_same_on_d1_and_on_a_file(d1, full_demo_file):
    reading = sql.read("EXPLAIN QUERY PLAN SELECT note FROM time_entries WHERE started_at > ?1")
    statement = reading.limited(10, ["0"])
    plans = [db.fetch([statement])[0] for db in (d1, SQLiteFile(full_demo_file))]
    assert sql.outline(plans[0]) == sql.outline(plans[1])


def test_a_limit_ends_what_would_not_end(d1):
    endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
    [rows] = d1.fetch([sql.read(endless).limited(3)])
    assert rows.rows == [(1,), (2,), (3,)]


def planned(source, text, limit):
    """What is foreseen to be read whole, and what D1 then counts."""
    reading, catalog = sql.read(text), source.catalog
    tables = sql.tables(reading, catalog)
    measures = [sizes.measuring(table) for table in tables]
    plan, *measured = source.database.fetch([reading.plan(limit), *measures])
    rows = {
        table.name.lower(): sizes.measured(one, table).rows
        for table, one in zip(tables, measured, strict=True)
    }
    scans = sql.scans(reading, plan, rows, catalog, limit)
    [answer] = source.database.fetch([reading.limited(limit)])
    return sql.reads(scans), answer.meta.rows_read


@pytest.mark.parametrize(
    "text",
    [
        "SELECT note FROM time_entries",
        "SELECT sum(cost_usd) FROM time_entries WHERE note LIKE 'x%'",
        "SELECT max(note) FROM time_entries",
        "SELECT count(*) FROM worker_logs",
        "SELECT p.name, t.name FROM projects AS p, teams AS t",
        "SELECT id FROM time_entries WHERE started_at > 1795200000",
    ],
)
def test_what_is_foreseen_is_about_what_d1_counts(d1_source, text):
    foreseen, counted = planned(d1_source, text, 100)
    assert foreseen <= counted * 1.05 + 1
    assert counted <= max(foreseen * 2, 1_000)
