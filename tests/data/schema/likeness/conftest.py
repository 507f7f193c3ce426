"""Suggested mappings on one database or another, as Health gets them."""

import functools
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.subjects import health

NO_OVERRIDE = Path("no-such-file.toml")


@pytest.fixture(scope="session")
def opened():
    """A source on a file."""
    return lambda path, override=NO_OVERRIDE: open_source(SQLiteFile(path), override=override)


@pytest.fixture(scope="session")
def suggested(select):
    """Every suggestion for a source, after a few rows were looked at."""

    def suggested(source, chosen=None):
        selection = chosen or select("30d")
        asked = (health.asks(source, selection.today), health.looks(source))
        statements = [s for one in asked for s in one.values()]
        outcomes = iter(fetch_each(source.database, statements))
        asks, looks = (dict(zip(one, outcomes, strict=False)) for one in asked)
        return health.examine(source, selection, asks, looks).suggestions

    return suggested


@pytest.fixture(scope="session")
def later_source(later_file, opened):
    return opened(later_file)


@pytest.fixture(scope="session")
def later_rows(later_file):
    """Ask it in plain SQL, past everything of the product."""
    with closing(sqlite3.connect(f"file:{later_file}?mode=ro", uri=True)) as connection:
        yield lambda sql, *parameters: connection.execute(sql, parameters).fetchall()


@pytest.fixture(scope="session")
def nameless(demo_file, tmp_path_factory):
    """A copy of the demo whose tables, or columns too, say nothing by their names.

    Returns the file and what each table was called.
    """

    @functools.cache
    def nameless(*, columns=False):
        path = tmp_path_factory.mktemp("nameless") / "nameless.db"
        shutil.copyfile(demo_file, path)
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA legacy_alter_table = ON")
            database.execute("BEGIN")
            names = [name for (name,) in database.execute(_TABLES)]
            for number, name in enumerate(names):
                if columns:
                    found = database.execute(f"PRAGMA table_info({name})").fetchall()
                    for place, column, *_ in found:
                        database.execute(f'ALTER TABLE {name} RENAME "{column}" TO c{place}')
                database.execute(f"ALTER TABLE {name} RENAME TO t{number}")
            database.commit()
        return path, {f"t{number}": name for number, name in enumerate(names)}

    return nameless


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
