"""A Worker wrapped by one line is on the dashboard within a minute."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from worker.conftest import DATABASE

from meaux.data.database import D1
from meaux.data.source import open_source
from meaux.query.filters import Period, Selection
from meaux.subjects.workers import figures
from meaux.subjects.workers import frames as workers

pytestmark = pytest.mark.d1

STATUSES = [200] * 30 + [500] * 6
SLOW = 4
WAIT = 200
A_MINUTE = 60
LONGER = 20 - 1
"""How many seconds a batch of the queue waits longer where the Worker is deployed than here."""


def test_its_requests_errors_and_response_times_are_shown_within_a_minute(worker, met, no_override):
    began = time.time()
    asked = [worker.get("/shop", **{"as": "live", "status": status}) for status in STATUSES]
    assert [answer.status_code for answer in asked] == STATUSES
    slow = [worker.get("/shop", **{"as": "live", "wait": WAIT}) for _ in range(SLOW)]
    assert all(answer.ok for answer in slow)
    ended = time.time()
    sent = len(STATUSES) + SLOW
    worker.until(lambda: worker.requests("live") >= sent)
    database = D1("", DATABASE, "", f"{worker.url}/cdn-cgi/explorer/api")
    source = open_source(database, no_override)
    today = datetime.now(UTC).date()
    around = Period(today - timedelta(1), today + timedelta(1))
    selection = Selection(around, today)
    known, logged = (met(need, selection, source) for need in (workers.Known, workers.ByWorker))
    shown = workers.table(known, logged).frame.set_index("name").loc["live"]
    took = time.time() - ended
    assert took + LONGER < A_MINUTE
    assert shown["requests"] == sent
    assert shown["error_rate"] == pytest.approx(6 / sent)
    slowest = 1000 * max(answer.elapsed.total_seconds() for answer in [*asked, *slow])
    assert WAIT * 0.96 <= shown["p95"] <= slowest * 1.04
    requests = met(figures.requests, selection, source)
    [(counted,)] = worker.sql(
        "SELECT sum(requests) FROM tracked_hourly WHERE hour >= ?1", str(int(began) // 3600 * 3600)
    )
    assert requests.value >= counted
    assert "From tracked_hourly." in requests.note
    database.close()
