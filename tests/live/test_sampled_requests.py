"""A row of a sampled log counts as often as it stands for, and the cards say so."""

import pytest
from live_databases import SECOND

from meaux.query import latency
from meaux.subjects.workers import frames as workers
from meaux.subjects.workers import sources


@pytest.fixture
def logged(live):
    """A log of Workers in which rows stand for others."""

    def logged(*rows, interval="sample_interval"):
        columns = f"worker_id TEXT, timestamp INTEGER, status INTEGER, duration_ms REAL, {interval}"
        values = ", ".join(f"('w', {SECOND}, {row})" for row in rows)
        return live(
            f"CREATE TABLE worker_logs ({columns}, cpu_ms REAL);"
            f"INSERT INTO worker_logs VALUES {values};"
        )

    return logged


ROWS = "200, 10, 90, 1", "500, 1000, 9, 2", "200, 20, NULL, 3", "NULL, 30, 0, 4"


@pytest.mark.parametrize("interval", ["sample_interval", "_sample_interval"])
def test_requests_failures_and_the_processor_count_as_often_as_a_row_stands_for(logged, interval):
    found = logged(*ROWS, interval=interval)
    for query in ("requests_over_time", "requests_by_duration", "requests_by_worker"):
        counted = found.frame(query)
        assert (counted["requests"].sum(), counted["errors"].sum()) == (101, 9), query
        assert counted["untold"].sum() == 1, query
        assert workers.error_rate(counted) == 9 / 100, query
    over = found.frame("requests_over_time")
    assert over["comparable_requests"].sum() == 101
    used = found.frame("worker_use")
    assert (used["requests"].sum(), used["cpu_ms"].sum()) == (101, 90 + 18 + 3 + 4)
    alerted = found.frame("worker_errors")
    assert (alerted["requests"].sum(), alerted["errors"].sum()) == (100, 9)


def test_percentiles_are_of_all_that_the_rows_stand_for(logged):
    found = latency.histogram(logged(*ROWS).frame("requests_by_duration"))
    assert found.percentile(0.5) == pytest.approx(10, rel=0.05)
    assert found.percentile(0.95) == pytest.approx(1000, rel=0.05)


def test_that_it_was_sampled_is_said_and_only_then(logged):
    over = logged(*ROWS).ask("requests_over_time")
    assert sources.sampled(over) == "Sampled: 4 log entries represent 101 requests."
    plain = logged("200, 10, 1, 1", "200, 10, NULL, 1").ask("requests_over_time")
    assert plain.frame["requests"].sum() == 2
    assert sources.sampled(plain) == ""
