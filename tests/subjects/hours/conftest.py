"""Time entries of one's own in a file, and the demo's as its owner's spreadsheet has them."""

import sqlite3
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.answers import Ask, ask

NO_OVERRIDE = Path("no-such-file.toml")
TABLE = """
CREATE TABLE time_entries (
  started_at INTEGER, seconds REAL, ended_at INTEGER, project_id TEXT, user_id TEXT,
  billable INTEGER, cost_usd REAL, note TEXT
);
CREATE INDEX time_entries_time ON time_entries (started_at);
"""
BY_HAND = """
SELECT e.started_at, coalesce(e.seconds, e.ended_at - e.started_at), e.project_id, e.user_id,
  e.billable, coalesce(e.cost_usd, coalesce(e.seconds, e.ended_at - e.started_at) / 3600.0
    * coalesce(e.hourly_rate, u.hourly_rate, p.hourly_rate)), p.name, u.name, p.team_id
FROM time_entries AS e
LEFT JOIN users AS u ON u.id = e.user_id
LEFT JOIN projects AS p ON p.id = e.project_id
"""
COLUMNS = [
    "started", "seconds", "project", "person", "billable", "cost", "project_name", "person_name",
    "team",
]  # fmt: skip


@dataclass
class Entry:
    """A time entry as it is stored."""

    started: int
    seconds: float | None = 3600
    ended: int | None = None
    project: str | None = "p1"
    person: str | None = "u1"
    billable: int | None = 1
    cost: float | None = None
    note: str | None = None

    @property
    def length(self):
        """Its counted seconds; None while it runs."""
        if self.ended is None:
            return self.seconds if (self.seconds or 0) > 0 else None
        return self.ended - self.started if self.seconds is None else self.seconds


@pytest.fixture(scope="session")
def entry():
    """A time entry: call it with the instant at which it starts."""
    return Entry


@pytest.fixture(scope="session")
def at():
    """The instant of a local wall time: `at("2026-11-20 09:00", "Europe/Paris")`."""

    def at(text, zone="UTC"):
        return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())

    return at


class Books:
    """A file of time entries; what is written is read as the product does."""

    def __init__(self, path, script=""):
        self.path = path
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; {TABLE} {script}")

    def keep(self, entries):
        """Have these entries and no others."""
        marks = ", ".join("?" * len(TABLE.split("(")[1].split(",")))
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("DELETE FROM time_entries")
            connection.executemany(
                f"INSERT INTO time_entries VALUES ({marks})", map(astuple, entries)
            )
        return self

    @property
    def source(self):
        return open_source(SQLiteFile(self.path), NO_OVERRIDE)


@pytest.fixture
def books(tmp_path):
    """A new file with these entries, and with what a script writes beside them."""

    def books(*entries, script=""):
        return Books(tmp_path / "books.db", script).keep(entries)

    return books


@pytest.fixture(scope="session")
def shared_books(tmp_path_factory):
    """One file for all the examples of a session."""
    return Books(tmp_path_factory.mktemp("hours") / "books.db")


@pytest.fixture(scope="session")
def asked():
    """The answer of a source to one query over a selection."""

    def asked(opened, selection, query=queries.hours_by_weekday_hour, limit=None):
        sent = [Ask(query, selection, limit)]
        return ask(sent, opened.binding, lambda wanted: fetch_each(opened.database, wanted))[0]

    return asked


@pytest.fixture(scope="session")
def by_hand(demo_rows):
    """The demo's entries of a selection's period that count, with their hours and local day."""

    def by_hand(selection):
        place = ZoneInfo(selection.zone)
        found = pd.DataFrame(demo_rows(BY_HAND), columns=COLUMNS)
        found["day"] = [datetime.fromtimestamp(start, place).date() for start in found["started"]]
        inside = [
            day in selection.period and s >= 0
            for day, s in zip(found["day"], found["seconds"], strict=True)
        ]
        return found[inside].assign(hours=lambda rows: rows["seconds"] / 3600)

    return by_hand
