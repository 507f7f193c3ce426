"""Unusual days of Workers are found where they happen, and quiet ones have none."""

from datetime import date

import numpy as np
import pytest

from meaux.query.forecast import judge_within
from meaux.subjects.rows import Opening
from meaux.subjects.workers.cards import error_rate, requests, unusual_days
from meaux.subjects.workers.unusual import Unusual, table

LOG = """
CREATE TABLE cloudflare_workers (id TEXT, name TEXT);
INSERT INTO cloudflare_workers VALUES ('w1', 'api'), ('w2', 'images');
CREATE TABLE worker_logs (worker_id TEXT, timestamp TEXT, status INTEGER);
WITH RECURSIVE d (day) AS (
  SELECT '2026-10-20' UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2026-11-22'),
n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 30)
INSERT INTO worker_logs
  SELECT column1, day || 'T09:00:00Z', iif(k = 1, 500, 200) FROM d, n, (VALUES ('w1'), ('w2'));
"""


def more(count, worker, status, day="2026-11-12"):
    return (
        f"WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {count})"
        f" INSERT INTO worker_logs SELECT '{worker}', '{day}T10:00:00Z', {status} FROM n;"
    )


@pytest.fixture
def found(database_of, met):
    def found(script="", wanted=Unusual, period="30d"):
        return met(wanted, period, database_of(LOG + script))

    return found


def test_days_like_all_others_are_none(found):
    assert found() == ()
    assert found(wanted=unusual_days) is None


def test_a_worker_that_fails_on_a_day_is_named_with_its_errors(found):
    [one] = found(more(40, "w2", 503))
    assert one.text == "images: 41 errors; usually 1"
    assert one.label == "12 Nov, images, errors"
    [row] = table((one,)).to_numpy().tolist()
    assert row[1:] == ["images", "Errors", 41, 1]
    assert row[0].date() == one.day == date(2026, 11, 12)


def test_requests_and_errors_are_marked_on_their_charts(found):
    script = more(300, "w1", 200, "2026-11-05") + more(40, "w2", 503)
    assert [(one.worker, one.measure, one.count) for one in found(script)] == [
        ("images", "errors", 41),
        ("api", "requests", 330),
    ]
    marks = found(script, error_rate).draw.keywords["marks"]
    assert marks["day"].dt.date.tolist() == [date(2026, 11, 12)]
    assert marks["value"].tolist() == pytest.approx([42 / 100])
    marks = found(script, requests).draw.keywords["marks"]
    assert marks["day"].dt.date.tolist() == [date(2026, 11, 5)]
    assert marks["value"].tolist() == [360]


def test_an_unusual_day_leads_to_its_rows(found):
    script = more(300, "w1", 200, "2026-11-05") + more(40, "w2", 503)
    assert dict(found(script, unusual_days).opens) == {
        "12 Nov, images, errors": Opening(
            "error_rate",
            (("side", "Failed"), ("worker", "w2"), ("days", "2026-11-12..2026-11-12")),
        ),
        "5 Nov, api, requests": Opening(
            "requests", (("worker", "w1"), ("days", "2026-11-05..2026-11-05"))
        ),
    }


@pytest.mark.parametrize("period", ["7d", "90d"])
def test_few_days_tell_nothing_and_many_are_not_read(found, period):
    assert found(more(300, "w1", 500), period=period) == ()


def test_quiet_workers_have_few_unusual_days():
    """Ten Workers with a weekly rhythm, 30 days; measured over ten seeds and two shapes."""
    week = np.where(np.arange(30) % 7 < 5, 1.0, 0.4)[:, None]
    counts = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        size = rng.lognormal(6, 1, 10)
        for noise in (rng.gamma(6, 1 / 6, (30, 10)), rng.lognormal(-0.05, 0.3, (30, 10))):
            parts = rng.poisson(size * week * noise).astype(float)
            values = np.column_stack([parts.sum(axis=1), parts])
            counts.append(judge_within(values, 100).unusual[:, 1:].sum())
    assert sum(counts) / len(counts) <= 1
