"""The Worker as wrangler runs it: with a real D1, KV, queue and cache, on loopback."""

import hashlib
import hmac
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import requests
from d1.conftest import CountingAdapter, stop
from ports import free_port

from meaux.data.database import D1, SQLiteFile
from meaux.data.source import open_source

HERE = Path(__file__).parent
WORKER = HERE.parents[1] / "worker"
PROGRAMS = WORKER / "node_modules" / ".bin"

DATABASE = "00000000-0000-4000-8000-00000000d1e0"
DEMO = "00000000-0000-4000-8000-00000000d1e1"
NAMESPACE = "0000000000000000000000000000cafe"
GATEWAY_KEY = "a-key-that-was-made-up"
EVENTS_SECRET = "a-secret-that-was-made-up"  # noqa: S105
RESEND_SECRET = "whsec_bWFkZSB1cCBmb3IgdGVzdHM="  # noqa: S105

TRIES = 600
SECONDS_BETWEEN = 0.1
SECONDS = 30
PATIENCE = 1
"""Seconds after which a Worker gives up on its queue."""
BUSY = 503
AN_HOUR, LAST_OF_IT = 3600, 40
"""In seconds: the tests of answers that are kept take fewer than these last ones."""


def need_node():
    """Skip without node; put what the Worker is built with where it is pinned to be."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: no Worker can run here")
    if not (WORKER / "node_modules" / ".package-lock.json").exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=WORKER, check=True, capture_output=True)


def bundle(source, target):
    """Make one file of a TypeScript module and what it imports."""
    need_node()
    command = [PROGRAMS / "esbuild", source, "--bundle", "--format=esm"]
    subprocess.run([*command, f"--outfile={target}"], cwd=WORKER, check=True, capture_output=True)


@contextmanager
def in_node(folder, source):
    """Run a module in Node, and return its function `answer`, which takes and returns JSON."""
    bundle(HERE / source, folder / "bundle.mjs")
    shutil.copy(HERE / "lines.mjs", folder)
    with subprocess.Popen(
        [shutil.which("node"), folder / "lines.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:

        def answer(given):
            process.stdin.write(json.dumps(given) + "\n")
            return json.loads(process.stdout.readline())

        yield answer


class BusyError(Exception):
    """The explorer has too much to do."""


class Running:
    """A Worker that runs, and the Workers around it."""

    def __init__(self, folder, port, process):
        self.url = f"http://127.0.0.1:{port}"
        self.demo = f"{self.url}/demo"
        self.elsewhere = f"http://localhost:{port}"
        self.log = folder / "wrangler.log"
        self._process = process
        self.explorer = f"{self.url}/cdn-cgi/explorer/api"

    def get(self, path, **asked):
        return requests.get(f"{self.url}{path}", params=asked, timeout=SECONDS)

    def post(self, path, body, headers=None, url=None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return requests.post(f"{url or self.url}{path}", data, headers=headers, timeout=SECONDS)

    def sql(self, sql, *params):
        """Ask the database itself, past the Worker."""
        address = f"{self.explorer}/d1/database/{DATABASE}/raw"
        body = {"sql": sql, "params": list(params)}
        answer = requests.post(address, json=body, timeout=SECONDS)
        if answer.status_code == BUSY:
            raise BusyError(answer.text)
        assert answer.ok, answer.text
        return [tuple(row) for row in answer.json()["result"][0]["results"]["rows"]]

    def in_kv(self, key):
        """Whether KV holds an answer."""
        address = f"{self.explorer}/storage/kv/namespaces/{NAMESPACE}/values/{key}"
        return requests.get(address, timeout=SECONDS).ok

    def until(self, is_so):
        """Wait until something is so; fail if it never is."""
        for _ in range(TRIES):
            with suppress(BusyError):
                if is_so():
                    return
            try:
                self._process.wait(SECONDS_BETWEEN)
            except subprocess.TimeoutExpired:
                continue
            break
        pytest.fail(f"It never came so far:\n{self.log.read_text()[-3000:]}")

    def hourly(self, worker):
        """The rows of one Worker by status: requests, errors."""
        rows = self.sql(
            "SELECT status, sum(requests), sum(errors) FROM tracked_hourly WHERE worker = ?1"
            " GROUP BY 1 ORDER BY 1",
            worker,
        )
        return {status: (requests, errors) for status, requests, errors in rows}

    def metered(self):
        """The rows that D1 has read and written for the batches of the queue."""
        told = re.findall(r"metered: (\d+) read, (\d+) written", self.log.read_text())
        return sum(int(read) for read, _ in told), sum(int(written) for _, written in told)

    def requests(self, worker):
        return sum(count for count, _ in self.hourly(worker).values())

    def answers(self):
        try:
            return self.get("/tailed").ok
        except requests.RequestException:
            return False


def place(folder, files):
    """The sources as they are, with the IDs that the local databases and namespace have.

    The tests need less patience than a Worker has. The same Worker runs once more, on the demo,
    which nothing writes to.
    """
    shutil.copytree(WORKER / "src", folder / "worker" / "src")
    track = folder / "worker" / "src" / "track.ts"
    patience = "PATIENCE = 10_000"
    assert patience in track.read_text()
    track.write_text(track.read_text().replace(patience, f"PATIENCE = {PATIENCE * 1000}"))
    settings = (WORKER / "wrangler.toml").read_text()
    for given, wanted in (
        ("00000000000000000000000000000000", NAMESPACE),
        ("max_batch_timeout = 20", "max_batch_timeout = 1"),
        ('main = "src/index.ts"', 'main = "../tests/worker/metered.ts"'),
        ('ROUTES = "no"', 'ROUTES = "yes"'),
    ):
        assert given in settings
        settings = settings.replace(given, wanted)
    no_database = "00000000-0000-0000-0000-000000000000"
    (folder / "worker" / "wrangler.toml").write_text(settings.replace(no_database, DATABASE))
    (folder / "worker" / "demo.toml").write_text(
        settings.replace(no_database, DEMO)
        .replace('name = "meaux-worker"', 'name = "meaux-demo"')
        .partition("[[queues.consumers]]")[0]
    )
    secrets = {"GATEWAY_KEY": GATEWAY_KEY, "EVENTS_SECRET": EVENTS_SECRET}
    secrets["RESEND_SECRET"] = RESEND_SECRET
    lines = [f"{name}={json.dumps(value)}" for name, value in secrets.items()]
    (folder / "worker" / ".dev.vars").write_text("\n".join(lines))
    (folder / "tests" / "worker").mkdir(parents=True)
    for name in ("metered.ts", "shop.ts", "shop.toml", "tailed.ts", "tailed.toml"):
        shutil.copy(HERE / name, folder / "tests" / "worker")
    for database, file in files.items():
        state = folder / "state" / "v3" / "d1" / database
        state.mkdir(parents=True)
        shutil.copy(file, state / "db.sqlite")
        (state / "db.sqlite-wal").touch()


def start(folder, port):
    told = {
        "CI": "1",
        "CLOUDFLARE_CF_FETCH_ENABLED": "false",
        "WRANGLER_HIDE_BANNER": "true",
        "WRANGLER_SEND_METRICS": "false",
        "XDG_CONFIG_HOME": str(folder),
        "X_LOCAL_EXPLORER": "true",
    }
    workers = ["tests/worker/shop", "tests/worker/tailed", "worker/wrangler", "worker/demo"]
    ports = ["--ip", "127.0.0.1", "--port", str(port), "--inspector-port", str(free_port())]
    named = [part for name in workers for part in ("-c", f"{name}.toml")]
    with (folder / "wrangler.log").open("w") as log:
        return subprocess.Popen(
            [PROGRAMS / "wrangler", "dev", "--local", "--persist-to", "state", *named, *ports],
            cwd=folder,
            env=os.environ | told,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@pytest.fixture(scope="session")
def new_file(tmp_path_factory):
    """A database with the tables of the Worker, and without rows."""
    path = tmp_path_factory.mktemp("worker") / "new.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA synchronous = OFF;" + (WORKER / "schema.sql").read_text())
    return path


@pytest.fixture(scope="session")
def worker(new_file, full_demo_file, tmp_path_factory):
    need_node()
    folder = tmp_path_factory.mktemp("running")
    place(folder, {DATABASE: new_file, DEMO: full_demo_file})
    port = free_port()
    process = start(folder, port)
    running = Running(folder, port, process)
    try:
        running.until(running.answers)
        yield running
    finally:
        stop(process)


@pytest.fixture
def within_an_hour(worker):
    """Wait for the next hour at the end of one: an answer is kept for the hour it is read in."""
    worker.until(lambda: time.time() % AN_HOUR < AN_HOUR - LAST_OF_IT)


def signed(body, at=None, secret=EVENTS_SECRET):
    """The headers of events from outside."""
    at = str(int(time.time() if at is None else at))
    text = at.encode() + b"." + body
    signature = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {"Meaux-Timestamp": at, "Meaux-Signature": signature}


def demo_of(worker):
    return D1("an-account", DEMO, "", worker.demo, gateway_key=GATEWAY_KEY)


@pytest.fixture(scope="session")
def d1(worker):
    """The demo, read through the gateway."""
    database = demo_of(worker)
    yield database
    database.close()


@pytest.fixture
def counted(worker):
    """A gateway that counts its HTTP calls."""
    database = demo_of(worker)
    database.adapter = CountingAdapter()
    database._transport._session.mount("http://", database.adapter)
    yield database
    database.close()


@pytest.fixture(scope="session")
def no_override():
    return Path("no-such-file.toml")


@pytest.fixture(scope="session")
def d1_source(d1, no_override):
    return open_source(d1, no_override)


@pytest.fixture(scope="session")
def file_source(full_demo_file, no_override):
    return open_source(SQLiteFile(full_demo_file), no_override)
