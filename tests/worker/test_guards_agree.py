"""The gateway's guard judges every statement as the SQL console's does."""

import json
import random
import shutil
import subprocess

import pytest
from subjects.health.sql.test_reading_only import HOSTILE, PIECES, READING
from worker.conftest import HERE, PROGRAMS, WORKER, need_node

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
    need_node()
    folder = tmp_path_factory.mktemp("guard")
    bundle = f"--outfile={folder / 'guard.bundle.mjs'}"
    command = [PROGRAMS / "esbuild", HERE / "guard.ts", "--bundle", "--format=esm", bundle]
    subprocess.run(command, cwd=WORKER, check=True, capture_output=True)
    shutil.copy(HERE / "guard.mjs", folder)

    def verdicts(statements):
        lines = "\n".join(map(json.dumps, statements))
        told = subprocess.run(
            [shutil.which("node"), folder / "guard.mjs"],
            input=lines,
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in told.stdout.splitlines()]

    return verdicts


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
