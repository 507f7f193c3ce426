"""What the tests of subjects share: the demo worked out by hand, tables that a test writes, and all
pages of the rows behind a number.
"""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.query.answers import ask
from meaux.subjects import listing
from meaux.subjects.behind import BEHIND
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import Trail, View
from meaux.subjects.rows import Opening


class ByHand:
    """The demo's raw tables as frames, and the numbers that follow from them."""

    def __init__(self, rows):
        self.rows = rows

    def table(self, sql, *columns):
        return pd.DataFrame(self.rows(sql), columns=columns)

    def entries(self, zone="UTC"):
        """Time entries with their seconds and cost; NaN where nothing is known of them."""
        found = self.table(
            "SELECT e.started_at, e.project_id, e.user_id, e.seconds, e.ended_at, e.cost_usd,"
            " e.hourly_rate, u.hourly_rate, p.hourly_rate FROM time_entries AS e"
            " LEFT JOIN users AS u ON u.id = e.user_id"
            " LEFT JOIN projects AS p ON p.id = e.project_id",
            *("at", "project", "person", "seconds", "ended", "cost", "rate", "rate_2", "rate_3"),
        ).astype({"seconds": float, "ended": float, "cost": float, "rate": float, "rate_2": float})
        found["stored"] = found["seconds"]
        found["seconds"] = found["seconds"].fillna(found["ended"] - found["at"])
        rate = found["rate"].fillna(found["rate_2"]).fillna(found["rate_3"].astype(float))
        lasted = found["seconds"].where(found["seconds"] >= 0)
        found["cost"] = found["cost"].fillna(lasted / 3600 * rate)
        found["day"] = pd.to_datetime(found["at"], unit="s", utc=True).dt.tz_convert(zone).dt.date
        return found[["day", "project", "person", "seconds", "stored", "cost"]]

    def ledger(self, zone="UTC"):
        """Every line of the ledger: day, category, project, person, cost."""
        time = self.entries(zone).assign(category="Time")
        ai = self.table(
            "SELECT created_at, project_id, user_id, cost_usd FROM ai_cost_tracking",
            *("at", "project", "person", "cost"),
        ).assign(category="AI")
        ai["day"] = pd.to_datetime(ai["at"], utc=True).dt.tz_convert(zone).dt.date
        bill = self.table(
            "SELECT usage_date, project_id, NULL, cost_usd FROM cloudflare_usage"
            " WHERE currency = 'USD'",
            *("day", "project", "person", "cost"),
        ).assign(category="Infrastructure")
        bill["day"] = pd.to_datetime(bill["day"]).dt.date
        columns = ["day", "category", "project", "person", "cost"]
        return pd.concat([part[columns].astype(object) for part in (time, ai, bill)]).assign(
            cost=lambda lines: lines["cost"].astype(float)
        )


@pytest.fixture(scope="session")
def by_hand_of():
    """What a database file holds, worked out by hand."""

    def by_hand_of(path):
        def rows(sql):
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                return connection.execute(sql).fetchall()

        return ByHand(rows)

    return by_hand_of


@pytest.fixture(scope="session")
def by_hand(by_hand_of, demo_file):
    return by_hand_of(demo_file)


def inside(frame, period):
    return frame[[day in period for day in frame["day"]]]


@pytest.fixture(scope="session")
def within():
    """The rows of a frame whose day lies in a period."""
    return inside


REQUEST_COLUMNS = "worker_id, timestamp, status, outcome, duration_ms, cpu_ms"
NOON = "2026-11-20T12:00:00Z"


def literal(value):
    """A value as SQL."""
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def inserted(table, rows):
    """A statement that writes rows."""
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    return f"INSERT INTO {table} VALUES {values};" if rows else ""


@pytest.fixture(scope="session")
def logged():
    """A script of a log with such requests: worker, when, status, outcome, duration, CPU."""

    def logged(*rows):
        return f"CREATE TABLE worker_logs ({REQUEST_COLUMNS});" + inserted("worker_logs", rows)

    return logged


@pytest.fixture(scope="session")
def ended():
    """A request of a Worker that ended so."""

    def ended(status=200, outcome="ok", worker="w", at=NOON, duration=10.0):
        return (worker, at, status, outcome, duration, 1.0)

    return ended


@pytest.fixture(scope="session")
def rows_of():
    """A script of a table with such columns and rows."""

    def rows_of(table, columns, *rows):
        return f"CREATE TABLE {table} ({columns});" + inserted(table, rows)

    return rows_of


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
    """A source on what a script writes, in a file of its own."""
    folder = tmp_path_factory.mktemp("scripts")
    numbers = count()

    def open_script(script):
        path = folder / f"{next(numbers)}.db"
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


def turned_to(options, source, reading, rows):
    """The page that is asked for, the sums of all rows, and which of the options they are of."""
    asks = {
        (number, of_page, name): one
        for number, asked in enumerate(options)
        for of_page, named in [(True, asked.asks(rows + 1)), (False, asked.beside())]
        for name, one in named.items()
    }
    answers = dict(
        zip(asks, ask(list(asks.values()), source.binding, *reading(source)), strict=True)
    )

    def told(number, *, of_page):
        return {name: one for (n, p, name), one in answers.items() if (n, p) == (number, of_page)}

    beside = [(asked, told(n, of_page=False)) for n, asked in enumerate(options)]
    asked, found = listing.first_with_rows(beside)
    pages, sums = told(options.index(asked), of_page=True), listing.sums_of(asked, found)
    assert not list(listing.unlisted(asked, pages, sums))
    return listing.page(asked, pages, sums, rows), sums, asked


@pytest.fixture(scope="session")
def options_of():
    """What may be asked for: the rows of a metric in some groups, from a place on."""

    def options_of(metric, of, over, source, start):
        def apart(one):
            return one.source.apart_in(source.binding)

        opening = Opening(metric.name, of)
        return listing.options(opening, BEHIND[metric.name], over, start, apart)

    return options_of


@pytest.fixture(scope="session")
def behind(demo_source, select, reading, options_of):
    """All pages of the rows behind a metric, and their total."""

    def behind(metric, *of, over="30d", source=demo_source, rows=listing.ROWS_A_PAGE):
        chosen = over if not isinstance(over, str) else select(over)
        start, pages = {}, []
        while True:
            options = options_of(metric, of, chosen, source, start)
            page, sums, asked = turned_to(options, source, reading, rows)
            pages.append(page.frame)
            if page.older is None:
                return pages, listing.total(asked, sums), asked
            start = page.older

    return behind


@pytest.fixture(scope="session")
def later_source(later_file):
    return open_source(SQLiteFile(later_file), override=Path("no-such-file.toml"))


@pytest.fixture(scope="session")
def groups_of(demo_source, select, reading, options_of):
    """The values of a group that have rows on the demo."""

    def groups_of(metric, group):
        options = options_of(metric, (), select(), demo_source, {})
        _, sums, asked = turned_to(options, demo_source, reading, 1)
        return listing.choices(asked, sums, group)

    return groups_of
