"""A view is read without the columns that nobody names, and its rows are the same."""

from dataclasses import replace

import pytest

from meaux.query.queries import QUERIES, compile_query, compiler
from meaux.query.queries.pruning import pruned, wanted_of
from meaux.query.queries.reader import PAGE_PARAMETERS

PAGE = dict.fromkeys(PAGE_PARAMETERS, 5)


def columns_of(sql, *wanted):
    """The lists of columns that stand in each SELECT once what is not wanted is gone."""
    arms = pruned(sql, frozenset(wanted)).split("UNION ALL")
    return [" ".join(arm.split("\nFROM")[0].split()).removeprefix("SELECT ") for arm in arms]


@pytest.mark.parametrize(
    ("sql", "wanted", "left"),
    [
        ("SELECT t.a, t.b FROM t", "b", ["t.b"]),
        ("SELECT t.a, t.b AS c FROM t WHERE t.a > 1", "c", ["t.b AS c"]),
        ("SELECT max(t.a, 1) AS a, iif(t.b, ', FROM (', 0) AS b FROM t", "b",
         ["iif(t.b, ', FROM (', 0) AS b"]),
        ("SELECT 1 AS a, t.b FROM t UNION ALL SELECT u.x, u.y FROM u", "b", ["t.b", "u.y"]),
        ("SELECT t.a, t.b FROM t ORDER BY a DESC", "b", ["t.a, t.b"]),
        ("SELECT s.a, s.b FROM (SELECT t.a AS a, t.b AS b FROM t) AS s", "b", ["s.b"]),
        ("SELECT t.a, t.b FROM t", "z", ["t.a"]),
    ],
    ids=["name", "alias", "commas inside", "union all", "ordered by", "inner", "none wanted"],
)  # fmt: skip
def test_a_column_that_nobody_names_is_gone(sql, wanted, left):
    assert columns_of(sql, wanted) == left


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT DISTINCT t.a, t.b FROM t",
        "SELECT t.a, t.b FROM t UNION SELECT u.a, u.b FROM u",
        "SELECT max(t.a) AS a, t.b FROM t GROUP BY t.c",
        "WITH RECURSIVE n (i) AS (SELECT 1) SELECT n.i, 2 AS b FROM n",
    ],
    ids=["distinct", "union", "group", "recursive"],
)
def test_a_selection_whose_rows_hang_on_all_its_columns_stays_whole(sql):
    assert pruned(sql, frozenset("b")) == sql


def test_a_reader_that_takes_every_column_leaves_none_out():
    assert wanted_of("v", ["SELECT v.a FROM v", "SELECT v.b FROM v"]) == {"a", "b"}
    assert wanted_of("v", ["SELECT v.a FROM v", "SELECT * FROM v"]) is None
    assert wanted_of("v", ["SELECT v.a FROM v, w", "SELECT 1 AS n, w.*\nFROM w"]) == {"a"}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_answers_the_same_as_with_every_column(demo_source, select, monkeypatch, query):
    without = compile_query(query, demo_source.binding, select("90d"), PAGE)
    monkeypatch.setattr(compiler, "_pruned", list)
    whole = compile_query(query, demo_source.binding, select("90d"), PAGE)
    pruned_rows, rows = demo_source.database.fetch([without.statement, whole.statement])
    assert pruned_rows.rows == rows.rows
    assert replace(without, statement=whole.statement) == whole


def test_the_cost_of_a_day_is_read_without_its_projects(demo_source, select):
    sql = compile_query(QUERIES["cost_by_day"], demo_source.binding, select()).statement.sql
    [ledger] = [view for view in sql.split("MATERIALIZED (") if "'Time' AS category" in view]
    assert "AS amount" in ledger
    assert "AS project" not in ledger
