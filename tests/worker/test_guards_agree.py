"""The gateway's guard judges every statement as the SQL console's does."""

import random
import sqlite3
from contextlib import closing

import pytest
from hypothesis import strategies as st
from subjects.health.sql.test_reading_only import HOSTILE, PIECES, READING, SCHEMA
from worker.conftest import in_node

from meaux.data.database.limits import SQL_BYTES
from meaux.data.schema.catalog import introspection, makers
from meaux.query.queries import QUERIES, compile_query
from meaux.subjects.health import sql
from meaux.subjects.health.sql import Refused

EXAMPLES = {"short": 3_000, "long": 100_000}
LONGEST = 12
PARSER = ("Syntax error", "nested too deeply", "can't be parsed", "Only one read-only statement")
"""Reasons of the console's parser, which the gateway leaves to D1: none of these can write."""
NEAR_THE_LIMIT = 200
CHARACTERS = "SELECT1?2 '\"`[]-/*;()\n{}$:@\\abcINTOset_.,é"


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """A function that returns the reason to refuse each statement, None for what passes."""
    with in_node(tmp_path_factory.mktemp("guard"), "guard.ts") as verdict:
        yield lambda statements: list(map(verdict, statements))


def consoles(text):
    try:
        sql.read(text)
    except Refused as refused:
        return str(refused)
    return None


def plain(reason):
    """A reason without the name of who refuses."""
    told = reason.replace("this console", "the gateway")
    told = told.removesuffix(" See the Catalog tab for tables, columns and indexes.")
    # The console leaves out what looks like a folder.
    return "The statement starts" if told.startswith("The statement starts") else told


def differences(statements, judge):
    """The statements whose verdicts differ, with both."""
    both = [
        (consoles(text), gate) for text, gate in zip(statements, judge(statements), strict=True)
    ]
    return [(text, *two) for text, two in zip(statements, both, strict=True) if not agree(*two)]


def agree(console, gateway):
    """Whether both pass or refuse for one reason; the console's parser may find one of its own."""
    if console is None:
        return gateway is None
    if any(map(console.__contains__, PARSER)):
        return True
    return gateway is not None and plain(console) == plain(gateway)


def test_the_guards_agree_on_what_is_hostile(judge):
    statements = [text for text, _ in HOSTILE.values() if len(text) < SQL_BYTES]
    assert differences(statements, judge) == []


def test_the_guards_agree_on_what_reads(judge):
    assert judge(READING) == [None] * len(READING)


def test_a_statement_that_d1_finds_too_long_is_refused(judge):
    assert judge([f"SELECT '{'a' * SQL_BYTES}'"]) == [
        "The statement is longer than D1's limit of 100 kB."
    ]
    assert judge([f"SELECT '{'a' * (SQL_BYTES - NEAR_THE_LIMIT)}'"]) == [None]


def test_what_the_dashboard_asks_passes(judge, demo_source, select):
    chosen = select("30d", teams=("x",), projects=("y",), people=("z",))
    page = {"limit": 5, "names": '["a"]'}
    queries = [
        compile_query(query, demo_source.binding, chosen, page).statement
        for query in QUERIES.values()
    ]
    schema = [*introspection({"a view": ""}), makers()]
    asked = [statement.sql for statement in (*queries, *schema)]
    assert judge(asked) == [None] * len(asked)


@pytest.mark.parametrize(
    "length", [EXAMPLES["short"], pytest.param(EXAMPLES["long"], marks=pytest.mark.soak)]
)
def test_the_guards_agree_on_made_up_statements(judge, length):
    made = random.Random(length)  # noqa: S311
    statements = [a_statement(made) for _ in range(length)]
    assert differences(statements, judge) == []
    assert 0 < sum(verdict is None for verdict in judge(statements)) < length


def a_statement(made):
    kind = made.randrange(4)
    if kind == 0:
        return "".join(made.choices(CHARACTERS, k=made.randrange(40)))
    if kind == 1:
        known = made.choice(READING)
        place = made.randrange(len(known) + 1)
        return known[:place] + made.choice(PIECES) + known[place + made.randrange(3) :]
    pieces = made.choices(PIECES, k=made.randrange(1, LONGEST))
    return ("SELECT 1 " if kind == 2 else "") + (" " if kind == 2 else "").join(pieces)


# What passes, run by SQLite where it could write.

TABLES = (
    *("t", "main.t", '"t"', "[t]", "`t`", "'t'", "v", "notes", "sqlite_master"),
    *("json_each('[1]')", "pragma_table_list", "pragma_table_xinfo('t')", "pragma_user_version"),
    *("'pragma_user_version'", "main.'pragma_user_version'", '"pragma_journal_mode"'),
    *("(DELETE FROM t RETURNING *)", "(VALUES (1))", "(SELECT a FROM t)", "fts3_tokenizer('x')"),
)
VALUES = (
    *("1", "'x'", "x'00'", "NULL", "?1", "a", "t.a", '"c d"', "*", "count(*)", "total_changes()"),
    *("load_extension('x')", "fts3_tokenizer('x', x'00')", "replace(b, 'x', 'y')", "(SELECT 1)"),
    *("EXISTS (SELECT a FROM t)", "CASE WHEN 1 THEN 2 END", "json('[1]') -> 0"),
)
ENDINGS = (
    *("", ";", "; --", " WHERE a", " LIMIT 1", " ORDER BY 1", " UNION SELECT 1", " RETURNING *"),
    *("; DELETE FROM t", " ON CONFLICT DO NOTHING", " INTO t", "; PRAGMA user_version = 7"),
    *("\n--;\n", " /* ; */", " JOIN t AS u USING (a)", ", 'pragma_user_version'", " GROUP BY a"),
)
SCHEMA_PRAGMAS = {"index_info", "index_list", "table_info", "table_list", "table_xinfo"}
HARMLESS = {sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION}
HARMLESS.add(sqlite3.SQLITE_RECURSIVE)
FEWEST_RUN = 0.1

selects = st.tuples(
    st.sampled_from(["", "WITH c AS (SELECT 1) ", "WITH c AS (DELETE FROM t RETURNING *) "]),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(", ".join),
    st.sampled_from(TABLES),
    st.sampled_from(ENDINGS),
).map(lambda parts: "{}SELECT {} FROM {}{}".format(*parts))
known = st.sampled_from(READING) | selects
put_in = st.tuples(known, st.sampled_from(PIECES), st.floats(0, 1)).map(
    lambda parts: at_share(*parts)
)
cut = st.tuples(known, known, st.floats(0, 1)).map(
    lambda parts: parts[0][: int(len(parts[0]) * parts[2])] + parts[1]
)
loose = st.lists(st.sampled_from((*PIECES, *TABLES, *VALUES)), max_size=8).map(" ".join)
statements = selects | put_in | cut | loose.map("SELECT 1 ".__add__)


def at_share(text, piece, share):
    place = int(len(text) * share)
    return text[:place] + piece + text[place:]


class Scratch:
    """A database that anybody may write to, and that notes what a statement would do."""

    def __init__(self):
        self.noted = []
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.executescript(SCHEMA)
        self.connection.set_authorizer(self._note)
        self.connection.set_progress_handler(lambda: 1, 100_000)
        self._changes = self.connection.total_changes

    def _note(self, action, first, second, *_):
        reads_pragma = action == sqlite3.SQLITE_PRAGMA and (
            second is None or first in SCHEMA_PRAGMAS
        )
        # SQLite itself does that where a table is a function.
        declares = (action, first) == (sqlite3.SQLITE_UPDATE, "sqlite_master")
        if not (action in HARMLESS or reads_pragma or declares):
            self.noted.append((action, first, second))
        return sqlite3.SQLITE_OK

    def run(self, text):
        """Run all of a text; return whether SQLite accepts it."""
        self.noted.clear()
        try:
            self.connection.executescript(text)
        except sqlite3.Error:
            return False
        return True

    def is_unchanged(self):
        return not self.noted and self.connection.total_changes == self._changes


@pytest.fixture
def scratch():
    database = Scratch()
    with closing(database.connection):
        yield database


def test_the_scratch_database_notices_what_is_written():
    for text in ("SELECT 1; DELETE FROM t", "PRAGMA user_version = 7", "CREATE TABLE x (a)"):
        database = Scratch()
        assert database.is_unchanged()
        database.run(text)
        assert not database.is_unchanged()
        database.connection.close()


@pytest.mark.examples(400, 100_000)
def test_what_passes_writes_nothing_and_the_console_agrees(fuzz, examples, judge, scratch):
    ran = []

    def check(text):
        [verdict] = judge([text])
        if "pragma" not in text.lower():
            assert agree(consoles(text), verdict), (consoles(text), verdict)
        if verdict is None:
            ran.append(scratch.run(text))
            assert scratch.is_unchanged(), scratch.noted

    fuzz(check, examples, text=statements)
    assert sum(ran) > FEWEST_RUN * examples
