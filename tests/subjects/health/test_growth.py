"""A D1 database's size and growth tell when it is full."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.subjects.health import growth
from meaux.subjects.health.growth import FULL, Growth

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """One row an hour for 60 days, of which 30 are in the period."""
    path = tmp_path_factory.mktemp("growth") / "d1.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE time_entries (id INTEGER PRIMARY KEY, started_at INTEGER);"
            "CREATE INDEX by_time ON time_entries (started_at);"
            "CREATE TABLE general_logs (at TEXT);"
        )
        newest = 1_795_305_600  # 22 November 2026, 0:00 UTC
        rows = ((newest - 3600 * n,) for n in reversed(range(60 * 24)))
        database.executemany("INSERT INTO time_entries (started_at) VALUES (?)", rows)
        database.commit()
    return open_source(SQLiteFile(path), path.with_name("no.toml"))


def test_a_database_grows_as_its_newest_rows_say(opened, select):
    selection = select()
    outcomes = fetch_each(opened.database, growth.asks(opened, selection))
    assert growth.growth(outcomes, 30) is None
    told = [
        replace(one, rows=replace(one.rows, meta=replace(one.rows.meta, size=6_000_000_000)))
        for one in outcomes
    ]
    found = growth.growth(told, selection.period.days)
    assert found.size == 6_000_000_000
    assert found.a_day == pytest.approx(6_000_000_000 / 60, rel=0.05)
    assert found.full(TODAY) == date(2027, 1, 2)


@pytest.mark.parametrize(
    ("found", "day", "words"),
    [
        (Growth(4_000_000_000, 60_000_000), date(2027, 3, 2), "full in Mar 2027"),
        (Growth(1_000_000_000, 1_000), None, "1.00 GB of D1's 10 GB; not full for years"),
        (Growth(1_000_000_000), None, "1.00 GB of D1's 10 GB"),
        (Growth(FULL, 1_000), TODAY, "full in Nov 2026"),
    ],
)
def test_the_month_in_which_it_is_full_is_said(found, day, words):
    assert found.full(TODAY) == day
    assert words in found.sentence(TODAY)
