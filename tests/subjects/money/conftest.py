"""Money worked out again: the raw tables in plain SQL, sorted into days by Python's calendar."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.demo import build

PRICED_TIME = """
SELECT e.started_at, 'Time', 'Time tracking', e.project_id, e.user_id,
  coalesce(e.cost_usd, CASE WHEN coalesce(e.seconds, e.ended_at - e.started_at) >= 0 THEN
    coalesce(e.seconds, e.ended_at - e.started_at) / 3600.0
    * coalesce(e.hourly_rate, u.hourly_rate, p.hourly_rate) END)
FROM time_entries e
LEFT JOIN users u ON u.id = e.user_id
LEFT JOIN projects p ON p.id = e.project_id
"""
AI = "SELECT created_at, 'AI', model, project_id, user_id, cost_usd FROM ai_cost_tracking"
BILLS = """
SELECT usage_date, 'Infrastructure', service, project_id, NULL, cost_usd
FROM cloudflare_usage WHERE currency = 'USD'
"""
COLUMNS = ["day", "category", "service", "project", "person", "cost"]


class Books:
    """A demo database as its owner's spreadsheet would have it."""

    def __init__(self, path, zone="UTC"):
        self.zone = ZoneInfo(zone)
        self.path = path
        lines = [self._dated(row) for sql in (PRICED_TIME, AI, BILLS) for row in self.rows(sql)]
        self.lines = pd.DataFrame(lines, columns=COLUMNS).dropna(subset=["cost"])
        self.names = dict(self.rows("SELECT id, name FROM projects"))
        self.people = dict(self.rows("SELECT id, name FROM users"))

    def rows(self, sql, *parameters):
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def _dated(self, row):
        at, *rest = row
        return (self.day(at), *rest)

    def day(self, at):
        """The local day of a stored point in time; a date is that day everywhere."""
        if isinstance(at, str):
            found = datetime.fromisoformat(at)
            return found.date() if len(at) == len("2026-11-22") else self._local(found)
        return self._local(datetime.fromtimestamp(at, UTC))

    def _local(self, at):
        return at.astimezone(self.zone).date()

    def of(self, period, **only):
        """The lines of a period; `only` narrows a column to some values."""
        found = self.lines[[day in period for day in self.lines["day"]]]
        for column, values in only.items():
            found = found[found[column].isin(values)]
        return found

    def total(self, period, **only):
        return self.of(period, **only)["cost"].sum()

    def by(self, column, period):
        """The sums of a period by what a column holds; what is empty is None."""
        found = self.of(period)
        return found.groupby(found[column].fillna("-"))["cost"].sum().to_dict()

    def each_day(self, first, last, **only):
        """What each of these days cost, both included; a day without a line is 0."""
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        chosen = self.lines
        for column, values in only.items():
            chosen = chosen[chosen[column].isin(values)]
        sums = chosen.groupby("day")["cost"].sum()
        return [float(sums.get(day, 0.0)) for day in days]


@pytest.fixture(scope="session")
def books_of():
    kept = {}

    def books_of(path, zone="UTC"):
        if (path, zone) not in kept:
            kept[path, zone] = Books(path, zone)
        return kept[path, zone]

    return books_of


@pytest.fixture(scope="session")
def books(books_of, demo_file):
    return books_of(demo_file)


@pytest.fixture(scope="session")
def leap_year(tmp_path_factory):
    """A demo that ends on the last day of a leap February: its day, its file and its source."""
    path = tmp_path_factory.mktemp("leap") / "meauxos.db"
    build(path, now=datetime(2028, 2, 29, 15, 30, tzinfo=UTC), scale=0.02)
    source = open_source(SQLiteFile(path), override=path.with_name("none.toml"))
    return SimpleNamespace(today=date(2028, 2, 29), file=path, source=source)
