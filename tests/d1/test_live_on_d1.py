"""A live page reads few rows on D1, and sees what is written."""

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from test_rows_of_pages import MOST, cards

from meaux.data.database import Fetched, Statement, fetch_each
from meaux.data.plan import Plan
from meaux.data.source import open_source
from meaux.query import needs
from meaux.query.answers import Ask
from meaux.query.needs import Request
from meaux.query.queries import QUERIES
from meaux.query.rollups import rolled_up
from meaux.query.today import parts_of
from meaux.query.watching import LATEST, ROWS_EACH, Watch, refresh
from meaux.subjects.money.cards.calendar import Year

pytestmark = pytest.mark.d1

TEN = timedelta(seconds=10)
MOST_FOR_A_PROBE = 12
NINE = int(datetime(2026, 11, 22, 9, tzinfo=UTC).timestamp())


class Shelf:
    """Answers that are kept as the dashboard keeps them, and how many rows each call read."""

    def __init__(self, database):
        self.database, self.kept, self.rows = database, {}, []

    def read_since(self, _since, statements):
        found = fetch_each(self.database, statements)
        assert all(isinstance(one, Fetched) for one in found)
        self.rows.append(sum(one.rows.meta.rows_read for one in found))
        return found

    def cached(self, statement):
        if statement not in self.kept:
            [self.kept[statement]] = fetch_each(self.database, [statement])
        return self.kept[statement]

    def replace_cached(self, answers):
        self.kept |= answers


def asks_of(title, source, select, today):
    """What a page reads: sums that are added up by what they are added up from."""
    request = Request(select("30d"), Plan(), source.binding, (Year(today.year),))
    named = needs.asks_of(cards(title), request).values()
    asks = dict.fromkeys(one for asks in named for one in asks.values())
    added_up = rolled_up(list(asks))
    finest = [of for rolled in added_up.values() for of in rolled.of]
    return [*(one for one in asks if one not in added_up), *finest]


@pytest.mark.parametrize("title", MOST)
def test_a_live_page_reads_at_most_200_rows_an_interval(d1_source, select, today, title):
    parts = parts_of(asks_of(title, d1_source, select, today), d1_source)
    shelf, watch, now = Shelf(d1_source.database), Watch(), datetime.now(UTC)
    assert parts
    for _ in range(20):
        watch.ends.clear()  # as if rows were written all the time
        refresh(watch, parts, d1_source, shelf, interval=TEN, now=now)
        now += TEN
    probes = [rows for rows in shelf.rows if rows <= MOST_FOR_A_PROBE]
    assert len(probes) == 20
    dearest = max(shelf.rows)
    assert sum(shelf.rows) <= 20 * ROWS_EACH + dearest
    assert dearest <= 3 * ROWS_EACH
    assert max(shelf.rows[len(shelf.rows) // 2 :]) <= ROWS_EACH, "once the cost of each is known"


def test_an_unchanged_database_costs_a_row_of_each_table(d1_source, select, today):
    parts = parts_of(asks_of("Home", d1_source, select, today), d1_source)
    shelf, watch, now = Shelf(d1_source.database), Watch(), datetime.now(UTC)
    for ticks in range(ceil(LATEST / TEN)):
        refresh(watch, parts, d1_source, shelf, interval=TEN, now=now + ticks * TEN)
    later = shelf.rows[2 * len(parts) :]
    assert max(later) <= MOST_FOR_A_PROBE
    assert watch.changed is None


def test_a_new_row_is_seen_and_a_changed_one_after_five_minutes(local_d1, no_override, select):
    database = local_d1.open("EMPTY")
    insert = "INSERT INTO time_entries (id, started_at, seconds) VALUES"
    script = [
        "CREATE TABLE time_entries (id TEXT PRIMARY KEY, started_at INTEGER, seconds INTEGER)",
        "CREATE INDEX of_start ON time_entries (started_at)",
        f"{insert} ('a', {NINE}, 3600)",
    ]
    try:
        for sql in script:
            database.fetch([Statement(sql)])
        source = open_source(database, no_override)
        parts = parts_of([Ask(QUERIES["hours_by_day"], select())], source)
        shelf, watch, now = Shelf(database), Watch(), datetime.now(UTC)

        def changed(seconds):
            at = now + timedelta(seconds=seconds)
            return refresh(watch, parts, source, shelf, interval=TEN, now=at)

        def hours():
            [part] = parts
            place = list(part.ask.query.returns).index("hours")
            return sum(row[place] for row in shelf.cached(part.whole).rows.rows)

        assert not changed(0)
        database.fetch([Statement(f"{insert} ('b', {NINE}, 7200)")])
        assert changed(10)
        assert hours() == pytest.approx(3)
        database.fetch([Statement("UPDATE time_entries SET seconds = 10800 WHERE id = 'b'")])
        assert not changed(20)
        assert changed(311)
        assert hours() == pytest.approx(4)
    finally:
        database.fetch([Statement("DROP TABLE IF EXISTS time_entries")])
        database.close()
