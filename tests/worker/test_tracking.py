"""Each request of a Worker is counted once, and the Worker never notices."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import drawn
import pytest
from worker.conftest import PATIENCE, WORKER

from meaux.data.settings import PROJECT

pytestmark = pytest.mark.d1

FIGURES = PROJECT / "data" / "soak" / "tracking.tsv"
FEW = 300
MANY = 121_000
AT_ONCE = 8
SHOPS = 5
A_CALL = 2_200
"""The local queue holds at most ten thousand messages."""


WITHOUT_PROJECTS = """
CREATE TABLE tracked_hourly (
  worker TEXT NOT NULL, hour INTEGER NOT NULL, status TEXT NOT NULL, requests INTEGER NOT NULL,
  errors INTEGER, duration_ms_sum REAL, durations TEXT, source TEXT NOT NULL,
  sampled INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (worker, hour, status, source)
)"""


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
    """Five Workers serve 121,000 requests; the figures are written down."""
    begun, before = time.monotonic(), worker.metered()
    shops = [f"soaked {n}" for n in range(SHOPS)]

    def arrived():
        return sum(map(worker.requests, shops))

    for sent in range(A_CALL, MANY + 1, A_CALL):
        assert worker.get("/shop/many", **{"as": "soaked", "n": A_CALL}).ok
        worker.until(lambda sent=sent: arrived() >= sent)
    each = MANY // SHOPS
    for shop in shops:
        expected = {"200": (each // 2, 0), "404": (each // 4, 0), "500": (each // 4, each // 4)}
        assert worker.hourly(shop) == expected
        assert worker.sql("SELECT total_requests FROM worker_stats WHERE worker_id = ?1", shop) == [
            (each,)
        ]
    read, written = (now - then for now, then in zip(worker.metered(), before, strict=True))
    drawn.note(
        "121,000 tracked requests",
        f"{read} rows read, {written} rows written",
        time.monotonic() - begun,
        FIGURES,
    )


def test_a_failure_of_the_worker_is_recorded_and_thrown_on(worker):
    failed = worker.get("/shop", **{"as": "failing", "throw": 1})
    assert failed.status_code == 500
    assert "made to fail" in failed.text
    worker.until(lambda: worker.requests("failing"))
    assert worker.hourly("failing") == {"exception": (1, 1)}


@pytest.mark.parametrize(
    ("queue", "reason"),
    [
        ("BROKEN", "the queue is down"),
        ("NO_SUCH_QUEUE", "There is no queue bound as NO_SUCH_QUEUE"),
        ("HANGING", "The queue doesn't answer"),
    ],
)
def test_a_worker_whose_queue_is_down_still_answers_and_the_requests_are_counted(
    worker, queue, reason
):
    name = f"without {queue}"
    down = [worker.get("/shop", **{"as": name, "queue": queue}) for _ in range(3)]
    assert [answer.text for answer in down] == ["sold"] * 3
    # If responses waited for the queue, each of them would.
    assert min(answer.elapsed.total_seconds() for answer in down) < PATIENCE
    dropped = f"Not tracked so far: 3 requests. {reason}"
    worker.until(lambda: dropped in worker.log.read_text())
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


def test_requests_are_counted_for_their_project(worker):
    for project in ("one", "two", "two"):
        worker.get("/shop", **{"as": "of projects", "project": project})
    worker.get("/shop", **{"as": "of projects"})
    worker.until(lambda: worker.requests("of projects") >= 4)
    assert worker.sql(
        "SELECT project, status, sum(requests) FROM tracked_hourly WHERE worker = 'of projects'"
        " GROUP BY 1, 2 ORDER BY 1"
    ) == [("", "200", 1), ("one", "200", 1), ("two", "200", 2)]


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


def test_a_table_without_projects_is_named_and_the_batch_comes_again(worker):
    worker.sql("ALTER TABLE tracked_hourly RENAME TO later")
    worker.sql(WITHOUT_PROJECTS)
    try:
        assert worker.post("/deliver", [message("early 1", event("early"))]).json()["retryBatch"][
            "retry"
        ]
    finally:
        worker.sql("DROP TABLE tracked_hourly")
        worker.sql("ALTER TABLE later RENAME TO tracked_hourly")
    worker.until(lambda: "--file add-project.sql" in worker.log.read_text())
    worker.post("/deliver", [message("early 1", event("early"), attempts=2)])
    assert worker.hourly("early") == {"200": (1, 0)}


def test_projects_are_added_to_a_table_without_losing_a_row(tmp_path, new_file):
    add = (WORKER / "add-project.sql").read_text()
    columns = (
        "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo('tracked_hourly')"
    )
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.execute(WITHOUT_PROJECTS)
        rows = [("a", hour, "200", hour, 1, 2.5, "{}", "track", 0) for hour in range(50)]
        old.executemany(f"INSERT INTO tracked_hourly VALUES ({', '.join('?' * 9)})", rows)
        old.executescript(add)
        after = old.execute("SELECT * FROM tracked_hourly").fetchall()
        assert after == [(*row, "") for row in rows]
        with closing(sqlite3.connect(new_file)) as new:
            assert old.execute(columns).fetchall() == new.execute(columns).fetchall()
        with pytest.raises(sqlite3.OperationalError, match="duplicate column"):
            old.executescript(add)
        assert old.execute("SELECT * FROM tracked_hourly").fetchall() == after
        assert old.execute("SELECT count(*) FROM sqlite_master").fetchone() == (2,)


# Routes


def routes(worker, name):
    return dict(worker.sql("SELECT route, requests FROM tracked_routes WHERE worker = ?1", name))


def test_routes_are_counted_by_day(worker):
    hostile = """it\'s "so" \\ $.a[b] é"""
    seen = ["/a", "/a", "/orders/7", "/orders/8", hostile, "__proto__"]
    now = time.time()
    for name in ("one", "two"):
        batch = [
            message(f"route {name} {n}", event("routed", route=route, at=int(now * 1000)))
            for n, route in enumerate(seen)
        ]
        worker.post("/deliver", batch)
    assert routes(worker, "routed") == {"/a": 4, "/orders/:id": 4, hostile: 2, "__proto__": 2}
    [(day,)] = worker.sql("SELECT DISTINCT day FROM tracked_routes WHERE worker = 'routed'")
    assert day % 86_400 == 0
    assert 0 <= now - day < 86_400


def test_paths_that_somebody_makes_up_are_added_up_and_leave_the_frequent_ones(worker):
    now = int(time.time() * 1000)
    for n in range(4):
        made_up = [event("scanned", route=f"/{n}-{path}", at=now) for path in range(120)]
        frequent = [event("scanned", route="/shop", at=now)] * 3
        batch = [message(f"scan {n} {m}", one) for m, one in enumerate([*made_up, *frequent])]
        worker.post("/deliver", batch)
    found = routes(worker, "scanned")
    assert len(found) == 101
    assert found["/shop"] == 12
    assert sum(found.values()) == 4 * 123
    assert found["(other)"] == 4 * 123 - 12 - 99


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
