"""A text is sent to the database only where it is one statement that does nothing but read."""

import sqlite3
import string
from contextlib import closing, suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meaux.data.database import SQLiteFile, Statement, limits
from meaux.errors import DatabaseError, MissingTable, QueryError, QueryTimeout
from meaux.query.queries import QUERIES, compile_query
from meaux.subjects.health import sql
from meaux.subjects.health.sql import Refused
from meaux.subjects.health.sql.reading import _WRITING

SCHEMA = """
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, "c d" REAL);
CREATE INDEX t_b ON t (b);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIRTUAL TABLE notes USING fts5 (body);
INSERT INTO t VALUES (1, 'x', 1.5), (2, 'y', NULL), (3, 'it''s -- no ; comment', 2.5);
INSERT INTO notes VALUES ('hello world');
"""

HOSTILE = {
    "nothing": ("", "No statement entered"),
    "spaces": (" \n\t", "No statement entered"),
    "a comment": ("-- SELECT 1", "No statement entered"),
    "two statements": ("SELECT 1; SELECT 2", "Only one statement"),
    "a write behind a read": ("SELECT 1; DELETE FROM t", "Only one statement"),
    "a write behind a comment": ("SELECT 1 /* ; */; DELETE FROM t --", "Only one statement"),
    "a write behind a nested comment": ("SELECT 1 /* /* */; DELETE FROM t; -- */", "Only one"),
    "a write behind a line comment": ("SELECT 1 -- x\n; DELETE FROM t", "Only one statement"),
    "a write behind a carriage return": ("SELECT 1 -- x\r; y\n; DELETE FROM t", "Only one"),
    "a write behind a bracket": ("SELECT [a]];DELETE FROM t;--]", "character ']'"),
    "a write behind a quote": ("SELECT 'it''s'; DROP TABLE t", "Only one statement"),
    "a write behind a backslash": ("SELECT 'a\\'; DROP TABLE t; --'", "Only one statement"),
    "a write behind dollars": ("SELECT $$x$$; DROP TABLE t", "character '$'"),
    "a write behind braces": ("SELECT {# #} 1; DROP TABLE t", "character '{'"),
    "insert": ("INSERT INTO t (b) VALUES ('z')", "INSERT is not allowed"),
    "insert in other letters": ("iNsErT INTO t (b) VALUES ('z')", "INSERT is not allowed"),
    "update": ("UPDATE t SET b = 'z'", "UPDATE is not allowed"),
    "delete": ("DELETE FROM t", "DELETE is not allowed"),
    "replace": ("REPLACE INTO t VALUES (1, 'z', 0)", "INTO is not allowed"),
    "create": ("CREATE TABLE z (a)", "CREATE is not allowed"),
    "create as select": ("CREATE TABLE z AS SELECT * FROM t", "CREATE is not allowed"),
    "create temporary": ("CREATE TEMP VIEW z AS SELECT 1", "CREATE is not allowed"),
    "drop": ("DROP TABLE t", "DROP is not allowed"),
    "alter": ("ALTER TABLE t RENAME TO z", "ALTER is not allowed"),
    "a table expression that deletes": (
        "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
        "DELETE is not allowed",
    ),
    "a deletion behind a table expression": (
        "WITH x AS (SELECT 1) DELETE FROM t",
        "DELETE is not allowed",
    ),
    "an insertion behind a table expression": (
        "WITH x AS (SELECT 1) INSERT INTO t (b) SELECT * FROM x RETURNING a",
        "INSERT is not allowed",
    ),
    "a replacement behind a table expression": (
        "WITH x AS (SELECT 9) REPLACE INTO t (a) SELECT * FROM x",
        "INTO is not allowed",
    ),
    "returning": ("UPDATE t SET b = 1 RETURNING a", "UPDATE is not allowed"),
    "a subquery that deletes": (
        "SELECT * FROM (DELETE FROM t RETURNING *)",
        "DELETE is not allowed",
    ),
    "a comment between the words": ("DELETE/**/FROM/**/t", "DELETE is not allowed"),
    "pragma": ("PRAGMA user_version = 7", "PRAGMA is not allowed"),
    "a pragma that reads": ("PRAGMA table_info('t')", "PRAGMA is not allowed"),
    "a pragma as a table": ("SELECT * FROM pragma_table_info('t')", "PRAGMA is not allowed"),
    "a pragma in quotes": ("SELECT * FROM \"pragma_table_info\"('t')", "PRAGMA is not allowed"),
    "a pragma as a text": ("SELECT * FROM 'pragma_database_list'", "PRAGMA is not allowed"),
    "attach": ("ATTACH 'other.db' AS other", "ATTACH is not allowed"),
    "detach": ("DETACH main", "The statement starts with DETACH"),
    "vacuum": ("VACUUM", "VACUUM is not allowed"),
    "vacuum into": ("VACUUM INTO 'copy.db'", "INTO is not allowed"),
    "analyze": ("ANALYZE", "The statement starts with ANALYZE"),
    "reindex": ("REINDEX t", "The statement starts with REINDEX"),
    "begin": ("BEGIN", "The statement starts with BEGIN"),
    "commit": ("COMMIT", "COMMIT is not allowed"),
    "savepoint": ("SAVEPOINT x", "The statement starts with SAVEPOINT"),
    "explain of a write": ("EXPLAIN DELETE FROM t", "DELETE is not allowed"),
    "the plan of a write": ("EXPLAIN QUERY PLAN DELETE FROM t", "DELETE is not allowed"),
    "the program of a read": ("EXPLAIN SELECT 1", "Only EXPLAIN QUERY PLAN"),
    "the plan of a plan": ("EXPLAIN QUERY PLAN EXPLAIN QUERY PLAN SELECT 1", "starts with EXPLAIN"),
    "the plan of nothing": ("EXPLAIN QUERY PLAN", "No statement entered"),
    "an extension": ("SELECT load_extension('evil')", "load_extension is not allowed"),
    "an extension in quotes": (
        "SELECT \"load_extension\"('evil')",
        "load_extension is not allowed",
    ),
    "an extension in brackets": (
        "SELECT [Load_Extension]('evil')",
        "load_extension is not allowed",
    ),
    "an open text": ("SELECT 'a", "Unclosed text: ' has no end"),
    "an open text at the end": ("SELECT 'a''", "Unclosed text: ' has no end"),
    "an open name": ('SELECT "a', 'Unclosed name: " has no end'),
    "an open name in backticks": ("SELECT `a", "Unclosed name: ` has no end"),
    "an open name in brackets": ("SELECT [a", "Unclosed name: [ has no end"),
    "an open comment": ("SELECT 1 /* x", "Unclosed comment: /* has no end"),
    "a nul": ("SELECT 1\0; DELETE FROM t", "Invisible character (U+0000)"),
    "a nul in a text": ("SELECT 'a\0b'", "Invisible character (U+0000)"),
    "text from right to left": ("SELECT '\u202e' || 1", "Invisible character (U+202E)"),
    "half a character": ("SELECT '\ud800'", "Invisible character (U+D800)"),
    "a letter that is none": (
        "\u017fELECT 1",
        "Unexpected character \u017f. Put names in double quotes",
    ),
    "a wide letter": ("\uff33ELECT 1", "Put names in double quotes"),
    "a space that is none": ("SELECT\u00a01", "Put names in double quotes"),
    "a wide semicolon": ("SELECT 1\uff1b DELETE", "Put names in double quotes"),
    "a mark of byte order": ("\ufeffSELECT 1", "Put names in double quotes"),
    "a vertical tab": ("SELECT\x0b1", "Unexpected character"),
    "a backslash": ("SELECT \\1", "Unexpected character"),
    "an end of the wrap": ("SELECT 1) UNION SELECT 2 FROM (SELECT 3", "Syntax error"),
    "an end of the wrap with a limit": ("SELECT 1) LIMIT 5 --", "Syntax error"),
    "parentheses around it": ("(SELECT 1)", "The statement starts with ("),
    "no verb": ("t", "The statement starts with t"),
    "a verb of another database": ("SHOW TABLES", "The statement starts with SHOW"),
    "select into": ("SELECT 1 INTO z", "INTO is not allowed"),
    "for update": ("SELECT * FROM t FOR UPDATE", "UPDATE is not allowed"),
    "a parameter by name": ("SELECT :a", "Parameter :a has no number"),
    "a parameter by at": ("SELECT @a", "Parameter @a has no number"),
    "a parameter by dollar": ("SELECT $a", "Parameter $a has no number"),
    "a parameter without a number": ("SELECT ?", "Parameter ? has no number"),
    "a gap between parameters": ("SELECT ?1, ?3", "without gaps"),
    "parameter zero": ("SELECT ?0", "without gaps"),
    "a hundred and one parameters": (
        f"SELECT {', '.join(f'?{n}' for n in range(1, 102))}",
        "D1 allows 100",
    ),
    "far too long": (f"SELECT '{'a' * limits.SQL_BYTES}'", "limit of 100 kB"),
    "far too deep": (f"SELECT {'(' * 3_000}1{')' * 3_000}", "nested too deeply"),
    "far too deep and open": (f"SELECT {'(' * 3_000}1", "nested too deeply"),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("sql") / "studio.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA synchronous = OFF; {SCHEMA}")
    return path


def rows(path, reading, limit=100, values=()):
    [found] = SQLiteFile(path).fetch([reading.limited(limit, values)])
    return found


@pytest.mark.parametrize(("text", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_what_does_not_only_read_is_refused_with_a_reason(text, reason):
    with pytest.raises(Refused) as refused:
        sql.read(text)
    assert reason in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE.values()], ids=HOSTILE)
def test_past_the_guard_the_file_is_still_not_changed(path, text):
    before = path.read_bytes()
    for statement in (text, f"SELECT * FROM (\n{text}\n) LIMIT 9", f"EXPLAIN QUERY PLAN {text}"):
        try:
            SQLiteFile(path).fetch([Statement(statement, ())])
        except DatabaseError:
            continue
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


READING = [
    "SELECT 1",
    "select a from t;",
    "SELECT 1 ; -- the end",
    "VALUES (1, 'a'), (2, 'b')",
    "WITH c AS (SELECT a FROM t) SELECT * FROM c",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 5) SELECT n FROM c",
    "WITH c AS NOT MATERIALIZED (SELECT 1) SELECT * FROM c",
    "SELECT b AS 'name', \"c d\", [c d], `c d` FROM main.t AS t -- a comment; with 'signs\nWHERE a",
    "SELECT /* a comment ; DELETE */ 'DELETE FROM t; --' AS \"DROP TABLE\"",
    "SELECT 'it''s', x'00ff', 1.5e3, .5, 0x1F, -1, NULL, 'naïve 日本 😀'",
    "SELECT replace(b, 'x', 'y'), b LIKE '%;%' ESCAPE '\\', b GLOB '[a-z]*' FROM t",
    "SELECT count(*) FILTER (WHERE a > 1), group_concat(b, ';') FROM t GROUP BY a % 2 HAVING 1",
    "SELECT a, sum(a) OVER (PARTITION BY b ORDER BY a ROWS 1 PRECEDING) FROM t LIMIT 2, 1",
    "SELECT rank() OVER w FROM t WINDOW w AS (ORDER BY a)",
    "SELECT t.a FROM t LEFT JOIN t AS u USING (a) CROSS JOIN v WHERE EXISTS (SELECT 1) ORDER BY 1",
    "SELECT a FROM t UNION SELECT a FROM v EXCEPT SELECT 9 ORDER BY 1",
    "SELECT CASE WHEN a = 1 THEN 'one' ELSE iif(a > 2, 'many', 'two') END FROM t ORDER BY a",
    "SELECT value, key FROM json_each('{\"a\": [1, 2]}')",
    "SELECT '{\"a\": 1}' -> 'a', '{\"a\": 1}' ->> '$.a', CAST('7' AS INTEGER), 1 << 2 | 1 & ~0",
    "SELECT body FROM notes WHERE notes MATCH 'hello' ORDER BY bm25(notes)",
    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
    "SELECT date('now', '-1 day') < CURRENT_DATE, unixepoch() > 0, strftime('%Y', 0, 'unixepoch')",
    "SELECT a FROM t WHERE b IS NOT NULL AND b NOTNULL AND a IN (1, 2) AND a BETWEEN 0 AND 9",
    "SELECT (SELECT max(a) FROM t), a = 1 COLLATE NOCASE FROM t INDEXED BY t_b WHERE b > ''",
    "SELECT DISTINCT b FROM t ORDER BY b DESC NULLS LAST",
    "EXPLAIN QUERY PLAN SELECT * FROM t WHERE a = 1",
    "explain /* it */ query plan\nWITH c AS (SELECT 1) SELECT * FROM c;",
]


@pytest.mark.parametrize("text", READING)
def test_what_reads_is_answered_as_sqlite_answers_it(path, text):
    with closing(sqlite3.connect(path)) as connection:
        expected = connection.execute(text).fetchall()
    found = rows(path, sql.read(text))
    assert [tuple(bytes(c) if isinstance(c, list) else c for c in row) for row in found.rows] == [
        tuple(row) for row in expected
    ]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_every_query_of_the_product_is_one_that_reads(demo_source, select, query):
    chosen = select("30d", teams=("x",), projects=("y",), people=("z",))
    page = {"limit": 5, "names": '["a"]'}
    statement = compile_query(query, demo_source.binding, chosen, page).statement
    reading = sql.read(statement.sql)
    assert reading.parameters == len(statement.params)
    plain = demo_source.database.fetch([statement])[0].rows
    inside = demo_source.database.fetch([reading.limited(10_000, statement.params)])[0].rows
    assert inside == plain[:10_000]


@pytest.mark.parametrize("word", sorted(_WRITING))
def test_a_word_that_is_refused_is_no_name_in_sqlite(word):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f'CREATE TABLE t ("{word}")')
        for text in (f"SELECT {word} FROM t", f"SELECT t.{word} FROM t", f"SELECT 1 AS {word}"):
            with pytest.raises(sqlite3.OperationalError, match="syntax error"):
                connection.execute(text)
        assert connection.execute(f'SELECT "{word}" FROM t').fetchall() == []
    assert sql.read(f'SELECT "{word}" FROM t').sql


# What passes, run as D1 would: every statement of the text, and here on a database that may write.

PIECES = (
    "SELECT a FROM t",
    "WITH c AS (",
    ") SELECT 1",
    "DELETE FROM t",
    "INSERT INTO t (b) VALUES ('z')",
    "UPDATE t SET b = 1",
    "DROP TABLE t",
    "REPLACE INTO t VALUES (1, 2, 3)",
    "PRAGMA user_version = 7",
    "ATTACH 'x' AS y",
    "RETURNING *",
    "EXPLAIN QUERY PLAN",
    "UNION ALL",
    "VALUES (1)",
    *("'", "''", '"', "`", "[", "]", "--", "-- x\n", "/*", "*/", "/* x */", ";", "(", ")", ","),
    *("\n", "\r", "\t", " ", "\0", "\x0b", "\u00a0", "\u017f", "\u202e", "é", "{", "}", "{#", "#}"),
    *("$$", "$a", ":a", "@a", "?1", "?", "\\", "x'00'", "[a]", '"a"', "`b`", "1", "a", "*", "AS"),
)
WRITING_ACTIONS = {
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_DELETE,
    sqlite3.SQLITE_CREATE_TABLE,
    sqlite3.SQLITE_CREATE_VIEW,
    sqlite3.SQLITE_DROP_TABLE,
    sqlite3.SQLITE_ALTER_TABLE,
    sqlite3.SQLITE_ATTACH,
    sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
}


class Writable:
    """A database in memory that notes what a text would write, and forbids it."""

    def __init__(self):
        self.written = []
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.executescript("CREATE TABLE t (a, b, c); INSERT INTO t VALUES (1, 2, 3);")
        self.connection.set_authorizer(self._verdict)
        self.connection.set_progress_handler(lambda: 1, 100_000)

    def _verdict(self, action, first, *_):
        writes = action in WRITING_ACTIONS
        writes |= action == sqlite3.SQLITE_UPDATE and first != "sqlite_master"
        if writes:
            self.written.append((action, first))
        return sqlite3.SQLITE_DENY if writes else sqlite3.SQLITE_OK

    def run(self, text):
        try:
            self.connection.executescript(text)
        except (sqlite3.Error, ValueError):
            return


@pytest.fixture(scope="module")
def writable():
    database = Writable()
    yield database
    database.connection.close()


def test_the_writable_database_notices_what_is_written(writable):
    for text in ("SELECT 1; DELETE FROM t", "UPDATE t SET a = 1", "PRAGMA user_version = 7"):
        writable.run(text)
        assert writable.written
        writable.written.clear()


@settings(max_examples=500)
@given(
    text=st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
    | st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join).map("SELECT 1 ".__add__)
    | st.text(alphabet=st.sampled_from("SELECT1 '\"`[]-/*;()\n" + string.ascii_lowercase))
)
@example("SELECT 1 /* /* */; DELETE FROM t; -- */")
@example("SELECT [a]];DELETE FROM t;--]")
@example("WITH c AS (SELECT 1) SELECT 1 ; DELETE FROM t")
def test_what_passes_writes_nothing_even_where_it_could(writable, path, text):
    before = path.read_bytes()
    try:
        reading = sql.read(text)
    except Refused:
        return
    for statement in (reading.limited(5), reading.plan(5)):
        writable.run(statement.sql)
    with suppress(QueryError):
        SQLiteFile(path).fetch([reading.limited(5, ["1"] * reading.parameters)])
    assert writable.written == []
    assert path.read_bytes() == before


# What is sent


def test_a_limit_ends_the_rows(path):
    endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
    assert rows(path, sql.read(endless), 3).rows == [(1,), (2,), (3,)]


def test_what_never_ends_is_stopped(path):
    endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c"
    statement = sql.read(endless).limited(1)
    with pytest.raises(QueryTimeout):
        SQLiteFile(path, seconds=0).fetch([statement])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT zeroblob(2000000) AS b FROM json_each(?1)",
        "SELECT printf('%.*c', 2000000, 'x') AS b FROM json_each(?1)",
    ],
)
def test_an_answer_that_would_fill_the_memory_is_refused(path, text):
    reading = sql.read(text)
    with pytest.raises(QueryError, match="larger than 32 MB"):
        rows(path, reading, 10_000, [str([1] * 1_000)])
    assert len(rows(path, reading, 1, [str([1] * 1_000)]).rows) == 1


def test_the_order_of_the_statement_is_that_of_the_rows(path):
    found = rows(path, sql.read("SELECT a FROM t ORDER BY b DESC"))
    assert found.rows == [(2,), (1,), (3,)]


def test_columns_keep_their_names_and_those_that_share_one_are_told_apart(path):
    found = rows(path, sql.read('SELECT count(*), t.a, b AS "c d", a FROM t GROUP BY a'))
    assert found.columns == ("count(*)", "a", "c d", "a:1")


def test_values_are_bound_as_text(path):
    reading = sql.read("SELECT a FROM t WHERE a = ?2 AND b <> ?1 AND ?2 = '1'")
    assert reading.parameters == 2
    assert rows(path, reading, values=("y", "1")).rows == [(1,)]


def test_comments_are_not_sent(path):
    reading = sql.read("SELECT 1 -- one\n, /* two */ 'three -- /* four */' ;")
    assert "one" not in reading.sql
    assert "two" not in reading.sql
    assert rows(path, reading).rows == [(1, "three -- /* four */")]


def test_a_missing_table_is_named_by_the_database(path):
    with pytest.raises(MissingTable):
        rows(path, sql.read("SELECT * FROM nope"))


def test_a_plan_is_told_and_nothing_is_run(path):
    reading = sql.read("EXPLAIN QUERY PLAN SELECT * FROM t")
    assert reading.explains
    assert rows(path, reading).rows[0][-1] == "SCAN t"
