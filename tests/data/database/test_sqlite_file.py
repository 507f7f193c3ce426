"""A SQLite file: read only, and held to D1's rules."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux import errors
from meaux.data.database import SQLiteFile, Statement, limits, sqlite_file

SCHEMA = """
CREATE TABLE project (id INTEGER PRIMARY KEY, name TEXT, rate REAL, logo BLOB);
CREATE INDEX project_name ON project (name);
CREATE TABLE _cf_KV (key TEXT);
CREATE VIEW names AS SELECT name FROM project;
CREATE VIRTUAL TABLE notes USING fts5 (body);
INSERT INTO project VALUES (1, 'One', 1.5, x'00ff'), (2, 'Two', NULL, NULL);
INSERT INTO notes VALUES ('hello world');
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "studio.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA synchronous = OFF; {SCHEMA}")
    return path


@pytest.fixture
def ask(path):
    database = SQLiteFile(path)

    def ask(sql, *params):
        return database.fetch([Statement(sql, params)])[0]

    return ask


def write(path, sql):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(sql)


# What comes back


@pytest.mark.parametrize("patience", [0, 9])
def test_statements_are_answered_in_their_order(path, monkeypatch, patience):
    monkeypatch.setattr(sqlite_file, "PATIENCE", patience)
    statements = [Statement("SELECT ?1 AS n", (number,)) for number in range(5)]
    answers = SQLiteFile(path).fetch(statements)
    assert [rows.rows for rows in answers] == [[(str(number),)] for number in range(5)]
    assert SQLiteFile(path).fetch([]) == []


def test_rows_have_columns_and_what_they_took(ask):
    rows = ask("SELECT id, name, rate FROM project ORDER BY id")
    assert rows.columns == ("id", "name", "rate")
    assert rows.rows == [(1, "One", 1.5), (2, "Two", None)]
    assert rows.meta.rows_read is None
    assert rows.meta.duration_ms > 0
    assert rows.meta.served_by == "this machine"


def test_no_rows_still_have_columns(ask):
    rows = ask("SELECT id, name FROM project WHERE id = ?1", 99)
    assert (rows.columns, rows.rows) == (("id", "name"), [])


def test_bytes_are_a_list_of_numbers(ask):
    assert ask("SELECT logo FROM project ORDER BY id").rows == [([0, 255],), (None,)]


def test_text_that_is_no_utf_8_is_shown_as_far_as_it_goes(ask):
    assert ask("SELECT CAST(x'41ff42' AS TEXT)").rows == [("A\ufffdB",)]


def test_parameters_are_bound_as_text_so_a_comparison_fails_here_as_on_d1(ask):
    assert ask("SELECT typeof(?1), typeof(?2)", 7, 1.5).rows == [("text", "text")]
    assert ask("SELECT count(*) FROM project WHERE rate > ?1", 1).rows == [(1,)]
    assert ask("SELECT count(*) FROM project WHERE rate * 1 > ?1", 1).rows == [(0,)]
    sql = "SELECT count(*) FROM project WHERE rate * 1 > CAST(?1 AS INTEGER)"
    assert ask(sql, 1).rows == [(1,)]


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("aé'\"😀\\"))
def test_a_bound_value_arrives_as_its_text(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "empty.db"
    path.touch()
    (rows,) = SQLiteFile(path).fetch([Statement("SELECT ?1", (value,))])
    assert rows.rows == [(str(value),)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM names",
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION SELECT n + 1 FROM c LIMIT 9) SELECT n FROM c",
        "SELECT rank() OVER (ORDER BY id), sum(id) FILTER (WHERE id > 1) OVER () FROM project",
        "SELECT value FROM json_each('[1, 2]')",
        "SELECT '{\"a\": 1}' ->> 'a'",
        "SELECT body FROM notes WHERE notes MATCH 'hello' ORDER BY bm25(notes)",
        "SELECT strftime('%s', 'now'), unixepoch('now'), CURRENT_DATE, 'a' LIKE 'A'",
        "SELECT pow(2, 3), ln(2), exp(1), sqrt(2), floor(1.5), ceil(1.5)",
        "SELECT name FROM pragma_table_list",
        "SELECT name FROM pragma_table_info('project')",
        "SELECT name FROM pragma_table_xinfo('project')",
        "SELECT name FROM pragma_index_list('project')",
        "SELECT name FROM pragma_index_info('project_name')",
        "SELECT c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.name <> '_cf_KV'",
        "EXPLAIN QUERY PLAN SELECT * FROM project",
        "VALUES (1), (2)",
        "-- a comment first\nSELECT 1; ",
    ],
)
def test_what_d1_answers_is_answered(ask, sql):
    assert ask(sql).rows


# What is refused


def union(terms):
    return " UNION ALL ".join(["SELECT 1"] * terms)


def deep(terms):
    return "SELECT " + " + ".join(["1"] * terms)


def wide(columns):
    return "SELECT " + ", ".join(["1"] * columns)


def like(length):
    return f"SELECT 'a' LIKE '{'a' * length}'"


def text_of(size):
    return f"SELECT '{'a' * (size - 9)}'"


def numbered(count):
    return "SELECT length(" + " || ".join(f"?{n}" for n in range(1, count + 1)) + ")"


def arguments(count):
    return "SELECT json_array(" + ", ".join(["1"] * count) + ")"


def blob(size):
    return f"SELECT length(zeroblob({size}))"


@pytest.mark.parametrize(
    ("sql_of", "most", "reason"),
    [
        (union, 5, "too many terms in compound SELECT"),
        (deep, 100, "Expression tree is too large"),
        (wide, 100, "too many columns in result set"),
        (like, 50, "LIKE or GLOB pattern too complex"),
        (text_of, 100_000, "100,001 bytes"),
        (arguments, 127, "too many arguments on function json_array"),
        (blob, 2_200_000, "string or blob too big"),
    ],
)
def test_a_limit_of_d1_allows_so_much_and_not_one_more(ask, sql_of, most, reason):
    assert len(ask(sql_of(most)).rows) > 0
    with pytest.raises(errors.QueryError, match=reason):
        ask(sql_of(most + 1))


def test_a_hundred_parameters_are_bound_and_not_one_more(ask):
    assert ask("SELECT ?1, ?100", *range(100)).rows == [("0", "99")]
    with pytest.raises(errors.QueryError, match="101 parameters"):
        ask("SELECT ?1, ?100", *range(101))
    with pytest.raises(errors.QueryError, match="variable number"):
        ask("SELECT ?101", *range(100))


def test_a_nested_select_counts_its_terms_anew(ask):
    assert len(ask(f"SELECT 1 UNION ALL SELECT * FROM ({union(5)})").rows) == 6


@pytest.mark.parametrize(
    "function",
    [
        "median(1)",
        "percentile(1, 50)",
        "stddev(1)",
        "power(2, 3)",
        "ceiling(1.5)",
        "log10(100)",
        "soundex('a')",
        "sqlite_version()",
        "sqlite_source_id()",
        "sqlite_compileoption_get(1)",
        "load_extension('x')",
        "if(1, 2, 3)",
        "unistr('a')",
    ],
)
def test_a_function_that_d1_lacks_is_refused(ask, function):
    with pytest.raises(errors.QueryError, match=r"no such function|not authorized|syntax error"):
        ask(f"SELECT {function}")


def test_the_missing_generate_series_is_a_missing_table_as_on_d1(ask):
    with pytest.raises(errors.MissingTable, match="generate_series"):
        ask("SELECT * FROM generate_series(1, 3)")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO project (name) VALUES ('x')",
        "UPDATE project SET name = 'x'",
        "DELETE FROM project",
        "UPDATE sqlite_master SET sql = ''",
        "CREATE TABLE x (a)",
        "CREATE TEMP TABLE x (a)",
        "CREATE VIEW x AS SELECT 1",
        "CREATE INDEX x ON project (rate)",
        "DROP TABLE project",
        "ALTER TABLE project ADD COLUMN x",
        "INSERT INTO notes VALUES ('x')",
        "ATTACH 'other.db' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "ANALYZE",
        "REINDEX",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT x",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 7",
        "PRAGMA journal_mode = WAL",
        "PRAGMA writable_schema = ON",
        "PRAGMA database_list",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM pragma_function_list",
        "SELECT * FROM _cf_KV",
        "SELECT * FROM pragma_table_info('_cf_KV')",
        "SELECT c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c",
        "SELECT 1; SELECT 2",
        "SELECT ?1",
        "SELECT 'a\0b'",
        "SELECT '\ud800'",
        "SELEC 1",
        "",
        "-- nothing",
    ],
)
def test_what_d1_refuses_or_what_writes_is_refused_and_changes_nothing(ask, path, sql):
    before = path.read_bytes()
    with pytest.raises(errors.QueryError):
        ask(sql)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["studio.db"]


@pytest.mark.parametrize("value", [None, float("nan"), float("-inf")])
def test_a_parameter_that_d1_can_not_take_is_refused_here_too(ask, value):
    with pytest.raises(errors.QueryError, match=r"parameter \?2"):
        ask("SELECT ?1, ?2", "x", value)


def test_a_missing_table_or_column_is_named(ask):
    with pytest.raises(errors.MissingTable) as table:
        ask("SELECT * FROM nope")
    with pytest.raises(errors.MissingColumn) as column:
        ask("SELECT p.nope FROM project AS p")
    assert table.value.table == "nope"
    assert column.value.column == "p.nope"


ENDLESS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"


def test_a_query_that_takes_too_long_is_stopped(path):
    with pytest.raises(errors.QueryTimeout, match="shorter period"):
        SQLiteFile(path, seconds=0).fetch([Statement(ENDLESS)])


def test_after_a_stopped_query_the_next_one_is_answered(path):
    database = SQLiteFile(path, seconds=0)
    with pytest.raises(errors.QueryTimeout):
        database.fetch([Statement(ENDLESS)])
    assert database.fetch([Statement("SELECT 1")])[0].rows == [(1,)]


NUMBERS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100000)"
HUGE = f"{NUMBERS} SELECT json_group_array(hex(randomblob(100000))) FROM c"
"""It would put 20 GB together; SQLite has no limit of length while it does."""


def test_a_query_that_would_fill_the_memory_is_stopped(ask):
    with pytest.raises(errors.OutOfMemory, match="Not enough memory for this query"):
        ask(HUGE)


def test_after_a_query_that_would_fill_the_memory_the_next_one_is_answered(ask):
    with pytest.raises(errors.OutOfMemory):
        ask(HUGE)
    assert ask("SELECT 1").rows == [(1,)]


def test_a_query_of_slow_steps_is_stopped_too(path):
    text = "printf('%.*c', 9000 + n % 2, 'x')"
    slow = f"{NUMBERS} SELECT sum(length(replace({text}, 'x', 'yz'))) FROM c"
    with pytest.raises(errors.QueryTimeout):
        SQLiteFile(path, seconds=0).fetch([Statement(slow)])


def test_the_time_limit_is_that_of_d1(path):
    assert limits.SECONDS == 30
    assert SQLiteFile(path)._seconds == limits.SECONDS


@pytest.mark.parametrize(
    "cell",
    ["zeroblob(100000)", "printf('%.*c', 800000, 'x')", "n"],
    ids=["bytes", "text", "numbers"],
)
def test_an_answer_that_would_fill_the_memory_is_refused(ask, monkeypatch, cell):
    monkeypatch.setattr(limits, "ANSWER_BYTES", 4_000_000)
    endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT"
    with pytest.raises(errors.QueryError, match=r"larger than 4 MB\. Request fewer rows"):
        ask(f"{endless} {cell} FROM c")
    assert len(ask(f"{endless} {cell} FROM c LIMIT 4").rows) == 4


# The file


def test_a_missing_file_is_named_and_not_made(tmp_path):
    path = tmp_path / "nowhere.db"
    with pytest.raises(errors.NotADatabase, match=r"nowhere\.db doesn't exist"):
        SQLiteFile(path).fetch([Statement("SELECT 1")])
    assert not path.exists()


@pytest.mark.parametrize(
    "content", [b"name,hours\nOne,2\n" * 99, b"SQLite format 3\0" + b"x" * 999]
)
def test_a_file_of_another_kind_is_named(tmp_path, content):
    path = tmp_path / "hours.csv"
    path.write_bytes(content)
    with pytest.raises(errors.NotADatabase, match=r"hours\.csv is not a readable SQLite database"):
        SQLiteFile(path).fetch([Statement("SELECT * FROM sqlite_master")])


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(errors.NotADatabase, match="not a readable SQLite database"):
        SQLiteFile(tmp_path).fetch([Statement("SELECT 1")])


@given(st.binary(max_size=200), st.binary(max_size=400))
def test_a_damaged_file_is_a_named_error(tmp_path_factory, noise, tail):
    path = tmp_path_factory.getbasetemp() / "damaged.db"
    path.write_bytes(b"SQLite format 3\0" + noise + tail)
    with pytest.raises(errors.DatabaseError):
        SQLiteFile(path).fetch([Statement("SELECT count(*) FROM sqlite_master")])


def test_a_path_may_hold_any_character(tmp_path):
    path = tmp_path / "a b?c#d%20é.db"
    write(path, "CREATE TABLE t (a)")
    assert SQLiteFile(path).fetch([Statement("SELECT count(*) FROM t")])[0].rows == [(0,)]


def test_name_is_the_absolute_path_and_title_the_file_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    database = SQLiteFile("studio.db")
    assert database.name == f"file:{tmp_path}{os.sep}studio.db"
    assert database.title == "File studio.db"
    assert repr(database) == f"SQLiteFile({str(tmp_path / 'studio.db')!r})"


def counted(database, statements=4):
    """The answers, each distinct one once, to a question that is asked several times in a call."""
    count = Statement("SELECT count(*) FROM project")
    return {tuple(rows.rows) for rows in database.fetch([count] * statements)}


@pytest.fixture
def side_by_side(monkeypatch):
    """From now on every call has two connections, and no patience with one."""
    monkeypatch.setattr(sqlite_file, "SIDE_BY_SIDE", 2)
    monkeypatch.setattr(sqlite_file, "PATIENCE", 0)


@pytest.fixture
def meanwhile(monkeypatch):
    """Let a database open two connections a call, and something happen between their beginnings."""

    def between(database, happens):
        real, opened = database._connect, []

        def connect():
            opened.append(real())
            if len(opened) == 2:
                opened[1].set_trace_callback(lambda sql: happens() if sql == "BEGIN" else None)
            return opened[-1]

        monkeypatch.setattr(database, "_connect", connect)

    return between


@pytest.mark.usefixtures("side_by_side")
def test_all_statements_of_a_call_see_one_state(path, meanwhile):
    write(path, "PRAGMA journal_mode = WAL")
    database = SQLiteFile(path)
    meanwhile(database, lambda: write(path, "INSERT INTO project (name) VALUES ('Three')"))
    assert counted(database) == {((2,),)}
    assert counted(SQLiteFile(path)) == {((3,),)}


@pytest.mark.usefixtures("side_by_side")
def test_all_statements_of_a_call_read_one_file(path, tmp_path, monkeypatch):
    write(tmp_path / "new.db", "CREATE TABLE project (id)")
    database = SQLiteFile(path)
    real = database._connect

    def connect_and_let_another_take_its_place():
        connection = real()
        if (tmp_path / "new.db").exists():
            (tmp_path / "new.db").replace(path)
        return connection

    monkeypatch.setattr(database, "_connect", connect_and_let_another_take_its_place)
    assert counted(database) == {((2,),)}
    assert counted(database) == {((0,),)}


@pytest.mark.usefixtures("side_by_side")
def test_statements_of_a_call_are_answered_side_by_side(path, monkeypatch):
    met = Barrier(2, timeout=20)
    real = sqlite_file._answer

    def answer_once_another_is_here(*of):
        met.wait()
        return real(*of)

    monkeypatch.setattr(sqlite_file, "_answer", answer_once_another_is_here)
    assert counted(SQLiteFile(path), statements=2) == {((2,),)}


@pytest.mark.usefixtures("side_by_side")
def test_a_refused_statement_ends_those_beside_it(path):
    refused, endless = Statement("SELECT * FROM nope"), Statement(ENDLESS)
    for statements in ([refused, endless], [endless, refused]):
        with pytest.raises(errors.MissingTable):
            SQLiteFile(path).fetch(statements)


@pytest.mark.usefixtures("side_by_side")
def test_after_a_refused_statement_none_of_the_others_begins(path, monkeypatch):
    begun, real = [], sqlite_file._answer

    def noted(connection, sql, *given):
        begun.append(sql)
        return real(connection, sql, *given)

    monkeypatch.setattr(sqlite_file, "_answer", noted)
    # The longest text is asked first.
    refused = Statement(f"SELECT * FROM nope{' ' * len(ENDLESS)}")
    with pytest.raises(errors.MissingTable):
        SQLiteFile(path).fetch([Statement(ENDLESS)] * 5 + [refused])
    assert len(begun) <= 2


def test_many_threads_may_ask_at_once(path):
    database = SQLiteFile(path)
    statements = [Statement("SELECT count(*) FROM project"), Statement("SELECT ?1", ("x",))]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: database.fetch(statements), range(64)))
    assert {tuple(rows.rows[0] for rows in answer) for answer in answers} == {((2,), ("x",))}


def test_a_file_replaced_by_another_is_read_anew(path, tmp_path):
    database = SQLiteFile(path)
    assert database.fetch([Statement("SELECT count(*) FROM project")])[0].rows == [(2,)]
    write(tmp_path / "new.db", "CREATE TABLE project (id)")
    (tmp_path / "new.db").replace(path)
    assert database.fetch([Statement("SELECT count(*) FROM project")])[0].rows == [(0,)]
