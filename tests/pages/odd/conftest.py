"""Files of odd databases."""

import functools
import shutil
import sqlite3
from contextlib import closing

import pytest
from odd_databases import DATABASES, plain


@pytest.fixture(scope="session")
def odd_file(demo_file, tmp_path_factory):
    """The file of a database that is odd in one way or in several, by their names."""

    @functools.cache
    def odd_file(*names):
        path = tmp_path_factory.mktemp("odd") / f"{'_'.join(names)}.db"
        shutil.copyfile(demo_file, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA legacy_alter_table = ON")
            database.execute("BEGIN")
            plain(database)
            for name in names:
                if name != "plain":
                    DATABASES[name](database)
            database.execute("COMMIT")
        return path

    return odd_file


@pytest.fixture
def mapping(empty_caches, tmp_path):  # noqa: ARG001  what is open was read without it
    """Have the databases that are opened from now on be read by a mapping of one's own."""

    def mapping(lines):
        path = tmp_path / "no-schema.toml"
        path.write_text(lines, encoding="utf-8")
        return path

    return mapping
