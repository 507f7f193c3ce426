"""The copy on ClickHouse has the rows that the pages count, whatever happened while loading."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import clickhouse_connect
import pytest
from copies import (
    NO_MAPPING,
    changed,
    contents,
    loaded,
    sums_at_the_source,
    sums_of_the_copy,
)
from messy import MESSY

from meaux.data.database import Loaded, SQLiteFile, Statement
from meaux.data.database.clickhouse import ClickHouse, Place
from meaux.data.source import open_source
from meaux.data.warehouse import EVIDENCE, LOADS, RUNS, Evidence
from meaux.data.warehouse.address import Address
from meaux.errors import MissingColumn, TargetError
from meaux.warehouse import Copied, Reader, Target, load
from meaux.warehouse.target import NEXT, OLD, PART

HERE = Path(__file__).parent
ODD = """
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT, slug TEXT, deleted_at TEXT);
INSERT INTO projects VALUES
 (1, 'Alpha', 'alpha', NULL), (2, 'Beta', 'beta', NULL), (3, 'Gone', 'gone', '2026-01-01');
CREATE TABLE time_entries (id INTEGER PRIMARY KEY, project TEXT, started_at, hours, cost REAL);
INSERT INTO time_entries VALUES
 (1, 'alpha', '2026-10-02T09:00:00.250Z', 1, 10), (2, 'beta', 1795255200, '2,5', 20),
 (3, 'gone', '2026-11-03', 'much', 30), (4, NULL, NULL, 4, 40), (5, 'alpha', 'soon', 5, 50),
 (6, 'beta', '2026-12-31T23:30:00-05:00', 6, 60);
CREATE TABLE ai_cost_tracking (
 id INTEGER PRIMARY KEY, model, cost_usd REAL, status TEXT, created_at TEXT
);
INSERT INTO ai_cost_tracking VALUES
 (1, X'6f70', 8, 'refunded', '2026-09-30 10:00:00'), (2, 7, 3, NULL, '2026-10-30 10:00:00');
"""


def written(path, script):
    with closing(sqlite3.connect(path)) as database:
        database.executescript(f"PRAGMA synchronous = OFF; {script}")
    return path


@pytest.fixture(scope="module")
def client(chdb_folder):
    return clickhouse_connect.get_client(interface="chdb", path=chdb_folder)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("loaded")
    return {
        "messy": written(folder / "messy.db", MESSY),
        "odd": written(folder / "odd.db", ODD),
    }


@pytest.fixture
def odd(tmp_path):
    return written(tmp_path / "odd.db", ODD)


@pytest.fixture
def address(chdb_folder, request, client):
    name = "loading_" + str(abs(hash(request.node.name)))
    yield Address(folder=chdb_folder, database=name)
    client.command(f"DROP DATABASE IF EXISTS {name} SYNC")


@pytest.mark.parametrize("name", ["messy", "odd"])
def test_each_table_has_the_rows_and_amounts_of_the_source(name, files, client, address):
    loaded(files[name], address)
    source = sums_at_the_source(files[name])
    copy = sums_of_the_copy(client, files[name], address.database)
    assert copy.keys() == source.keys()
    for table, sums in source.items():
        assert copy[table] == pytest.approx(sums), table


def test_what_is_odd_is_settled_once(files, client, address):
    loaded(files["odd"], address)
    rows = client.query(
        "SELECT project, toString(started), started_timed, seconds, seconds_unread, loaded_month "
        f"FROM {address.database}.time_entry ORDER BY cost"
    ).result_rows
    assert rows == [
        ("1", "2026-10-02 09:00:00.000", 1, 3600, 0, 202610),
        ("2", "2026-11-21 10:00:00.000", 1, 9000, 0, 202611),
        ("3", "2026-11-03 00:00:00.000", 0, None, 1, 202611),
        (None, None, 1, 14400, 0, 0),
        ("1", None, 1, 18000, 0, 0),
        ("2", "2027-01-01 04:30:00.000", 1, 21600, 0, 202701),
    ]
    assert client.query(
        f"SELECT name, name_plain, gone FROM {address.database}.project ORDER BY id"
    ).result_rows == [
        ("Alpha", "Alpha", 0),
        ("Beta", "Beta", 0),
        ("Gone (deleted)", "Gone", 1),
    ]


def test_the_stored_evidence_binds_like_the_source(files, client, address):
    loaded(files["odd"], address)
    [(stored,)] = client.query(
        f"SELECT evidence FROM {address.database}.{EVIDENCE} FINAL"
    ).result_rows
    opened = open_source(SQLiteFile(files["odd"]), NO_MAPPING)
    _, binding = Evidence.read(stored).bound(opened.binding.model)
    assert binding.fingerprint == opened.binding.fingerprint


CHANGES = {
    "a new row": ("INSERT INTO time_entries VALUES (7, 'beta', 1795255300, 1, 1)", "time_entry"),
    "a deleted row": ("DELETE FROM time_entries WHERE id = 2", "time_entry"),
    "the only row of a month": ("DELETE FROM time_entries WHERE id = 6", ""),
    "an amount that nobody noted": ("UPDATE time_entries SET cost = 11 WHERE id = 1", "time_entry"),
    "another month": ("UPDATE time_entries SET started_at = '2026-08-01' WHERE id = 1", ""),
    "a renamed lookup": ("UPDATE projects SET slug = 'beta2' WHERE id = 2", "time_entry"),
    "a refund": (
        "INSERT INTO ai_cost_tracking VALUES (3, X'6f70', -8, 'refunded', '2026-11-02')",
        "",
    ),
    "no row left": ("DELETE FROM ai_cost_tracking", ""),
}
CHECKED = ("a refund", "no row left")
"""After which changes the copy is compared with one that is loaded from nothing."""


def test_every_change_at_the_source_is_in_the_copy_after_the_next_load(odd, client, address):
    fresh = Address(folder=address.folder, database=address.database + "_fresh")
    loaded(odd, address)
    for said, (change, table) in CHANGES.items():
        changed(odd, change)
        outcome = loaded(odd, address)
        assert table in {*outcome.tables, ""}, said
        if said in CHECKED:
            client.command(f"DROP DATABASE IF EXISTS {fresh.database} SYNC")
            loaded(odd, fresh)
            assert contents(client, address.database) == contents(client, fresh.database), said
    assert loaded(odd, address).months == 0
    client.command(f"DROP DATABASE {fresh.database} SYNC")


def test_only_months_that_changed_are_loaded(odd, address):
    assert loaded(odd, address).months > 5
    changed(odd, "UPDATE time_entries SET cost = 11 WHERE id = 1")
    outcome = loaded(odd, address)
    assert (outcome.tables, outcome.months) == ({"time_entry": 1, "activity": 1}, 2)


def test_a_table_with_other_columns_takes_its_place_when_it_is_complete(odd, client, address):
    loaded(odd, address)
    changed(odd, "ALTER TABLE time_entries ADD COLUMN note TEXT DEFAULT 'new'")
    loaded(odd, address)
    assert client.query(
        f"SELECT count(), countIf(note = 'new') FROM {address.database}.time_entry"
    ).result_rows == [(6, 6)]
    names = client.query(f"SHOW TABLES FROM {address.database}").result_rows
    assert not [name for (name,) in names if name.endswith((NEXT, PART, OLD))]
    assert loaded(odd, address).months == 0


def test_the_copy_says_what_a_run_that_ended_early_has_left(odd, address, monkeypatch):
    loaded(odd, address)
    reader = ClickHouse(Place(address.database, folder=address.folder))
    whole = reader.loaded()
    changed(odd, "UPDATE time_entries SET cost = 1", "UPDATE ai_cost_tracking SET cost_usd = 1")

    def full(target, place, *given):
        if place == "ai_usage":
            raise TargetError("The disk is full.")
        return replace(target, place, *given)

    replace = Target.replace
    monkeypatch.setattr(Target, "replace", full)
    with pytest.raises(TargetError, match="full"):
        loaded(odd, address)
    left = reader.loaded()
    assert left.at == whole.at
    assert left.left == ("ai_usage", "model_usage")
    monkeypatch.undo()
    loaded(odd, address)
    assert reader.loaded().left == ()
    assert reader.loaded().at > whole.at


def test_a_copy_is_no_newer_while_the_rows_of_a_table_are_not_read(odd, address):
    loaded(odd, address)
    opened, reader = open_source(SQLiteFile(odd), NO_MAPPING), Reader(odd, ["time_entries"])
    copy = ClickHouse(Place(address.database, folder=address.folder))
    at = copy.loaded().at
    with closing(Target(address)) as target:
        load(opened, reader, target, opened.evidence)
        assert target.copied().left == ("time_entries",)
    assert (copy.loaded().at, copy.loaded().left) == (at, ("time_entries",))


def test_a_copy_that_was_never_complete_is_as_of_no_time(odd, address):
    opened, reader = open_source(SQLiteFile(odd), NO_MAPPING), Reader(odd, ["time_entries"])
    with closing(Target(address)) as target:
        load(opened, reader, target, opened.evidence)
        assert target.copied() == Copied(None, 3 + 6 + 6 + 1 + 1, ("time_entries",))
    copy = ClickHouse(Place(address.database, folder=address.folder))
    assert copy.loaded() == Loaded(None, ("time_entries",))


def test_a_copy_of_an_older_version_says_to_load_it_again_and_then_goes_on(odd, client, address):
    loaded(odd, address)
    copy = ClickHouse(Place(address.database, folder=address.folder))
    whole = copy.loaded()
    client.command(f"ALTER TABLE {address.database}.{RUNS} DROP COLUMN `left`")
    assert copy.loaded() == Loaded(None, by_an_older_version=True)
    with closing(Target(address)) as target, pytest.raises(TargetError, match="older version"):
        target.copied()
    assert loaded(odd, address).months == 0
    assert copy.loaded().at > whole.at
    client.command(f"ALTER TABLE {address.database}.time_entry DROP COLUMN cost")
    with pytest.raises(MissingColumn, match=r"no column cost\. .* Run: python -m meaux load click"):
        copy.fetch([Statement("SELECT sum(cost) FROM main.time_entry")])


def test_a_copy_of_a_newer_version_is_read_and_loaded(odd, client, address):
    loaded(odd, address)
    own = (EVIDENCE, LOADS, RUNS)
    for table in own:
        client.command(f"ALTER TABLE {address.database}.{table} ADD COLUMN later String FIRST")
    assert loaded(odd, address).months == 0
    copy = ClickHouse(Place(address.database, folder=address.folder))
    assert copy.loaded().left == ()
    assert open_source(copy).evidence.source == open_source(SQLiteFile(odd)).database.title


def test_a_table_that_is_gone_leaves_the_copy(odd, client, address):
    loaded(odd, address)
    changed(odd, "DROP TABLE ai_cost_tracking")
    loaded(odd, address)
    assert not client.query(f"EXISTS TABLE {address.database}.ai_usage").result_rows[0][0]


def test_other_tables_of_the_database_stay_as_they_are(odd, client, address):
    client.command(f"CREATE DATABASE {address.database}")
    theirs = f"{address.database}.theirs"
    client.command(f"CREATE TABLE {theirs} (n UInt8) ENGINE = Log COMMENT 'not ours'")
    loaded(odd, address)
    assert client.query(f"EXISTS TABLE {theirs}").result_rows == [(1,)]
    client.command(f"ALTER TABLE {address.database}.project MODIFY COMMENT 'mine'")
    with pytest.raises(TargetError, match="has other tables of the same names"):
        loaded(odd, address)


def test_a_load_that_is_killed_at_any_point_goes_on_and_doubles_nothing(tmp_path):
    file, shown = written(tmp_path / "odd.db", ODD), tmp_path / "shown.json"
    subprocess.run(
        [sys.executable, HERE / "killed.py", file, tmp_path / "engine", shown],
        env={"PYTHONPATH": f"{HERE.parents[1]}:{HERE.parent}", "PATH": ""},
        timeout=120,
        check=True,
    )
    found = json.loads(shown.read_text())
    assert found == {"deaths": 7, "rows": 17, "same": True}
