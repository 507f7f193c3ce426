"""Today's rows are read alone and put into a kept answer: then it is the same as a new one."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from meaux.data.database import Fetched, Meta, SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.query.answers import Ask
from meaux.query.filters import Period, Selection
from meaux.query.queries import QUERIES, Unanswerable
from meaux.query.rollups import ADD_UP
from meaux.query.today import BY_DAY, LOOKUPS, ends_of, parts_of, probe, spliced
from meaux.query.watching import Watch, refresh

KEYS = ("project", "person", "service", "resource", "worker", "bucket")
TEN = timedelta(seconds=10)
OFTEN = timedelta(days=9)
EARLIER = datetime(2026, 11, 22, 9, tzinfo=UTC)
REPEATED = """
CREATE TABLE time_entries (id TEXT, started_at TEXT, seconds INTEGER, cost_usd REAL);
INSERT INTO time_entries VALUES ('a', '2026-11-20 09:00:00', 3600, 10),
('a', '2026-11-22 09:00:00', 7200, 20), ('b', '2026-11-21 23:30:00', 3600, 5),
('b', '2026-11-21 23:30:00', 3600, 5), ('c', '2026-11-22 10:00:00', 1800, 7),
('c', '2026-11-22 10:00:00', 1800, 7), (NULL, '2026-11-22 11:00:00', 60, 1);
"""


@pytest.fixture(scope="session")
def later_source(later_file, no_override):
    return open_source(SQLiteFile(later_file), override=no_override)


@pytest.fixture(scope="session")
def no_override(tmp_path_factory):
    return tmp_path_factory.mktemp("none") / "none.toml"


def ask_of(name, day, zone="UTC"):
    """The ask for ten days up to a day, with all keys that its rows can have."""
    more = {
        "ledger_sums": [*(f"by_{key}" for key in KEYS[:4]), "with_time"],
        "request_sums": ["by_worker", "by_bucket"],
    }.get(name, [])
    first = str(day - OFTEN)
    selection = Selection(Period(day - OFTEN, day + timedelta(days=1)), day, zone)
    return Ask(QUERIES[name], selection, more=tuple((key, first) for key in more))


def fetched(source, statement):
    [found] = fetch_each(source.database, [statement])
    assert isinstance(found, Fetched), found
    return found


def without_rounding(rows):
    """The rows in any order, without the last digits of their sums."""
    cells = [[f"{c:.9g}" if isinstance(c, float) else c for c in row] for row in rows]
    return sorted(cells, key=repr)


@pytest.mark.parametrize("name", sorted(BY_DAY))
@pytest.mark.parametrize(("zone", "days"), [("UTC", 0), ("America/New_York", 4)])
def test_the_rows_of_a_day_are_those_that_the_day_alone_has(
    demo_source, later_source, today, name, zone, days
):
    place = list(QUERIES[name].returns).index("day")
    for source in (demo_source, later_source):
        day = today - timedelta(days=days)
        try:
            parts = parts_of([ask_of(name, day, zone)], source)
        except Unanswerable:
            continue
        whole = fetched(source, parts[0].whole).rows.rows
        of_day = [row for row in whole if row[place] == str(day)]
        alone = [row for part in parts for row in fetched(source, part.part).rows.rows]
        assert without_rounding(of_day) == without_rounding(alone)


@pytest.mark.parametrize("name", ["cost_by_day", "hours_by_day"])
def test_entries_that_repeat_count_the_same_alone(database_of, today, name):
    source = database_of(REPEATED)
    parts = parts_of([ask_of(name, today)], source)
    whole = fetched(source, parts[0].whole).rows.rows
    alone = [row for part in parts for row in fetched(source, part.part).rows.rows]
    assert [row for row in whole if row[0] == str(today)] == alone


def test_a_kept_answer_with_today_s_rows_is_a_new_answer(demo_file, tmp_path, today):
    path = tmp_path / "demo.db"
    path.write_bytes(demo_file.read_bytes())
    source = open_source(SQLiteFile(path), override=tmp_path / "none.toml")
    part, *others = parts_of([ask_of("cost_by_day", today)], source)
    assert part.category == "Time"
    assert "time_entries" in part.tables
    assert not any("time_entries" in one.tables for one in others)
    kept = replace(fetched(source, part.whole), at=EARLIER)
    nine = int(datetime(2026, 11, 22, 9, tzinfo=UTC).timestamp())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO time_entries (id, project_id, user_id, started_at, ended_at, seconds, "
            "cost_usd) VALUES ('new', 'prj_bolt', 'usr_yuki', ?, ?, 3600, 77)",
            (nine, nine + 3600),
        )
    made = spliced(part, kept, fetched(source, part.part))
    assert made.rows.rows != kept.rows.rows
    assert without_rounding(made.rows.rows) == without_rounding(
        fetched(source, part.whole).rows.rows
    )
    assert made.oldest == EARLIER < made.at


class Shelf:
    """Kept answers, and the statements of each call; every statement reads so many rows."""

    def __init__(self, source, rows=0):
        self.source, self.rows = source, rows
        self.kept, self.calls = {}, []

    def read_since(self, _since, statements):
        self.calls.append(list(statements))
        return [self._read(one) for one in statements]

    def _read(self, statement):
        found = fetched(self.source, statement)
        read = 1 if "max(rowid)" in statement.sql else self.rows
        return replace(found, rows=replace(found.rows, meta=Meta(read, 1.0, "test")))

    def cached(self, statement):
        return self.kept.get(statement)

    def replace_cached(self, answers):
        self.kept |= answers


def ticks(source, parts, shelf, count):
    """Refresh as often, ten seconds apart, as if there were new rows each time."""
    watch, now = Watch(), datetime.now(UTC)
    for tick in range(count):
        watch.ends = {part: dict.fromkeys(ends, -1) for part, ends in watch.ends.items()}
        refresh(watch, parts, source, shelf, interval=TEN, now=now + tick * TEN)


def test_an_older_reading_of_today_changes_nothing(demo_source, today):
    parts = parts_of([ask_of("cost_by_day", today)], demo_source)
    shelf = Shelf(demo_source)
    later = datetime.now(UTC) + timedelta(days=1)
    shelf.kept = {parts[0].whole: replace(fetched(demo_source, parts[0].whole), at=later)}
    ticks(demo_source, parts, shelf, 1)
    assert shelf.kept[parts[0].whole].at == later


def test_a_refresh_reads_what_was_read_longest_ago_and_no_more_rows_than_it_may(demo_source, today):
    parts = parts_of([ask_of("cost_by_day", today), ask_of("hours_by_day", today)], demo_source)
    shelf = Shelf(demo_source, rows=90)
    ticks(demo_source, parts, shelf, 4)
    read = [call for call in shelf.calls if "max(rowid)" not in call[0].sql]
    assert [len(call) for call in read] == [4, 2, 2], "what the first cost is known only then"
    assert {*read[1], *read[2]} == {part.part for part in parts}


def test_a_period_without_today_has_no_part(demo_source, today):
    before = ask_of("cost_by_day", today)
    past = replace(before, selection=replace(before.selection, today=date(2026, 12, 24)))
    assert parts_of([past], demo_source) == []


def test_what_is_not_a_sum_per_day_has_no_part(demo_source, select):
    other = [Ask(QUERIES[name], select(), limit=5) for name in ("portfolio", "worker_errors")]
    assert parts_of(other, demo_source) == []


def test_names_are_read_again_as_a_whole(demo_source, select):
    for name in LOOKUPS:
        [part] = parts_of([Ask(QUERIES[name], select())], demo_source)
        assert part.part == part.whole


def test_the_sums_that_pages_share_have_parts():
    finest = {sums.finest.name for sums in ADD_UP.values()}
    assert finest - BY_DAY == {"stretch_sums"}


def test_the_probe_reads_the_latest_row_of_each_table(database_of):
    source = database_of("""
        CREATE TABLE time_entries (id TEXT PRIMARY KEY, started_at INTEGER, seconds INTEGER);
        INSERT INTO time_entries VALUES ('a', 1793610000, 60), ('b', 1793610000, 60);
        CREATE TABLE numberless (id TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE VIEW seen AS SELECT * FROM time_entries;
    """)
    tables = ["numberless", "seen", "time_entries"]
    found = fetched(source, probe(tables, source))
    assert ends_of(tables, source, found) == {"time_entries": 2}
    assert probe(["numberless", "seen"], source) is None
