"""A consumer that is killed at any moment counts each request once, on a D1 that stays."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count

import pytest
import requests
from worker.conftest import DATABASE, HERE, WORKER, bundle

pytestmark = pytest.mark.d1

AT_ONCE = 4
BATCHES = 40
LARGEST = 20
WORKERS, STATUSES, PROJECTS = ("a", "b"), ("200", "404", "500"), (None, "p")
SECONDS = 10
AGAIN = 0.1


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles")
    bundle(WORKER / "src" / "index.ts", folder / "index.js")
    bundle(HERE / "shop.ts", folder / "shop.js")
    return folder


class Consumer:
    """A consumer with a process of its own, and the database that outlives it.

    After it has taken `dies_after` batches, it is killed while it takes others.
    """

    dies_after = None

    def __init__(self, bundles, state):
        self._process = subprocess.Popen(
            [shutil.which("node"), HERE / "local.mjs", WORKER, bundles, state, DATABASE],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._taken = count()
        self._url = self._process.stdout.readline().strip()

    def take(self, batch):
        """Hand it a batch; return whether it says that all is written."""
        try:
            answer = requests.post(f"{self._url}/deliver", json=batch, timeout=SECONDS)
        except requests.RequestException:
            return False
        if next(self._taken) == self.dies_after:
            self.kill()
        return answer.ok and answer.json()["ackAll"]

    def kill(self):
        """End it and the engine at once, without a chance to finish anything."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()


@pytest.fixture
def state(tmp_path, new_file):
    """A D1 with the tables of the Worker, laid where the engine looks for its file."""
    (tmp_path / DATABASE).mkdir()
    shutil.copy(new_file, tmp_path / DATABASE / "db.sqlite")
    (tmp_path / DATABASE / "db.sqlite-wal").touch()
    return tmp_path


def file_in(state):
    """The file that the engine has made of it."""
    [file] = (each for each in state.rglob("*.sqlite") if each.stem != "metadata")
    return file


class Queue:
    """What a queue does: it holds messages until they are acknowledged, and delivers at least once.

    What comes again may come in another batch, and what was acknowledged may come again, too.
    """

    def __init__(self, made):
        self._made = made
        self._held = []
        self.sent = Counter()

    def fill(self, round_):
        for n in range(BATCHES * LARGEST // 2):
            event = {
                "worker": self._made.choice(WORKERS),
                "status": self._made.choice(STATUSES),
                "project": self._made.choice(PROJECTS),
                "route": f"/{self._made.randrange(3)}",
                "outcome": "ok",
                "duration": 1,
                "at": int(time.time() * 1000),
                "source": "track",
            }
            self.sent[event["worker"], event["status"], event["project"] or ""] += 1
            self._held.append({"id": f"{round_} {n}", "body": event, "attempts": 1})

    def batches(self):
        """Return all that is held, in batches made anew."""
        self._made.shuffle(self._held)
        left, found = list(self._held), []
        while left:
            size = self._made.randrange(1, LARGEST)
            found.append(left[:size])
            del left[:size]
        return found

    def deliver(self, consumer):
        """Deliver everything; keep what isn't acknowledged, and one message that is."""
        batches = self.batches()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            taken = list(pool.map(consumer.take, batches))
        self._held = [
            {**message, "attempts": message["attempts"] + 1}
            for batch, is_taken in zip(batches, taken, strict=True)
            for message in (batch if not is_taken else batch[: self._made.random() < AGAIN])
        ]
        return sum(taken), len(batches)


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.soak)])
def test_a_consumer_that_is_killed_doubles_and_loses_no_request(bundles, state, kills):
    made = random.Random(kills)  # noqa: S311
    queue = Queue(made)
    in_the_middle = 0
    for round_ in range(kills):
        queue.fill(round_)
        consumer = Consumer(bundles, state)
        consumer.dies_after = made.randrange(BATCHES // 2)
        taken, of = queue.deliver(consumer)
        consumer.kill()
        in_the_middle += 0 < taken < of
    consumer = Consumer(bundles, state)
    try:
        while queue.batches():
            queue.deliver(consumer)
    finally:
        consumer.kill()
    assert in_the_middle > kills / 2
    with closing(sqlite3.connect(file_in(state))) as connection:
        ask = connection.execute
        rows = ask(
            "SELECT worker, status, project, sum(requests) FROM tracked_hourly GROUP BY 1, 2, 3"
        )
        assert {tuple(key): counted for *key, counted in rows} == queue.sent
        totals = dict(ask("SELECT worker_id, total_requests FROM worker_stats"))
        routes = dict(ask("SELECT worker, sum(requests) FROM tracked_routes GROUP BY 1"))
        [(milliseconds,)] = ask("SELECT sum(duration_ms_sum) FROM tracked_hourly")
    sums = Counter()
    for (worker, _, _), sent in queue.sent.items():
        sums[worker] += sent
    assert totals == routes == sums
    assert milliseconds == sums.total()
