"""A run may be repeated, and killed at any time: no row is doubled, none is lost."""

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from collecting import clients_of, content, run_into
from services import ACCOUNT, NOW

from meaux.collect import SOURCES, collect
from meaux.collect.sources.source import Account
from meaux.collect.target import FileTarget

KILLS = 10
"""How often a run is killed: each time in another source, and later."""
BETWEEN = 2
"""How many statements later."""


class Deadly(FileTarget):
    """A file whose writer is killed before its nth statement."""

    left = float("inf")
    ran = 0

    def _run(self, connection, statement):
        self.ran += 1
        if self.ran > self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._run(connection, statement)


def test_a_second_run_writes_nothing(collected):
    collected()
    again = collected()
    assert {name: one.written for name, one in again.items()} == dict.fromkeys(SOURCES, 0)
    assert all(one.read for one in again.values())


def test_a_later_run_reads_only_what_is_new_and_what_may_have_changed(collected, services, rows):
    collected("requests", now=NOW - timedelta(days=5))
    services.asked.clear()
    collected("requests")
    [(_, asked)] = [one for one in services.asked if one[0].endswith("/graphql")]
    assert asked["variables"]["start"] == "2026-11-15T00:00:00Z"
    told = [*services.world.hours(datetime(2000, 1, 1, tzinfo=UTC), NOW.replace(minute=0))]
    assert rows("SELECT count(*) FROM worker_hourly") == [(len(told),)]


def test_a_first_run_reads_as_far_back_as_the_service_goes(collected, services):
    collected("bucket_usage", "openai")
    starts = [asked["variables"]["start"] for path, asked in services.asked if "graphql" in path]
    assert starts == ["2026-10-23", "2026-10-23"]
    [costs] = [asked for path, asked in services.asked if path.endswith("/costs")]
    assert int(costs["start_time"]) == datetime(2026, 5, 27, tzinfo=UTC).timestamp()


def test_a_number_that_the_service_corrects_is_corrected(collected, rows, script):
    collected("billing")
    script("UPDATE cloudflare_usage SET cost_usd = 99 WHERE usage_date = '2026-11-20'")
    assert collected("billing")["billing"].written == 3
    assert rows("SELECT max(cost_usd) FROM cloudflare_usage WHERE usage_date = '2026-11-20'") == [
        (2.0,)
    ]


def test_an_unknown_number_does_not_replace_a_known_one(collected, rows, script):
    collected("buckets")
    script("UPDATE r2_buckets SET storage_class = 'Standard', project_id = 'prj_1'")
    assert collected("buckets")["buckets"].written == 0
    assert rows("SELECT DISTINCT storage_class, project_id FROM r2_buckets") == [
        ("Standard", "prj_1")
    ]


def test_a_run_that_is_killed_anywhere_is_completed_by_the_next(
    path, services, clients, rows, filled, monkeypatch
):
    """Each run is killed by the system in the middle of its writing, a little later each time."""
    monkeypatch.setattr("meaux.collect.fitting.ROWS", 20)
    target = Deadly(path)
    run = replace(run_into(path), target=target)
    for number in range(KILLS):
        sources = [*SOURCES.values()][number % len(SOURCES) :]
        child = os.fork()
        if not child:
            target.left = BETWEEN * number
            collect(run, sources, clients_of(services, []), ACCOUNT)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), number
    outcomes = collect(run, list(SOURCES.values()), clients, ACCOUNT)
    assert not any(one.problem for one in outcomes)
    assert content(rows) == content(filled.rows)


@pytest.mark.parametrize("name", SOURCES)
def test_rows_are_read_oldest_first_so_that_a_stopped_run_leaves_no_gap(name, clients):
    source = SOURCES[name]
    newest = {}
    account = Account(clients[source.service], ACCOUNT)
    days = {table.name: table.day for table in source.tables if table.day}
    for batch in source.read(account, NOW.date() - timedelta(days=min(35, source.days)), NOW):
        for table, rows in batch.items():
            for row in rows if table in days else ():
                at = row[days[table]]
                assert at >= newest.get(table, at)
                newest[table] = at
