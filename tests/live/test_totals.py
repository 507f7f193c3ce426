"""Whatever a database does, all that adds up adds up to a plain reading of its rows in Python."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_databases import NOVEMBER, TODAY

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.query.answers import Ask, ask
from meaux.query.filters import Selection
from meaux.query.queries import QUERIES

OF_COST = ("cost_by_day", "cost_by_project", "cost_by_person", "cost_tree", "billed_lines")
OF_HOURS = ("hours_by_day", "hours_by_project", "hours_recorded", "weekly_work")
START = datetime(2026, 10, 28, tzinfo=UTC)
TABLES = """
CREATE TABLE projects (id, name, team_id, updated_at);
CREATE TABLE users (id, name);
CREATE TABLE teams (id, name);
CREATE TABLE time_entries (
  project_id, user_id, started_at, created_at, ended_at, seconds DEFAULT 0, duration_minutes,
  cost_usd REAL DEFAULT 0,
  cost_cents INTEGER, currency, deleted_at
);
CREATE TABLE ai_cost_tracking (
  project_id, user_id, model, usage_date, cost_usd, created_at, is_deleted DEFAULT 0
);
"""
DIMENSIONS = {
    "projects": [
        ("P1", "Alpha", "t1", "2026-01-01"), ("p1 ", "Alpha", "t1", "2026-02-01"),
        (2, "Beta", "T2", None), (2.0, "Beta", "t2", None), ("p3", "Beta", None, None),
    ],
    "users": [("u1", "Ann"), ("U1", "Ann"), ("u2", "Ben")],
    "teams": [("t1", "Red"), ("t2", "Blue"), ("t2", "Blue")],
}  # fmt: skip
PROJECTS = ["p1", "P1", " p1", 2, "2.0", 2.0, "p3", "gone", None, ""]
PEOPLE = ["u1", "U1 ", "u2", "nobody", None]
TIMES = {
    "seconds": lambda at: int(at.timestamp()),
    "milliseconds": lambda at: int(at.timestamp()) * 1000,
    "nanoseconds": lambda at: int(at.timestamp()) * 10**9,
    "SQLite": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "ISO": lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}",
    "Go": lambda at: f"{at:%Y-%m-%d %H:%M:%S} +0000 UTC",
}
NO_TIMES = [None, "", 0, "0001-01-01T00:00:00Z", "0000-00-00 00:00:00"]
NOT_DELETED = [None, "", 0, "0001-01-01", "no"]
UNREAD = ["n/a", float("inf"), "1,23,4", "twelve"]


def amounts():
    """What a cost is, and a way to write it; None where it can't be read."""
    exact = st.integers(-5_000_000, 5_000_000).map(lambda cents: cents / 100)
    ways = [lambda a: a, lambda a: f"{a:,.2f}", lambda a: f" ${a:,.2f}", lambda a: f"{a:.2f} USD"]
    written = st.tuples(exact, st.sampled_from(ways)).map(
        lambda drawn: (drawn[0], drawn[1](drawn[0]))
    )
    return written | st.sampled_from(UNREAD).map(lambda cell: (None, cell))


@st.composite
def entries(draw):
    """A time entry as it is stored, and what it means: day, seconds, cost; None for no row."""
    at = START + timedelta(minutes=draw(st.integers(0, 33 * 1440)))
    written = TIMES[draw(st.sampled_from(list(TIMES)))](at)
    late = draw(st.booleans())
    times = (draw(st.sampled_from(NO_TIMES)), written) if late else (written, 0)
    seconds = draw(st.integers(1, 40)) * 900
    lengths = draw(
        st.sampled_from([(seconds, None), (None, seconds // 60), (0, f"{seconds // 60}")])
    )
    cost, cell = draw(amounts())
    in_cents = cost is not None and draw(st.booleans())
    costs = (draw(st.sampled_from([None, 0])), round(cost * 100)) if in_cents else (cell, None)
    currency = draw(st.sampled_from(["USD", None, "usd ", "EUR"]))
    deleted = draw(st.sampled_from([*NOT_DELETED, 1793610000, "2026-11-03", "yes"]))
    keys = draw(st.sampled_from(PROJECTS)), draw(st.sampled_from(PEOPLE))
    row = (*keys, *times, None, *lengths, *costs, currency, deleted)
    if deleted not in NOT_DELETED:
        return row, None
    foreign = currency == "EUR"
    return row, (at.date(), seconds, None if foreign else cost, not foreign and cost is None)


@st.composite
def uses(draw):
    """A line of AI use as it is stored, and what it means."""
    at = START + timedelta(minutes=draw(st.integers(0, 33 * 1440)))
    day = draw(st.sampled_from([f"{at:%Y-%m-%d}", None]))
    cost, cell = draw(amounts())
    gone = draw(st.sampled_from([0, 0, "false", 1, "true"]))
    keys = draw(st.sampled_from(PROJECTS)), draw(st.sampled_from(PEOPLE))
    written = at if day is None else at + timedelta(days=40)
    row = (*keys, "m", day, cell, f"{written:%Y-%m-%d %H:%M:%S}", gone)
    return row, (at.date(), 0, cost, cost is None) if gone in (0, "false") else None


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("totals") / "live.db"


def frames(file, worked, used, indexed):
    """The answers of a new database with these rows, by their query."""
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(f"PRAGMA synchronous = OFF; {TABLES}")
        stored = {"time_entries": worked, "ai_cost_tracking": used, **DIMENSIONS}
        for table, rows in stored.items():
            marks = ", ".join("?" * len(rows[0])) if rows else ""
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows) if rows else None
        if indexed:
            database.execute("CREATE INDEX by_start ON time_entries (started_at)")
            database.execute("CREATE INDEX by_day ON ai_cost_tracking (usage_date)")
    source = open_source(SQLiteFile(file), Path("no-such-file.toml"))
    november, names = Selection(NOVEMBER, TODAY), (*OF_COST, *OF_HOURS)
    asks = [Ask(QUERIES[name], november, 20) for name in names]
    answers = ask(asks, source.binding, partial(fetch_each, source.database))
    assert all(answer.answered for answer in answers), [answer.reason for answer in answers]
    return {name: answer.frame for name, answer in zip(names, answers, strict=True)}


@settings(max_examples=40)
@given(
    worked=st.lists(entries(), min_size=1, max_size=6)
    | st.lists(entries(), min_size=10, max_size=30),
    used=st.lists(uses(), max_size=8),
    indexed=st.booleans(),
)
def test_every_way_to_add_up_comes_to_a_plain_reading_of_the_rows(file, worked, used, indexed):
    found = frames(file, [row for row, _ in worked], [row for row, _ in used], indexed)
    meant = [truth for _, truth in [*worked, *used] if truth and truth[0] in NOVEMBER]
    assert found["cost_by_day"]["unpriced"].sum() == sum(is_unread for *_, is_unread in meant)
    cost = pytest.approx(sum(cost or 0 for _, _, cost, _ in meant))
    for query in OF_COST:
        assert found[query]["cost"].sum() == cost, query
    hours = pytest.approx(sum(seconds for _, seconds, *_ in meant) / 3600)
    for query in OF_HOURS:
        assert found[query]["hours"].sum() == hours, query
    known = {"p1", "2", "p3", "gone"}
    assert set(found["cost_by_project"]["project"].dropna()) <= known
