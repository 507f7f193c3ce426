"""With a million records in the logs, a page is found by index, however deep it lies."""

import sqlite3
from contextlib import closing

import pytest

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.answers import Ask, Position
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import LOGS, Trail, View

RECORDS_A_LOG = 200_000
SECONDS_BETWEEN = 300
NOW = 1_795_361_400
STORED = {
    "system_events": ("TEXT", "datetime(at, 'unixepoch')"),
    "platform_events": ("INTEGER", "at * 1000"),
    "audit_log": ("TEXT", "strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch')"),
    "event_log": ("INTEGER", "at"),
    "error_logs": ("TEXT", "strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch')"),
}
WRITE = """
CREATE TABLE {table} (id INTEGER PRIMARY KEY, severity, message, action, created_at {type});
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
INSERT INTO {table} (severity, message, action, created_at)
SELECT 'info', 'message ' || i, 'update', {stored}
FROM (SELECT i, {now} - ({count} - i) * {step} AS at FROM n);
CREATE INDEX {table}_time ON {table} (created_at);
"""


@pytest.fixture(scope="module")
def million(tmp_path_factory):
    """The file and the source of five logs of almost two years."""
    path = tmp_path_factory.mktemp("million") / "logs.db"
    sizes = {"count": RECORDS_A_LOG, "now": NOW, "step": SECONDS_BETWEEN}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for table, (type_, stored) in STORED.items():
            script = WRITE.format(table=table, type=type_, stored=stored, **sizes)
            connection.executescript(script)
    return path, open_source(SQLiteFile(path), override=path.with_name("none.toml"))


def deep(days):
    """Where a page begins that lies so many days back."""
    at = NOW - days * 86_400
    with closing(sqlite3.connect(":memory:")) as connection:
        places = [
            connection.execute(f"SELECT {stored} FROM (SELECT {at} AS at)").fetchone()[0]
            for _, stored in STORED.values()
        ]
    return {log: Position(place, "1") for log, place in zip(LOGS, places, strict=True)}


STARTS = {"the first page": {}, "a month back": deep(30), "a year back": deep(365)}
VIEWS = {"everything": View(), "a choice": View(severities=("Info",), text="MESSAGE")}


@pytest.fixture
def run(million):
    """Run the statements of some asks: the steps of their plans, and how much they took.

    What they took is counted in thousands of the engine's operations.
    """
    path, source = million

    def run(asks):
        plans, took = [], []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: took.append(1), 1_000)
            for wanted in asks:
                statement = wanted.compiled(source.binding).statement
                plan = connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.params)
                plans += [step[3] for step in plan]
                connection.execute(statement.sql, statement.params).fetchall()
        return plans, len(took)

    return run


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_a_page_is_found_by_index_and_nothing_is_sorted(run, select, start, view):
    plan, _ = run(events.asks(Trail(select("all"), view, [start])).values())
    logs = [step for step in plan if "json_each" not in step and "LIST SUBQUERY" not in step]
    assert len(logs) == len(LOGS)
    for step, table in zip(logs, STORED, strict=True):
        assert f"SEARCH main.{table} USING INDEX {table}_time" in step


def test_a_page_a_year_back_takes_what_the_first_one_takes(run, select):
    trails = [Trail(select("all"), View(), [start]) for start in STARTS.values()]
    took = [run(events.asks(trail).values())[1] for trail in trails]
    assert max(took) <= min(took) + 2


def test_the_cards_above_the_log_search_the_period_alone(run, select):
    taken = {}
    for period in ("30d", "7d"):
        asks = [Ask(queries.events_by_day, select(period))]
        asks.append(Ask(queries.top_errors, select(period), limit=20))
        plan, taken[period] = run(asks)
        assert not any("SCAN main." in step for step in plan)
    assert taken["30d"] == pytest.approx(taken["7d"] * 31 / 8, rel=0.25)
