"""A table or view that the database can't read takes nothing with it, and is named."""

import sqlite3
from contextlib import closing

import pytest
from faulty import TOKEN, FaultyD1

from meaux.data.database import D1, SQLiteFile
from meaux.data.source import open_source
from meaux.subjects import health

BESIDE = """
CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, status TEXT);
INSERT INTO projects VALUES ('p1', 'One', 'active');
CREATE VIEW teams AS SELECT 'red' AS id, 'Red' AS name;
CREATE VIRTUAL TABLE notes USING fts5 (body);
"""


def virtual(name, module):
    """SQL that leaves a virtual table in the schema, whose module nobody loads."""
    made = f"CREATE VIRTUAL TABLE {name} USING {module} (id, name)"
    return (
        "PRAGMA writable_schema = ON; INSERT INTO sqlite_master VALUES "
        f"('table', '{name}', '{name}', 0, '{made}'); PRAGMA writable_schema = RESET;"
    )


# What is in the schema, what of it is left out, and of what the reason tells.
UNREADABLE = {
    "a virtual table": (virtual("places", "gone_tree"), {"places": "gone_tree"}),
    "two of one module": (
        virtual("places", "gone_tree") + virtual("areas", "gone_tree"),
        {"places": "gone_tree", "areas": "gone_tree"},
    ),
    "two of two modules": (
        virtual("places", "gone_tree") + virtual("words", "gone_search"),
        {"places": "gone_tree", "words": "gone_search"},
    ),
    "a view of a virtual table, and one of that": (
        "CREATE VIEW near AS SELECT * FROM places; CREATE VIEW nearer AS SELECT * FROM near;"
        + virtual("places", "gone_tree"),
        {"places": "gone_tree", "near": "gone_tree", "nearer": "gone_tree"},
    ),
    "a view of a table that is gone": (
        "CREATE VIEW users AS SELECT * FROM long_gone;",
        {"users": "long_gone"},
    ),
    "a view of a function that is gone": (
        "CREATE VIEW users AS SELECT gone_function(id) AS id FROM projects;",
        {"users": "gone_function"},
    ),
    "a view and a virtual table": (
        "CREATE VIEW users AS SELECT * FROM long_gone;" + virtual("places", "gone_tree"),
        {"users": "long_gone", "places": "gone_tree"},
    ),
}
by_kind = pytest.mark.parametrize(("script", "lacking"), UNREADABLE.values(), ids=list(UNREADABLE))


@pytest.fixture
def file_of(tmp_path):
    def file_of(script):
        path = tmp_path / "unreadable.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; {BESIDE} {script}")
        return path

    return file_of


@pytest.fixture(params=["file", "d1"])
def opened(request, file_of):
    """Open what a script writes as a file, and behind a D1 that says what SQLite says."""
    servers = []

    def opened(script):
        path = file_of(script)
        if request.param == "file":
            return open_source(SQLiteFile(path))
        servers.append(FaultyD1(path))
        return open_source(D1("an-account", "a-database", TOKEN, servers[-1].url))

    yield opened
    for server in servers:
        server.close()


@by_kind
def test_it_alone_is_left_out_and_all_others_are_read(opened, script, lacking):
    source = opened(script)
    assert {"projects", "teams", "notes"} <= source.catalog.tables.keys()
    assert not lacking.keys() & source.catalog.tables.keys()
    assert source.binding.tables["project"].physical == "projects"
    assert source.binding.tables["team"].physical == "teams"


@by_kind
def test_it_is_named_with_what_it_lacks(opened, script, lacking):
    source = opened(script)
    assert source.catalog.left_out.keys() == lacking.keys()
    for name, what in lacking.items():
        assert what in source.catalog.left_out[name]
    assert {fault.entry for fault in source.faults} == lacking.keys()
    for fault in source.faults:
        assert fault.sentence.startswith("the schema, ")
        assert fault.sentence.endswith(".")


def test_a_table_of_the_model_says_why_it_can_not_be_read(opened):
    source = opened(virtual("users", "gone_tree"))
    needed = source.binding.lacks("person")
    assert needed == "the table users, which the database can't read (no such module: gone_tree)"


def test_health_tells_what_is_left_out(opened, select):
    source = opened(virtual("places", "gone_tree"))
    found = health.examine(source, select(), {})
    assert [fault.entry for fault in found.faults] == ["places"]
    assert "Invalid: 1 entry in the schema" in " ".join(health.advice(found))


def test_of_more_than_can_be_told_apart_all_that_may_be_unreadable_is_left_out(opened):
    source = opened("".join(virtual(f"place_{n}", f"gone_{n}") for n in range(5)))
    assert "projects" in source.catalog.tables
    assert len(source.catalog.left_out) == 7
