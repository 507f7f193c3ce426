"""The catalog: tables, columns and indexes as they stand in the database."""

import sqlite3
from contextlib import closing

import pytest

from meaux.data.database import Meta, Rows
from meaux.data.schema import Index, read_catalog
from meaux.errors import BadAnswer

INDEXED = """
CREATE TABLE time_entries (id TEXT PRIMARY KEY, started_at INTEGER, ended_at INTEGER, note TEXT);
CREATE INDEX by_time ON time_entries (started_at DESC);
CREATE INDEX by_note ON time_entries (note, ended_at);
CREATE INDEX running ON time_entries (ended_at) WHERE ended_at IS NULL;
CREATE INDEX by_length ON time_entries (length(note));
CREATE TABLE pairs (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID;
CREATE VIEW seen AS SELECT * FROM time_entries;
CREATE VIRTUAL TABLE notes USING fts5 (body);
CREATE TABLE notes_of_my_own (x);
"""


@pytest.fixture
def catalog(database_of):
    return database_of(INDEXED).catalog


def test_indexes_stand_with_their_table_and_their_columns_in_order(catalog):
    found = {index.name: index for index in catalog.find("time_entries").indexes}
    assert found["by_time"] == Index("by_time", ("started_at",))
    assert found["by_note"] == Index("by_note", ("note", "ended_at"))
    assert found["running"] == Index("running", ("ended_at",), partial=True)
    assert found["by_length"] == Index("by_length", (None,))
    assert found["sqlite_autoindex_time_entries_1"].columns == ("id",)
    assert [index.columns for index in catalog.find("pairs").indexes] == [("b", "a")]
    assert catalog.find("seen").indexes == []


@pytest.mark.parametrize(
    ("column", "index"),
    [
        ("started_at", "by_time"),
        ("STARTED_AT", "by_time"),
        ("id", "sqlite_autoindex_time_entries_1"),
        ("note", "by_note"),
        ("ended_at", None),
        ("nope", None),
    ],
)
def test_an_index_serves_its_first_column_unless_it_has_only_some_rows(catalog, column, index):
    found = catalog.find("time_entries").index_on(column)
    assert (found.name if found else None) == index


def test_an_index_that_serves_a_column_is_the_one_that_sqlite_uses(catalog, tmp_path):
    table = catalog.find("time_entries")
    with closing(sqlite3.connect(tmp_path / "database.db")) as connection:
        for column in table.spelling:
            sql = f'EXPLAIN QUERY PLAN SELECT * FROM time_entries WHERE "{column}" >= ?'
            plan = connection.execute(sql, ("x",)).fetchone()[-1]
            index = table.index_on(column)
            assert (index is not None) == ("USING INDEX" in plan), column


def test_kinds_are_told_apart(catalog):
    kinds = {table.name: table.kind for table in catalog.tables.values()}
    assert kinds["time_entries"] == "table"
    assert kinds["seen"] == "view"
    assert kinds["notes"] == "virtual"


def test_the_tables_behind_a_full_text_index_are_its_shadows(catalog):
    assert catalog.shadows == {
        f"notes_{what}" for what in ("data", "idx", "content", "docsize", "config")
    }


@pytest.mark.parametrize(
    ("script", "key"),
    [
        ("CREATE TABLE t (a);", "rowid"),
        ("CREATE TABLE t (rowid TEXT);", "_rowid_"),
        ("CREATE TABLE t (RowId TEXT, _rowid_ TEXT);", "oid"),
        ("CREATE TABLE t (rowid TEXT, _rowid_ TEXT, oid TEXT);", None),
        ("CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID;", None),
        ("CREATE VIEW t AS SELECT 1 AS a;", None),
        ("CREATE VIRTUAL TABLE t USING fts5 (a);", "rowid"),
    ],
)
def test_rows_are_numbered_by_a_name_that_no_column_has(database_of, script, key):
    assert database_of(script).catalog.find("t").key == key


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["notes", "notes_config", "notes_content", "notes_data", "notes_docsize"]),
        ("TIME_", ["time_entries"]),
        ("started", ["seen", "time_entries"]),
        ("my own", []),
        ("%", []),
    ],
)
def test_a_search_finds_names_of_tables_and_of_columns(catalog, words, names):
    assert [table.name for table in catalog.search(words)][:5] == names


def test_a_column_is_known_by_its_sql(catalog):
    table = catalog.find("time_entries")
    assert table.column("`started_at`") == "started_at"
    assert table.column("`started_at` / 1000") is None


WITHOUT_ROWID = {
    "as usual": "CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "in lower case": "create table t (id text primary key) without rowid",
    "over several lines": "CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT\n\t  ROWID",
    "with a comment between": "CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT /* no */ ROWID",
    "with a comment behind": "CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT -- no\n ROWID",
    "and strict": "CREATE TABLE t (id TEXT PRIMARY KEY) STRICT,WITHOUT ROWID",
}
WITH_ROWID = {
    "in a comment": "CREATE TABLE t (id TEXT PRIMARY KEY /* never WITHOUT ROWID */)",
    "in a default": "CREATE TABLE t (id TEXT PRIMARY KEY, x TEXT DEFAULT 'WITHOUT ROWID')",
    "in a name": 'CREATE TABLE t (id TEXT PRIMARY KEY, "WITHOUT ROWID" TEXT)',
}


@pytest.mark.parametrize("script", WITHOUT_ROWID.values(), ids=WITHOUT_ROWID)
def test_a_table_without_rowid_is_known_however_that_is_written(database_of, script):
    table = database_of(script).catalog.find("t")
    assert (table.has_rowid, table.key) == (False, None)


@pytest.mark.parametrize("script", WITH_ROWID.values(), ids=WITH_ROWID)
def test_the_words_alone_take_no_rowid_away(database_of, script):
    assert database_of(script).catalog.find("t").key == "rowid"


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("CREATE TABLE TimeEntries (id)", "TimeEntries"),
        ("CREATE TABLE time_entry (id)", "time_entry"),
        ('CREATE TABLE "time entries" (id)', "time entries"),
        ("CREATE TABLE timeentry (id); CREATE TABLE time_entries (id)", "time_entries"),
        ("CREATE TABLE timeentry (id); CREATE TABLE TimeEntries (id)", None),
        ("CREATE TABLE my_time_entries (id)", None),
    ],
)
def test_a_table_is_meant_that_differs_in_case_joints_or_number_alone(database_of, script, name):
    found = database_of(script).catalog.meant("time_entries")
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ("startedAt", "startedAt"),
        ('"Started At"', "Started At"),
        ('"started-at"', "started-at"),
        ("startedat, started_at", "started_at"),
        ('startedat, "started-at"', None),
        ("started", None),
    ],
)
def test_a_column_is_called_so_that_differs_in_case_and_joints_alone(database_of, columns, name):
    found = database_of(f"CREATE TABLE t ({columns})").catalog.find("t").called("started_at")
    assert (found.spelt if found else None) == name


META = Meta(None, 0.0, "x")
COLUMN = ("projects", "table", 0, 0, "id", None, 1, 0, None, 0)
INDEX = ("projects", "by_id", 0, 1, None)


def test_a_line_of_the_schema_may_leave_out_what_may_be_missing():
    answers = [Rows((), [COLUMN], META), Rows((), [INDEX], META)]
    assert read_catalog(answers).find("projects").indexes == [Index("by_id", (None,), unique=True)]


@pytest.mark.parametrize("odd", [[1, 2], "text for a number", None, 1.5])
@pytest.mark.parametrize("line", [COLUMN, INDEX])
def test_a_line_of_the_schema_that_holds_something_else_is_a_bad_answer(line, odd):
    for place, cell in enumerate(line):
        of_its_type = isinstance(odd, str | None) if cell is None else type(odd) is type(cell)
        if of_its_type or (isinstance(cell, int) and isinstance(odd, float)):
            continue
        spoilt = (*line[:place], odd, *line[place + 1 :])
        lines = [[spoilt], []] if line is COLUMN else [[COLUMN], [spoilt]]
        with pytest.raises(BadAnswer, match="The schema response can't be read"):
            read_catalog([Rows((), one, META) for one in lines])
