"""The mirror has the rows of D1, read in pages and within limits."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from copies import NO_MAPPING, changed

from meaux.data.database import SQLiteFile
from meaux.data.schema import read_model
from meaux.data.source import open_source, schema_of
from meaux.errors import TargetError, Unfinished
from meaux.warehouse import Allowance, Mirror, mirror

MODEL = read_model()
D1 = """
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE time_entries (
 id, project_id INTEGER, started_at TEXT, seconds REAL, extra, updated_at INTEGER,
 twice REAL AS (seconds * 2)
);
CREATE INDEX time_updated ON time_entries (updated_at);
CREATE TABLE team_members (team_id TEXT, user_id TEXT, PRIMARY KEY (team_id, user_id))
 WITHOUT ROWID;
CREATE VIEW user_sessions AS SELECT user_id, started_at FROM logins;
CREATE TABLE logins (user_id TEXT, started_at INTEGER);
CREATE TABLE secrets (value TEXT);
INSERT INTO projects VALUES (1, 'it''s'), (9007199254740993, 'large');
INSERT INTO time_entries (id, project_id, started_at, seconds, extra, updated_at) VALUES
 (9007199254740993, 1, '2026-11-01', 0.1, X'00ff', 10), ('7', 1, '2026-11-02', 1e300, 'NULL', 11),
 (7, NULL, '', -1.5, '''x', 12), (NULL, NULL, NULL, 9e999, 'a' || char(0) || 'b', 13);
INSERT INTO team_members VALUES ('a', '1'), ('a', '2'), ('b', '1');
INSERT INTO logins VALUES ('u1', 5), ('u2', 6);
INSERT INTO secrets VALUES ('not read');
"""
TABLES = ("projects", "time_entries", "team_members", "user_sessions")


@pytest.fixture
def d1(tmp_path):
    path = tmp_path / "d1.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(f"PRAGMA synchronous = OFF; {D1}")
    return path


@pytest.fixture
def update(d1, tmp_path, monkeypatch):
    """Update the mirror in pages of two rows, and return what each table has there."""
    monkeypatch.setattr(mirror, "PAGE", 2)
    clock, unread = [1_000_000.0], []

    def update(*, rows=None, later=60.0):
        clock[0] += later
        source = SQLiteFile(d1)
        made = Mirror(
            tmp_path / "mirror.db",
            source,
            MODEL,
            schema_of(source).catalog(),
            Allowance(rows),
            now=lambda: clock[0],
        )
        note = made.update()
        unread.append(made.unread)
        return note, made.allowance.used

    update.unread = unread
    return update


def rows(path, tables=TABLES):
    with closing(sqlite3.connect(path)) as database:
        return {
            table: sorted(database.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in tables
        }


def test_every_cell_is_what_it_was(d1, update, tmp_path):
    update()
    assert rows(tmp_path / "mirror.db") == rows(d1)


def test_it_binds_like_d1(d1, update, tmp_path):
    update()
    there = open_source(SQLiteFile(d1), NO_MAPPING)
    here = open_source(SQLiteFile(tmp_path / "mirror.db"), NO_MAPPING)
    assert here.binding.fingerprint == there.binding.fingerprint
    assert here.catalog.tables.keys() == there.catalog.tables.keys() - {"secrets"}


def test_what_no_page_reads_stays_where_it_is(update, tmp_path):
    update()
    assert "secrets" not in open_source(SQLiteFile(tmp_path / "mirror.db")).catalog.tables


def test_a_run_stops_where_its_rows_end_and_the_next_goes_on(d1, update, tmp_path):
    for _ in range(2):
        with pytest.raises(
            Unfinished, match=r"12 rows of this run are used up.*Run again to go on"
        ):
            update(rows=12)
    update(rows=12)
    assert rows(tmp_path / "mirror.db") == rows(d1)


def test_it_says_of_which_tables_new_rows_were_not_read(d1, update):
    update()
    changed(d1, "INSERT INTO projects VALUES (NULL, 'new')")
    note, _ = update(rows=8)
    assert note
    assert update.unread == [[], ["team_members", "time_entries"]]


def test_new_and_changed_rows_are_read_without_the_rest(d1, update, tmp_path):
    update()
    changed(
        d1,
        "INSERT INTO projects VALUES (9007199254740994, 'new')",
        "UPDATE time_entries SET seconds = 8, updated_at = 14 WHERE id = '7' AND extra = 'NULL'",
    )
    note, _ = update()
    assert not note
    assert rows(tmp_path / "mirror.db") == rows(d1)


def test_silent_changes_and_deleted_rows_are_found_once_a_day(d1, update, tmp_path):
    update()
    before = rows(tmp_path / "mirror.db", ["projects", "time_entries"])
    changed(
        d1,
        "DELETE FROM projects WHERE id = 9007199254740993",
        "UPDATE time_entries SET seconds = 9 WHERE updated_at < 13",
    )
    update()
    assert rows(tmp_path / "mirror.db", ["projects", "time_entries"]) == before
    update(later=mirror.A_DAY)
    assert rows(tmp_path / "mirror.db") == rows(d1)


def test_a_table_that_is_made_anew_is_read_anew(d1, update, tmp_path):
    update()
    changed(
        d1,
        "ALTER TABLE projects ADD COLUMN status TEXT DEFAULT 'open'",
        "DROP TABLE logins",
        "DROP VIEW user_sessions",
    )
    update()
    kept = TABLES[:-1]
    assert rows(tmp_path / "mirror.db", kept) == rows(d1, kept)
    assert "logins" not in open_source(SQLiteFile(tmp_path / "mirror.db")).catalog.tables


def test_another_database_has_another_mirror(d1, update, tmp_path):
    update()
    d1.rename(d1.with_name("other.db"))
    source = SQLiteFile(d1.with_name("other.db"))
    other = Mirror(tmp_path / "mirror.db", source, MODEL, schema_of(source).catalog())
    with pytest.raises(TargetError, match=r"mirror\.db has the rows of another database"):
        other.update()


def test_only_its_owner_can_read_it(update, tmp_path):
    update()
    assert (tmp_path / "mirror.db").stat().st_mode & 0o077 == 0
    assert replace(Allowance(), is_time=lambda: False).refusal() == (
        "the hours for reading D1 are over"
    )
