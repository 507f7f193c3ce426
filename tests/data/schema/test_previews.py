"""Previews: any table, newest rows first, page by page, and nothing too large to show."""

import sqlite3
from contextlib import closing

import pytest

from meaux.data.schema import preview
from meaux.data.schema.preview import LONGEST_TEXT, MOST_COLUMNS, ROWS, Place
from meaux.subjects.health import sql


@pytest.fixture
def pages(database_of):
    """Pages of a table, from a place on."""

    def pages(script, table="t"):
        source = database_of(script)
        found = source.catalog.find(table)

        def page(place=None):
            begun = place or Place()
            [rows] = source.database.fetch([preview.preview(found, begun)])
            return preview.page(found, begun, rows)

        return page

    return pages


def numbered(count):
    return (
        "CREATE TABLE t (n INTEGER); WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL "
        f"SELECT n + 1 FROM c LIMIT {count}) INSERT INTO t SELECT n FROM c;"
    )


@pytest.mark.parametrize("count", [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS, 137])
def test_turning_to_the_end_and_back_shows_every_row_once_each_way(pages, count):
    page = pages(numbered(count))
    shown, way = [page()], []
    while shown[-1].older:
        shown.append(page(shown[-1].older))
    assert [row[0] for one in shown for row in one.rows] == list(range(count, 0, -1))
    assert all(len(one.rows) == ROWS for one in shown[:-1])
    back = shown[-1]
    while back.newer:
        back = page(back.newer)
        way.append(back)
    assert [one.rows for one in reversed(way)] == [one.rows for one in shown[:-1]]
    assert shown[0].newer is None


def test_rows_written_meanwhile_are_not_shown_twice(pages, tmp_path):
    page = pages(numbered(60))
    first = page()
    with closing(sqlite3.connect(tmp_path / "database.db")) as connection, connection:
        connection.execute("INSERT INTO t VALUES (61), (62)")
    assert [row[0] for row in page(first.older).rows] == list(range(10, 0, -1))


@pytest.mark.parametrize("key", ["-9223372036854775808", "9223372036854775807", "0"])
def test_rows_may_have_any_number(pages, key):
    page = pages(f"CREATE TABLE t (a); INSERT INTO t (rowid, a) VALUES ({key}, 'x'), (7, 'y');")
    assert sorted(row[0] for row in page().rows) == ["x", "y"]
    assert page(Place("older", key)).rows in ([], [("y",)], [("x",)])


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("NULL", None),
        ("1", 1),
        ("1.5", 1.5),
        ("'text'", "text"),
        ("''", ""),
        ("x'00ff00'", "BLOB, 3 bytes"),
        ("zeroblob(2000000)", "BLOB, 2000000 bytes"),
        ("9007199254740991", 9007199254740991),
        ("9007199254740993", "9007199254740993"),
        ("-9223372036854775808", "-9223372036854775808"),
        (f"printf('%.*c', {LONGEST_TEXT}, 'x')", "x" * LONGEST_TEXT),
        ("printf('%.*c', 1000000, 'x')", "x" * LONGEST_TEXT + "…"),
        ("'a' || char(10) || '<b>'", "a\n<b>"),
        ("CAST(x'41ff42' AS TEXT)", "A\ufffdB"),
    ],
)
def test_a_cell_is_shown_as_it_is_unless_it_is_too_large(pages, stored, shown):
    page = pages(f"CREATE TABLE t (a); INSERT INTO t VALUES ({stored});")
    assert page().rows == [(shown,)]


ODD_TABLES = {
    "a view": "CREATE TABLE r (a); INSERT INTO r VALUES (1), (2);CREATE VIEW t AS SELECT a FROM r;",
    "no rowid": "CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES (1), (2);",
    "a column named rowid": (
        "CREATE TABLE t (a, rowid TEXT); INSERT INTO t VALUES (1, 'z'), (2, 'a');"
    ),
    "full text": "CREATE VIRTUAL TABLE t USING fts5 (a); INSERT INTO t VALUES (1), (2);",
    "strict": "CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1), (2);",
    "a generated column": ("CREATE TABLE t (a, b AS (a + 1)); INSERT INTO t (a) VALUES (1), (2);"),
}


@pytest.mark.parametrize("script", ODD_TABLES.values(), ids=ODD_TABLES)
def test_any_kind_of_table_shows_its_rows(pages, script):
    page = pages(script)()
    assert sorted(str(row[0]) for row in page.rows) == ["1", "2"]
    assert page.newer is None
    assert page.older is None


def test_a_table_of_a_hundred_columns_shows_all_but_one(pages):
    columns = ", ".join(f"c{n}" for n in range(100))
    page = pages(f"CREATE TABLE t ({columns}); INSERT INTO t DEFAULT VALUES;")()
    assert len(page.columns) == len(page.rows[0]) == MOST_COLUMNS


HOSTILE = (
    "it's",
    'a "b"',
    "[x]",
    "`y`",
    "a; DROP TABLE t; --",
    "?1",
    ":a",
    "",
    "x\ny",
    "проект 🦐",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_table_and_a_column_may_have_any_name(pages, name):
    quoted = '"' + name.replace('"', '""') + '"'
    script = f"CREATE TABLE {quoted} ({quoted} TEXT); INSERT INTO {quoted} VALUES ('in it');"
    page = pages(script, name)()
    assert page.columns == (name,)
    assert page.rows == [("in it",)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sketch_names_every_column_and_is_a_statement_that_reads(database_of, name):
    quoted = '"' + name.replace('"', '""') + '"'
    source = database_of(
        f"CREATE TABLE {quoted} (a, {quoted} TEXT); INSERT INTO {quoted} VALUES (1, 'in it');"
    )
    reading = sql.read(preview.sketch(source.catalog.find(name)))
    assert source.database.fetch([reading.limited(5)])[0].rows == [(1, "in it")]
