"""Names in statements: a column that is gone is missed, never read as a text."""

import re
import sqlite3
from contextlib import closing

import pytest

from meaux.data.schema.model import bare, identifiers, quoted
from meaux.errors import MissingColumn, MissingTable
from meaux.query.answers import Ask
from meaux.query.queries import QUERIES, compile_query
from meaux.query.queries.reader import PAGE_PARAMETERS

TEXT_OR_NAME = re.compile(r"'(?:[^']|'')*'|`(?:[^`]|``)*`")

ENTRIES = """
CREATE TABLE time_entries (id TEXT, started_at INTEGER, seconds INTEGER, cost_usd REAL);
INSERT INTO time_entries VALUES ('e1', 1793610000, 3600, 50.0);
"""


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_no_statement_holds_a_name_that_sqlite_may_take_for_a_text(query, demo_source, select):
    page = dict.fromkeys(PAGE_PARAMETERS, 5)
    sql = compile_query(query, demo_source.binding, select(), page).statement.sql
    assert '"' not in TEXT_OR_NAME.sub("", sql)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("ALTER TABLE time_entries DROP COLUMN cost_usd", MissingColumn),
        ("ALTER TABLE time_entries RENAME COLUMN seconds TO duration", MissingColumn),
        ("ALTER TABLE time_entries RENAME TO entries", MissingTable),
        ("DROP TABLE time_entries", MissingTable),
    ],
)
def test_what_goes_while_the_database_is_open_is_missed(
    change, error, database_of, select, tmp_path
):
    source = database_of(ENTRIES)
    asked = Ask(QUERIES["cost_by_day"], select("90d")).compiled(source.binding).statement
    with closing(sqlite3.connect(tmp_path / "database.db")) as connection:
        connection.execute(change)
    with pytest.raises(error):
        source.database.fetch([asked])


@pytest.mark.parametrize("name", ["plain", "a `b`", 'a "b"', "`", "a.b", "`a` + `b`"])
def test_a_quoted_name_is_told_from_other_sql(name):
    assert identifiers(quoted(name)) == [name]
    assert bare(quoted(name)) == name
    assert bare(f"{quoted(name)} / 60") == f"{quoted(name)} / 60"
