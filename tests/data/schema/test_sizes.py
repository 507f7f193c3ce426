"""Sizes are computed from a few rows, and never say more than is known."""

import sqlite3
from contextlib import closing

import pytest

from meaux.data.schema import quoted, sizes
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.sizes import COUNTED, Size


@pytest.fixture
def measure(database_of):
    def measure(script, table="t", time=None):
        source = database_of(script)
        found = source.catalog.find(table)
        [rows] = source.database.fetch([sizes.measuring(found, time)])
        return sizes.measured(rows, found, time)

    return measure


def filled(count, first=1):
    return (
        "CREATE TABLE t (a INTEGER PRIMARY KEY); WITH RECURSIVE c(n) AS "
        f"(SELECT {first} UNION ALL SELECT n + 1 FROM c LIMIT {count}) "
        "INSERT INTO t SELECT n FROM c;"
    )


@pytest.mark.parametrize(
    ("script", "rows", "precision"),
    [
        ("CREATE TABLE t (a);", 0, "exactly"),
        (filled(1), 1, "exactly"),
        (filled(COUNTED), COUNTED, "exactly"),
        (filled(COUNTED, first=10**15), COUNTED, "exactly"),
        (filled(COUNTED, first=-500), COUNTED, "exactly"),
        (filled(COUNTED) + "DELETE FROM t WHERE a % 2;", COUNTED // 2, "exactly"),
        (filled(COUNTED + 1), COUNTED + 1, "at most"),
        (filled(3_000) + "DELETE FROM t WHERE a BETWEEN 2 AND 2999;", 3_000, "at most"),
    ],
)
def test_rows_are_counted_up_to_a_thousand_and_else_bounded_by_their_numbers(
    measure, script, rows, precision
):
    size = measure(script)
    assert (size.rows, size.precision) == (rows, precision)


@pytest.mark.parametrize(
    ("rows", "found", "precision"),
    [(0, 0, "exactly"), (COUNTED, COUNTED, "exactly"), (COUNTED + 1, COUNTED, "more than")],
)
def test_rows_without_numbers_are_counted_up_to_a_thousand(measure, rows, found, precision):
    script = filled(rows or 1).replace("PRIMARY KEY)", "PRIMARY KEY) WITHOUT ROWID")
    size = measure(script + ("DELETE FROM t;" if rows == 0 else ""))
    assert (size.rows, size.precision) == (found, precision)


def test_a_view_is_not_measured(database_of):
    view = database_of("CREATE VIEW t AS SELECT 1 AS a;").catalog.find("t")
    assert sizes.measuring(view) is None


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (Size(25, "exactly"), "25"),
        (Size(24_927, "at most"), "at most 24,927"),
        (Size(1_000, "more than"), "more than 1,000"),
        (Size(), "not counted"),
    ],
)
def test_a_size_says_how_precise_it_is(size, words):
    assert str(size) == words


OUT_OF_ORDER = """
CREATE TABLE t (at, x);
INSERT INTO t VALUES (1795300000, 1);
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50)
INSERT INTO t SELECT 1700000000 + n, n FROM c;
"""
INDEX = "CREATE INDEX by_time ON t (at);"


def at(*encodings, column="at"):
    return BoundColumn("instant", quoted(column), numeric=True, encodings=encodings)


def test_with_an_index_the_newest_row_is_that_of_all_rows(measure):
    size = measure(OUT_OF_ORDER + INDEX, time=at("epoch_s"))
    assert (size.newest, size.of_all) == (1795300000, True)


def test_without_an_index_the_newest_row_is_that_of_the_rows_written_last(measure):
    size = measure(OUT_OF_ORDER, time=at("epoch_s"))
    assert (size.newest, size.of_all) == (1700000050, False)


@pytest.mark.parametrize(
    ("stored", "encoding", "newest"),
    [
        ("1795300000", "epoch_s", 1795300000),
        ("1795300000500", "epoch_ms", 1795300000),
        ("'2026-11-22'", "date", 1795305600),
        ("'2026-11-22 09:00:00'", "sqlite", 1795338000),
        ("'2026-11-22T09:00:00Z'", "iso", 1795338000),
        ("'2026-11-22T09:00:00+02:00'", "iso_offset", 1795330800),
        ("NULL", "epoch_s", None),
    ],
)
@pytest.mark.parametrize("index", ["", INDEX])
def test_the_newest_row_is_an_instant_however_it_is_stored(
    measure, stored, encoding, newest, index
):
    script = f"CREATE TABLE t (at); INSERT INTO t VALUES ({stored}), (NULL);{index}"
    assert measure(script, time=at(encoding)).newest == newest


MIXED = """
CREATE TABLE t (at);
INSERT INTO t VALUES (1795300000), ('2020-01-01 00:00:00'), (1600000000000);
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50)
INSERT INTO t SELECT 1700000000 + n FROM c;
"""


def test_an_index_finds_the_newest_of_numbers_and_texts_in_one_column(measure):
    ways = ("epoch_s", "epoch_ms", "sqlite")
    assert measure(MIXED + INDEX, time=at(*ways)) == Size(53, "exactly", 1795300000, of_all=True)
    assert measure(MIXED, time=at(*ways)) == Size(53, "exactly", 1700000050, of_all=False)


def test_two_kinds_of_text_in_one_column_do_not_sort_by_time(measure):
    script = "CREATE TABLE t (at); INSERT INTO t VALUES ('2026-11-22T01:00:00Z'),"
    script += "('2026-11-22 09:00:00');"
    size = measure(script + INDEX, time=at("sqlite", "iso"))
    assert (size.newest, size.of_all) == (1795338000, False)


@pytest.mark.parametrize("rows", [5_000, 50_000])
def test_a_larger_table_takes_no_more_steps_to_measure(database_of, tmp_path, rows):
    source = database_of(filled(rows))
    statement = sizes.measuring(source.catalog.find("t"))
    with closing(sqlite3.connect(tmp_path / "database.db")) as connection:
        steps = []
        connection.set_progress_handler(lambda: steps.append(1), 100)
        connection.execute(statement.sql).fetchall()
    assert len(steps) <= 1
