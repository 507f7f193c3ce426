"""The mirror of a real D1 has its rows exactly, and D1 reads each of them once."""

import sqlite3
from contextlib import closing

import pytest

from meaux.data.database import SQLiteFile, Statement
from meaux.data.schema import read_model
from meaux.data.source import open_source, schema_of
from meaux.warehouse import Mirror

pytestmark = pytest.mark.d1


def rows(path):
    with closing(sqlite3.connect(path)) as database:
        made = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT {}"
        names = [name for (name,) in database.execute(made.format("LIKE '\\_cf%' ESCAPE '\\'"))]
        return {
            name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in names
        }


def test_every_cell_comes_as_it_is_stored(local_d1, live_file, no_override, tmp_path):
    with closing(local_d1.open("LIVE")) as d1:
        catalog = schema_of(d1).catalog()
        mirror = Mirror(tmp_path / "mirror.db", d1, read_model(), catalog)
        assert not mirror.update()
        there = open_source(d1, no_override)
        [told] = d1.fetch([Statement("SELECT 1")])
    assert told.meta.size >= mirror.path.stat().st_size / 4
    read = rows(mirror.path)
    source = rows(live_file)
    assert read == {name: source[name] for name in read}
    assert read["time_entries"]
    here = open_source(SQLiteFile(mirror.path), no_override)
    assert here.binding.fingerprint == there.binding.fingerprint
    stored = sum(len(read[name]) for name in read if catalog.tables[name].kind == "table")
    assert stored <= mirror.allowance.used <= 2 * stored + len(source) * 10
