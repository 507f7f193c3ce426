"""Workflows, email and logs, asked of the demo or of a database that a test writes."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from meaux import events
from meaux.answers import ask
from meaux.database import SQLiteFile, fetch_each
from meaux.events import View
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
def asked(demo_source):
    """The answers to asks by name, in one fetch, of the demo or of another source.

    An ask that is None stays None.
    """

    def asked(asks, source=demo_source):
        wanted = {name: entry for name, entry in asks.items() if entry is not None}
        found = ask(
            list(wanted.values()),
            source.binding,
            lambda statements: fetch_each(source.database, statements),
        )
        return SimpleNamespace(**{**dict.fromkeys(asks), **dict(zip(wanted, found, strict=True))})

    return asked


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
def turned(asked):
    """Every page of the log, from the newest record to the oldest."""

    def turned(source, selection, view=View()):  # noqa: B008  it is frozen
        start = {}
        while start is not None:
            found = events.page(asked(events.asks(selection, view, start), source), view, start)
            yield found.answer
            start = found.older

    return turned
