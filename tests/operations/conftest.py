"""Workflows, email and logs, asked of the demo or of a database that a test writes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from meaux import events
from meaux.database import SQLiteFile
from meaux.events import Trail, View
from meaux.source import open_source


def literal(value):
    """A value as SQL."""
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


@pytest.fixture(scope="session")
def table():
    """A script that makes a table with such columns and rows."""

    def table(name, columns, *rows):
        values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
        inserted = f"INSERT INTO {name} VALUES {values};" if rows else ""
        return f"CREATE TABLE {name} ({columns}); {inserted}"

    return table


@pytest.fixture(scope="session")
def open_script(tmp_path_factory):
    """A source on what a script writes; the next script takes its place."""
    path = tmp_path_factory.mktemp("script") / "written.db"

    def open_script(script):
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(f"BEGIN; {script} COMMIT;")
        return open_source(SQLiteFile(path), override=Path("no-such-file.toml"))

    return open_script


@pytest.fixture(scope="session")
def turned(met):
    """Every page of the log, from the newest record to the oldest."""

    def turned(source, selection, view=View()):  # noqa: B008  it is frozen
        trail = Trail(selection, view, [{}])
        while True:
            found = met(events.OpenPage, selection, source, controls=[trail])
            yield found.answer
            if found.older is None:
                return
            trail.older(found.older)

    return turned
