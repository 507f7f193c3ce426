"""What is written for SQLite means the same in ClickHouse's SQL: the rows are the same."""

import sqlite3
from contextlib import closing

import pytest

from meaux.data.database import Statement
from meaux.data.database.clickhouse import ClickHouse, Place, written
from meaux.errors import QueryError

ROWS = """
SELECT 1 AS id, 'a' AS word, 2.5 AS amount, '2026-11-02' AS day UNION ALL
SELECT 2, 'b', NULL, '2026-11-03' UNION ALL
SELECT 3, 'b', -1, '2026-11-08' UNION ALL
SELECT 4, NULL, 4, NULL
"""
SAID = {
    "a part of a time is a text, and a number beside an operator": (
        "SELECT strftime('%Y-%m', r.day) AS m, (strftime('%w', r.day) + 6) % 7 AS w FROM r "
        "ORDER BY r.id"
    ),
    "a sum of nothing is unknown": "SELECT sum(r.amount) AS n FROM r WHERE r.id > 9",
    "a sum of what a filter leaves is unknown if that is nothing": (
        "SELECT sum(r.amount) FILTER (WHERE r.id > 9) AS n, count(*) FILTER (WHERE r.id < 3) AS m "
        "FROM r"
    ),
    "a column beside a maximum is of its row": (
        "SELECT r.word AS word, max(r.id) AS id, r.day AS day FROM r "
        "GROUP BY r.word ORDER BY r.word"
    ),
    "a column beside a minimum is of its row": "SELECT min(r.amount) AS a, r.id AS id FROM r",
    "rows without a value come first": "SELECT r.id AS id FROM r ORDER BY r.amount, r.id",
    "they come last in the other direction": "SELECT r.id AS id FROM r ORDER BY r.amount DESC",
    "they stay first if a condition keeps some of them": (
        "SELECT r.id AS id FROM r WHERE r.amount > 3 OR r.id < 3 ORDER BY r.amount, r.id"
    ),
    "they stay first if the shown value is missing, not the compared one": (
        "SELECT nullif(r.amount, 4) AS amount, r.id AS id FROM r WHERE r.amount > -5 "
        "ORDER BY amount, id"
    ),
    "the last of compared values is the greatest": (
        "SELECT r.id AS id FROM r WHERE (r.amount > -5 AND r.amount < 9) "
        "ORDER BY r.amount DESC LIMIT 2"
    ),
    "a row without a match has no values": (
        "SELECT r.id AS id, other.n AS n FROM r LEFT JOIN ("
        "SELECT r.word AS word, count(*) AS n FROM r WHERE r.word = 'b' GROUP BY r.word"
        ") AS other ON other.word = r.word ORDER BY r.id"
    ),
    "a column keeps its name beside one of the same name": (
        "SELECT x.id, x.amount FROM (SELECT a.id, b.amount, b.id AS other FROM r AS a "
        "INNER JOIN r AS b ON a.id = b.id) AS x ORDER BY x.id"
    ),
    "an alias doesn't hide the column that it is made of": (
        "SELECT amount * 2 AS amount FROM r WHERE amount > 1 ORDER BY id"
    ),
    "a division by zero is unknown": "SELECT 1 / (r.id - 1) AS n FROM r WHERE r.id = 1",
    "an integer is cut off, not rounded": (
        "SELECT cast(r.amount AS INTEGER) AS n FROM r ORDER BY r.id"
    ),
    "the lesser of a value and nothing is unknown": (
        "SELECT min(r.amount, 0) AS n FROM r ORDER BY r.id"
    ),
    "a list is a table": (
        "SELECT r.id AS id FROM r WHERE r.word IN (SELECT value FROM json_each(?1)) ORDER BY r.id"
    ),
    "a list in a statement has keys": (
        "SELECT one.key AS k, one.value AS v FROM r "
        'CROSS JOIN json_each(\'["x", "y"]\') AS one WHERE r.id = 1 ORDER BY one.key'
    ),
    "a list that is made has items": (
        "SELECT json_extract(json_array(r.word, r.day), '$[1]') AS d FROM r ORDER BY r.id"
    ),
    "a number in a list is a number": (
        "SELECT cast(json_array(r.word, r.id) ->> 1 AS INTEGER) AS n FROM r ORDER BY r.id"
    ),
    "a week begins on Monday": (
        "SELECT date(r.day, 'weekday 0', '-6 days') AS monday FROM r ORDER BY r.id"
    ),
    "an instant has a day": "SELECT date(r.id * 86400, 'unixepoch') AS day FROM r ORDER BY r.id",
    "a day has an instant": "SELECT unixepoch(r.day) AS at FROM r ORDER BY r.id",
    "bits are compared": "SELECT r.id & 2 AS bit FROM r WHERE r.id & 1 <> 0 ORDER BY r.id",
    "letters are compared in any case": (
        "SELECT r.id AS id FROM r WHERE r.word LIKE 'B%' ORDER BY r.id"
    ),
    "nothing is nothing": (
        "SELECT r.id AS id FROM r WHERE r.word IS NULL OR r.word IS 'a' ORDER BY r.id"
    ),
    "no limit is none": "SELECT count(*) AS n FROM (SELECT r.id FROM r LIMIT -1) AS t",
    "a count and an amount can be alternatives": (
        "SELECT coalesce(r.amount, 0) + (SELECT count(*) FROM r) AS n FROM r ORDER BY r.id"
    ),
    "rows of numbers are a table": (
        "WITH o (since, until) AS NOT MATERIALIZED (VALUES (-9e999, 5), (5, 9e999)) "
        "SELECT count(*) AS n FROM o WHERE o.since < 3"
    ),
}


@pytest.fixture(scope="module")
def engine(chdb_folder):
    return ClickHouse(Place("default", folder=chdb_folder))


@pytest.mark.parametrize("sql", SAID.values(), ids=SAID)
def test_in_both_engines(engine, sql):
    front = sql.removeprefix("WITH ") if sql.startswith("WITH") else None
    whole = f"WITH r AS ({ROWS}), {front}" if front else f"WITH r AS ({ROWS}) {sql}"
    params = ('["a", "b"]',) if "?1" in sql else ()
    with closing(sqlite3.connect(":memory:")) as database:
        expected = database.execute(whole, params).fetchall()
    assert engine.fetch([Statement(whole, params)])[0].rows == expected


def test_tables_of_the_open_database_are_those_of_the_copy():
    assert 'FROM "copy"."time_entry"' in written("SELECT at FROM main.`time_entry`", "copy")


@pytest.mark.parametrize(("order", "nulls"), [("", ""), (" DESC", " DESC NULLS FIRST")])
def test_compared_values_are_sorted_as_the_primary_key_is(order, nulls):
    sql = f"SELECT a.at FROM a WHERE (a.at >= ?1 AND a.at < ?2) OR a.at = ?3 ORDER BY a.at{order}"
    assert written(sql, "copy").endswith(f"ORDER BY a.at{nulls}")


def test_a_plan_is_asked_for(engine):
    [found] = engine.fetch([Statement("EXPLAIN QUERY PLAN SELECT ?1 AS a", ("x",))])
    assert found.rows


def test_a_question_mark_in_a_text_is_no_parameter():
    assert "'?1'" in written("SELECT '?1' AS a WHERE 1 = ?1", "copy")


def test_sql_of_ones_own_that_has_no_translation_is_refused_with_a_sentence(chdb_folder):
    database = ClickHouse(Place("default", folder=chdb_folder))
    with pytest.raises(QueryError, match="can't be written for ClickHouse"):
        database.fetch([Statement("SELECT date('now', '-3 months')", own=True)])
