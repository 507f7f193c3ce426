"""Where requests come from: tracked hours, Cloudflare's hours, logs; each counts once."""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from meaux.query import queries
from meaux.query.filters import Period
from meaux.subjects.workers import figures
from meaux.subjects.workers import frames as workers
from meaux.subjects.workers.metrics import ERROR_RATE, REQUESTS

HOUR = 3600
KNOWN = "With a known outcome"
NOON = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp())
LOG_COLUMNS = "worker_id, timestamp, status, outcome, duration_ms, cpu_ms"
HOUR_COLUMNS = "worker_id, hour, requests, errors, cpu_total_ms, mean_sample_interval"
REGISTRY = """
CREATE TABLE cloudflare_workers (id, name, script_name, project_id);
INSERT INTO cloudflare_workers VALUES
  ('w1', 'The shop', 'shop', 'p1'), ('w2', 'The mailer', 'mailer', 'p2');
CREATE TABLE projects (id, team_id);
INSERT INTO projects VALUES ('p1', 't1'), ('p2', 't2'), ('p3', 't2');
"""
TRACKED = """
CREATE TABLE tracked_hourly (
  worker TEXT NOT NULL, hour INTEGER NOT NULL, status TEXT NOT NULL, requests INTEGER NOT NULL,
  errors INTEGER, duration_ms_sum REAL, durations TEXT, source TEXT NOT NULL,
  sampled INTEGER NOT NULL DEFAULT 0, project TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (worker, hour, status, source, project)
);
"""


def tracked(*rows):
    """Rows of tracked hours: worker, hours after noon, requests, and what differs."""
    return TRACKED + "".join(map(_tracked, rows))


def _tracked(row):
    worker, after, requests, *rest = row
    given = {"status": "200", "source": "track", "project": "", "errors": 0, "durations": {}}
    given |= rest[0] if rest else {}
    errors = "NULL" if given["errors"] is None else given["errors"]
    return (
        "INSERT INTO tracked_hourly VALUES "
        f"('{worker}', {NOON + after * HOUR}, '{given['status']}', {requests}, {errors}, NULL, "
        f"'{json.dumps(given['durations'])}', '{given['source']}', 0, '{given['project']}');"
    )


def hourly(*rows):
    """Rows of Cloudflare's hours: worker, hours after noon, requests, errors."""
    script = f"CREATE TABLE worker_hourly ({HOUR_COLUMNS}, PRIMARY KEY (worker_id, hour));"
    for worker, after, requests, *errors in rows:
        at = datetime.fromtimestamp(NOON + after * HOUR, UTC)
        values = f"'{worker}', '{at:%Y-%m-%dT%H:00:00Z}', {requests}, {errors[0] if errors else 0}"
        script += f"INSERT INTO worker_hourly VALUES ({values}, 100, 1);"
    return script


def logs(*rows):
    """Logged requests: worker, seconds after noon."""
    script = f"CREATE TABLE worker_logs ({LOG_COLUMNS});"
    for worker, after in rows:
        script += f"INSERT INTO worker_logs VALUES ('{worker}', {NOON + after}, 200, 'ok', 10, 2);"
    return script


@pytest.fixture
def counted(answer, open_script, select):
    """The requests of each Worker, by the name that a table gives it."""

    def counted(*scripts, period="7d", **choice):
        source = open_script("".join(scripts))
        selection = select(period, **choice)
        frame = answer(queries.requests_by_worker, selection, source=source).frame
        over = answer(queries.requests_over_time, selection, source=source).frame
        sums = frame.groupby("worker")["requests"].sum()
        assert over["requests"].sum() == sums.sum()
        assert (frame["timed"] >= 0).all()
        return {worker: count for worker, count in sums.items() if count}

    return counted


def test_from_its_first_full_hour_on_a_worker_is_tracked(counted):
    own = tracked(("a", 0, 5), ("a", 1, 7), ("a", 3, 9))
    seen = [("a", -1), ("a", HOUR - 1), ("a", HOUR), ("a", 2 * HOUR), ("a", 4 * HOUR - 1)]
    assert counted(own, logs(*seen)) == {"a": 2 + 7 + 9}


def test_the_hour_in_which_tracking_began_counts_unless_another_table_has_it(counted):
    own = tracked(("a", 0, 5), ("a", 1, 7))
    assert counted(own) == {"a": 12}
    assert counted(own, logs(("b", 60), ("a", -1))) == {"a": 13, "b": 1}
    assert counted(own, logs(("a", 0))) == {"a": 8}
    assert counted(own, hourly(("a", 0, 6), ("b", 1, 1))) == {"a": 13, "b": 1}
    assert counted(own, hourly(("b", 0, 6))) == {"a": 12, "b": 6}


def test_when_tracking_ends_the_other_tables_count_again(counted):
    own = tracked(("a", 0, 5), ("a", 1, 7))
    assert counted(own, logs(("a", 2 * HOUR - 1), ("a", 2 * HOUR))) == {"a": 5 + 7 + 1}
    assert counted(own, hourly(("a", 1, 8), ("a", 2, 3))) == {"a": 5 + 7 + 3}


def test_hours_of_cloudflare_take_the_place_of_all_logs_between_the_first_and_the_last(counted):
    hours = hourly(("script", 0, 10), ("script", 5, 10))
    seen = [("a", -1), ("a", 0), ("a", 3 * HOUR), ("a", 6 * HOUR - 1), ("a", 6 * HOUR)]
    assert counted(hours, logs(*seen)) == {"script": 20, "a": 2}


def test_a_worker_is_the_same_under_its_id_its_name_and_its_script(counted):
    own = tracked(("shop", 0, 5), ("shop", 1, 7), ("shop", 2, 1))
    seen = logs(("w1", 10), ("The shop", HOUR), ("w1", 2 * HOUR), ("w2", HOUR))
    assert counted(REGISTRY, own, seen) == {"w1": 1, "shop": 8, "w2": 1}
    hours = hourly(("w1", 0, 6), ("w1", 1, 6), ("mailer", 2, 3))
    assert counted(REGISTRY, own, seen, hours) == {"w1": 6, "shop": 8, "mailer": 3}
    upper = tracked(("THE SHOP", 0, 5), ("THE SHOP", 1, 7), ("THE SHOP", 2, 1))
    assert counted(REGISTRY, upper, seen) == {"w1": 1, "the shop": 8, "w2": 1}


def test_two_sources_of_an_hour_count_once_the_best_of_them(counted):
    def row(worker, after, requests, source, status="200"):
        return (worker, after, requests, {"source": source, "status": status})

    own = tracked(
        row("a", 0, 5, "track"), row("a", 0, 6, "tail"), row("a", 0, 2, "events"),
        row("a", 1, 6, "tail"), row("a", 1, 2, "tail", "500"), row("a", 1, 90, "events"),
        row("a", 2, 3, "events"),
        row("b", 0, 50, "events"),
    )  # fmt: skip
    assert counted(own) == {"a": 5 + 8 + 3, "b": 50}
    names = tracked(row("shop", 1, 5, "track"), row("w1", 1, 9, "tail"), row("w1", 2, 4, "tail"))
    assert counted(REGISTRY, names) == {"shop": 5, "w1": 4}


def test_a_project_is_that_of_the_event_otherwise_that_of_the_registry(counted):
    own = tracked(("shop", 1, 5), ("shop", 1, 3, {"project": "p3"}), ("mailer", 1, 2))
    assert counted(REGISTRY, own, projects=("p1",)) == {"shop": 5}
    assert counted(REGISTRY, own, projects=("p3",)) == {"shop": 3}
    assert counted(REGISTRY, own, projects=("p2", "p3")) == {"shop": 3, "mailer": 2}
    assert counted(REGISTRY, own, teams=("t1",)) == {"shop": 5}
    assert counted(REGISTRY, own, teams=("t2",)) == {"shop": 3, "mailer": 2}


def test_a_source_is_chosen_before_a_project_is(counted):
    own = tracked(
        ("shop", 1, 5, {"project": "p3"}), ("shop", 1, 6, {"source": "tail", "project": "p1"})
    )
    assert counted(REGISTRY, own, projects=("p1",)) == {}
    assert counted(REGISTRY, own, projects=("p3",)) == {"shop": 5}


@pytest.mark.parametrize("there", range(8))
def test_any_of_the_tables_may_be_missing_or_empty(counted, there):
    full = [tracked(("a", 0, 1), ("a", 1, 1)), hourly(("b", 5, 2)), logs(("c", 60))]
    empty = [tracked(), hourly(), logs()]
    expected = [{"a": 2}, {"b": 2}, {"c": 1}]
    for missing in ([""] * 3, empty):
        scripts = [full[n] if there & 1 << n else missing[n] for n in range(3)]
        wanted = {}
        for n in range(3):
            wanted |= expected[n] if there & 1 << n else {}
        assert counted(*scripts) == wanted


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/New_York"])
def test_an_hour_is_on_the_local_day_on_which_it_begins(answer, open_script, select, zone):
    """The clocks of New York go back on 1 Nov 2026: that day has 25 hours."""
    first = int(datetime(2026, 10, 30, tzinfo=UTC).timestamp())
    hours = [(first + n * HOUR - NOON) // HOUR for n in range(96)]
    source = open_script(tracked(*(("a", after, 1) for after in hours)))
    selection = select(Period(date(2026, 10, 30), date(2026, 11, 3)), zone=zone, grain="day")
    frame = answer(queries.requests_over_time, selection, source=source).frame
    days = Counter(
        datetime.fromtimestamp(NOON + after * HOUR, ZoneInfo(zone)).date() for after in hours
    )
    found = dict(zip(frame["day"].dt.date, frame["requests"], strict=True))
    assert found == {day: count for day, count in days.items() if day in selection.period}
    if zone == "America/New_York":
        assert found[date(2026, 11, 1)] == 25


class ByTheRule:
    """What counts, by the rule in words; `names` maps the names of a Worker to its ID."""

    def __init__(self, names, tracked_rows, hours, seen):
        self.names, self.tracked, self.hours, self.seen = names, tracked_rows, hours, seen
        self.spans = {}
        for name, at, *_ in tracked_rows:
            first, last = self.spans.get(self.of(name), (at, at))
            self.spans[self.of(name)] = min(first, at), max(last, at)

    def of(self, name):
        return self.names.get(name, name)

    def is_tracked(self, name, at):
        first, last = self.spans.get(self.of(name), (0, -2 * HOUR))
        return first + HOUR <= at < last + HOUR

    def of_others(self):
        starts = [at for _, at, *_ in self.hours]
        covered = range(min(starts), max(starts) + HOUR) if starts else range(0)
        yield from self.hours
        yield from ((name, at, 1) for name, at in self.seen if at not in covered)

    def of_the_best_source(self):
        rank = ["track", "tail", "events"].index
        best = {}
        for name, at, _, source in self.tracked:
            key = self.of(name), at
            best[key] = min(best.get(key, source), source, key=rank)
        return [row for row in self.tracked if row[3] == best[self.of(row[0]), row[1]]]

    def counts(self):
        rows = [row for row in self.of_others() if not self.is_tracked(*row[:2])]
        hours = {(self.of(name), at // HOUR * HOUR) for name, at, _ in rows}
        for name, at, count, _ in self.of_the_best_source():
            if at > self.spans[self.of(name)][0] or (self.of(name), at) not in hours:
                rows.append((name, at, count))
        found = Counter()
        for name, _, count in rows:
            found[name.lower()] += count
        return found


@pytest.mark.parametrize("seed", range(4))
def test_any_tables_count_as_the_rule_says(counted, seed):
    rng = random.Random(seed)  # noqa: S311
    names = {"w1": "w1", "shop": "w1", "The shop": "w1", "w2": "w2", "mailer": "w2"}
    words = [*names, "stranger"]
    own = {
        (rng.choice(words), rng.randrange(-9, 9), rng.choice(["track", "tail", "events"]))
        for _ in range(rng.randrange(12))
    }
    own = [(word, after, rng.randrange(1, 9), source) for word, after, source in sorted(own)]
    hours = {(rng.choice(words), rng.randrange(-4, 4)) for _ in range(rng.randrange(8))}
    hours = [(word, after, rng.randrange(1, 9)) for word, after in sorted(hours)]
    seen = [(rng.choice(words), rng.randrange(-12 * HOUR, 12 * HOUR)) for _ in range(60)]
    scripts = [
        tracked(*((*row[:3], {"source": row[3]}) for row in own)), hourly(*hours), logs(*seen)
    ]  # fmt: skip
    expected = ByTheRule(
        names,
        [(word, NOON + after * HOUR, *rest) for word, after, *rest in own],
        [(word, NOON + after * HOUR, count) for word, after, count in hours],
        [(word, NOON + after) for word, after in seen],
    )
    assert counted(REGISTRY, *scripts) == expected.counts()


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("worker", [None, "w1"])
def test_the_rows_behind_requests_are_those_of_the_table_that_counts(
    open_script, met, behind, select, rows, worker
):
    unknown = {"status": "-", "errors": None}
    own = tracked(
        ("w1", 0, 5, {"errors": 1}),
        ("w1", 1, 7),
        ("w1", 1, 2, unknown),
        ("w1", 1, 4, {"source": "tail"}),
    )
    source = open_script(
        REGISTRY
        + own
        + hourly(("w1", 1, 8), ("w2", 2, 3, 1), ("w2", 1, 6))
        + logs(("w1", -1), ("w2", 0), ("w2", HOUR), ("w2", 4 * HOUR), ("w2", 4 * HOUR))
    )
    selection = select("7d", workers=(worker,) if worker else ())
    told = []
    for metric, of in [(REQUESTS, []), (ERROR_RATE, []), (ERROR_RATE, [("side", KNOWN)])]:
        pages, total, asked = behind(metric, *of, over=selection, source=source, rows=rows)
        listed = pd.concat(pages)
        assert total.lines == len(listed)
        assert total.amount == listed[asked.behind.amount].sum()
        told.append(total.amount)
    requests, failed, known = told
    assert requests == met(figures.requests, selection, source).value
    assert failed / known == met(figures.error_rate, selection, source).value
    assert told == ([15, 1, 13] if worker else [27, 2, 25])


def test_a_worker_that_is_only_tracked_is_deployed_and_listed(open_script, met, select):
    rows = tracked(("shop", 0, 5), ("new one", 3, 2, {"project": "p3"}))
    source = open_script(REGISTRY + rows)
    assert met(figures.deployed_workers, "7d", source).value == 3
    known, logged = (
        met(need, select("7d", projects=("p3",)), source)
        for need in (workers.Known, workers.ByWorker)
    )
    [row] = workers.table(known, logged).frame.itertuples()
    assert (row.name, row.requests) == ("new one", 2)
    assert row.last_request.timestamp() == NOON + 3 * HOUR


def test_the_help_says_which_tables_the_requests_come_from(open_script, met):
    both = open_script(tracked(("a", 24, 5), ("a", 26, 7)) + logs(("a", -1), ("a", 9)))
    note = met(figures.requests, "7d", both).note
    assert "From tracked_hourly since 21 Nov 2026, before that from worker_logs." in note
    alone = open_script(logs(("a", -1)))
    assert "From " not in met(figures.requests, "7d", alone).note


def test_durations_of_tracked_requests_are_those_of_their_buckets(open_script, met, answer):
    durations = {"50": 90, "100": 9, "120": 1}
    source = open_script(
        tracked(
            ("a", 1, 100, {"durations": durations, "errors": 4}),
            ("a", 1, 7, {"status": "unknown", "errors": None}),
        )
    )
    median, slow, slowest = (met(one, "7d", source).value for one in figures.response_times)
    assert median == pytest.approx(1.04**50.5, rel=0.03)
    assert slow == pytest.approx(1.04**100.5, rel=0.03)
    assert slowest == pytest.approx(1.04**101, rel=0.04)
    rate = met(figures.error_rate, "7d", source)
    assert rate.value == pytest.approx(4 / 100)
    assert "4 of 100 failed. 7 requests have no outcome." in rate.note
    [(requests, errors)] = answer(queries.worker_errors, "7d", source=source).frame.itertuples(
        index=False, name=None
    )
    assert (requests, errors) == (100, 4)


def test_cpu_time_of_tracked_requests_comes_from_the_tables_that_measure_it(open_script, answer):
    seen = logs(("a", 0), ("a", HOUR), ("a", 2 * HOUR))
    source = open_script(tracked(("a", 0, 5), ("a", 1, 7), ("a", 2, 1)) + seen)
    [row] = answer(queries.worker_use, "7d", source=source).frame.itertuples()
    assert (row.requests, row.cpu_ms) == (1 + 7 + 1, 3 * 2)
