"""Each request of a Worker is counted once, and the Worker never notices."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.d1

FEW = 300
MANY = 121_000
AT_ONCE = 8
A_CALL = 2_750
"""The local queue holds at most ten thousand messages."""


def event(worker, **told):
    return {
        "worker": worker,
        "route": "/",
        "status": "200",
        "outcome": "ok",
        "duration": 5,
        "project": None,
        "at": int(time.time() * 1000),
        "source": "track",
    } | told


def message(name, body, attempts=1):
    return {"id": name, "body": body, "attempts": attempts}


def test_every_request_arrives_once_by_status(worker):
    statuses = [200, 200, 404, 500]

    def ask(n):
        return worker.get("/shop", **{"as": "exact", "status": statuses[n % 4]}).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sorted(pool.map(ask, range(FEW))) == sorted(statuses * (FEW // 4))
    worker.until(lambda: worker.requests("exact") >= FEW)
    assert worker.hourly("exact") == {"200": (150, 0), "404": (75, 0), "500": (75, 75)}
    [(total, last)] = worker.sql(
        "SELECT total_requests, last_request_at FROM worker_stats WHERE worker_id = 'exact'"
    )
    assert total == FEW
    assert abs(last - time.time()) < 60


@pytest.mark.soak
def test_a_day_of_requests_arrives_exactly(worker):
    for sent in range(A_CALL, MANY + 1, A_CALL):
        assert worker.get("/shop/many", **{"as": "soaked", "n": A_CALL}).ok
        worker.until(lambda sent=sent: worker.requests("soaked") >= sent)
    assert worker.hourly("soaked") == {"200": (MANY, 0)}


def test_a_failure_of_the_worker_is_recorded_and_thrown_on(worker):
    failed = worker.get("/shop", **{"as": "failing", "throw": 1})
    assert failed.status_code == 500
    assert "made to fail" in failed.text
    worker.until(lambda: worker.requests("failing"))
    assert worker.hourly("failing") == {"exception": (1, 1)}


@pytest.mark.parametrize("queue", ["BROKEN", "NO_SUCH_QUEUE"])
def test_a_worker_whose_queue_is_down_still_answers_and_the_requests_are_counted(worker, queue):
    name = f"without {queue}"
    down = [worker.get("/shop", **{"as": name, "queue": queue}).text for _ in range(3)]
    assert down == ["sold"] * 3
    assert worker.get("/shop", **{"as": name}).text == "sold"
    worker.until(lambda: worker.requests(name) >= 4)
    assert worker.hourly(name) == {"200": (1, 0), "unknown": (3, None)}


def test_the_worker_is_timed(worker):
    worker.get("/shop", **{"as": "slow", "wait": 60})
    worker.until(lambda: worker.requests("slow"))
    [(milliseconds, durations)] = worker.sql(
        "SELECT duration_ms_sum, durations FROM tracked_hourly WHERE worker = 'slow'"
    )
    [(bucket, count)] = json.loads(durations).items()
    assert milliseconds >= 59
    assert 1.04 ** int(bucket) <= milliseconds < 1.04 ** (int(bucket) + 1)
    assert count == 1


def test_a_batch_that_is_delivered_again_counts_once(worker):
    batch = [message(f"again {n}", event("again")) for n in range(3)]
    for _ in range(3):
        assert worker.post("/deliver", batch).json()["outcome"] == "ok"
    assert worker.hourly("again") == {"200": (3, 0)}


def test_a_message_that_comes_again_in_another_batch_counts_once(worker):
    first = [message(f"mixed {n}", event("mixed")) for n in range(3)]
    worker.post("/deliver", first)
    second = [message("mixed 1", event("mixed"), attempts=2), message("mixed 9", event("mixed"))]
    for _ in range(2):
        worker.post("/deliver", second)
    assert worker.hourly("mixed") == {"200": (4, 0)}


def test_what_is_no_event_stops_no_other(worker):
    batch = [message("bad 1", "no event"), message("bad 2", {"worker": 7}), message("bad 3", None)]
    worker.post("/deliver", [*batch, message("good", event("among bad ones"))])
    assert worker.hourly("among bad ones") == {"200": (1, 0)}


def test_a_missing_table_is_named_and_the_batch_comes_again(worker):
    worker.sql("ALTER TABLE tracked_hourly RENAME TO gone")
    try:
        batch = [message("table 1", event("no table"))]
        assert worker.post("/deliver", batch).json()["retryBatch"]["retry"]
    finally:
        worker.sql("ALTER TABLE gone RENAME TO tracked_hourly")
    assert worker.sql("SELECT * FROM worker_stats WHERE worker_id = 'no table'") == []
    worker.until(lambda: "The table tracked_hourly is missing" in worker.log.read_text())
    worker.post("/deliver", [{**batch[0], "attempts": 2}])
    assert worker.hourly("no table") == {"200": (1, 0)}


def test_batches_are_forgotten_after_an_hour(worker):
    worker.sql("INSERT INTO meaux_batches VALUES ('old', '[\"old\"]', unixepoch() - 3700)")
    worker.post("/deliver", [message("newer", event("newer"))])
    assert worker.sql("SELECT id FROM meaux_batches WHERE id = 'old'") == []


def test_a_worker_that_can_not_be_changed_is_followed_by_its_tail(worker):
    before = worker.hourly("127.0.0.1").get("404", (0, 0))[0]
    for _ in range(5):
        assert worker.get("/tailed/missing").status_code == 404
    worker.until(lambda: worker.hourly("127.0.0.1").get("404", (0, 0))[0] >= before + 5)
    [(source, status)] = worker.sql(
        "SELECT DISTINCT source, status FROM tracked_hourly"
        " WHERE worker = '127.0.0.1' AND status = '404'"
    )
    assert (source, status) == ("tail", "404")
