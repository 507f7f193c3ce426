"""A view is read without the columns that nobody names, and its rows are the same."""

import re
from dataclasses import replace

import pytest

from meaux.query.queries import QUERIES, compile_query, compiler
from meaux.query.queries.pruning import pruned, wanted_of
from meaux.query.queries.reader import PAGE_PARAMETERS

PAGE = dict.fromkeys(PAGE_PARAMETERS, 5)


def written(sql):
    """The SQL as the files have it: a column a line, and each clause on a line of its own."""
    listed = re.sub(r"(SELECT) (?!DISTINCT)", r"\1\n    ", sql.replace("; ", ",\n    "))
    return re.sub(r" (FROM|WHERE|GROUP|ORDER|UNION ALL|UNION(?! ALL))\b", r"\n\1", listed).replace(
        "UNION ALL ", "UNION ALL\n"
    )


@pytest.mark.parametrize(
    ("sql", "wanted", "left"),
    [
        ("SELECT t.a; t.b FROM t", "b", "SELECT t.b FROM t"),
        ("SELECT t.a; t.b AS c FROM t WHERE t.a > 1", "c", "SELECT t.b AS c FROM t WHERE t.a > 1"),
        ("SELECT max(t.a, 1) AS a; iif(t.b, ', x (', 0) AS b FROM t", "b",
         "SELECT iif(t.b, ', x (', 0) AS b FROM t"),
        ("SELECT 1 AS a; t.b FROM t UNION ALL SELECT u.x; u.y FROM u", "b",
         "SELECT t.b FROM t UNION ALL SELECT u.y FROM u"),
        ("SELECT t.a; t.b; t.c FROM t ORDER BY a DESC", "b",
         "SELECT t.a; t.b FROM t ORDER BY a DESC"),
        ("SELECT t.a; t.b FROM t", "z", "SELECT t.a FROM t"),
    ],
    ids=["name", "alias", "commas inside", "union all", "ordered by", "none wanted"],
)  # fmt: skip
def test_a_column_that_nobody_names_is_gone(sql, wanted, left):
    assert pruned(written(sql), frozenset(wanted)) == written(left)


def test_a_column_over_several_lines_goes_as_a_whole():
    of_lines = "SELECT\n    coalesce(\n      t.a,\n      0\n    ) AS a,\n    t.b\nFROM t"
    assert pruned(of_lines, frozenset("b")) == "SELECT\n    t.b\nFROM t"
    assert pruned(of_lines, frozenset("a")) == of_lines.replace(",\n    t.b\n", "\n")


def test_a_part_of_a_selection_keeps_its_columns():
    nested = "SELECT\n    s.a,\n    s.b\nFROM (\n  SELECT\n    t.a,\n    t.b\n  FROM t\n) AS s"
    assert pruned(nested, frozenset("b")) == nested.replace("    s.a,\n", "", 1)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT DISTINCT\n    t.a; t.b FROM t",
        "SELECT t.a; t.b FROM t UNION\nSELECT u.a; u.b FROM u",
        "SELECT max(t.a) AS a; t.b FROM t GROUP BY t.c",
        "WITH RECURSIVE n (i) AS (SELECT 1) SELECT n.i; 2 AS b FROM n",
    ],
    ids=["distinct", "union", "group", "recursive"],
)
def test_a_selection_whose_rows_hang_on_all_its_columns_stays_whole(sql):
    assert pruned(written(sql), frozenset("b")) == written(sql)


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
