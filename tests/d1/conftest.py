"""A real D1: wrangler's engine on loopback, with the demo in it."""

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import tomllib
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from ports import free_port

from meaux.data.database import D1, SQLiteFile, transport
from meaux.data.source import open_source

HERE = Path(__file__).parent
WRANGLER = HERE / "node_modules" / ".bin" / "wrangler"
DATABASES = {
    entry["binding"]: entry["database_id"]
    for entry in tomllib.loads((HERE / "wrangler.toml").read_text())["d1_databases"]
}
TRIES = 600
SECONDS_BETWEEN = 0.1


class CountingAdapter(transport._Adapter):
    """Sends, and counts."""

    calls = 0

    def send(self, *args, **kwargs):
        self.calls += 1
        return super().send(*args, **kwargs)


class LocalD1:
    """Where the engine answers."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/cdn-cgi/explorer/api"

    def open(self, name):
        return D1("", DATABASES[name], "", self.url)

    def settings(self, name):
        """What a dashboard has to be told to open it."""
        return {
            "CLOUDFLARE_DATABASE_ID": DATABASES[name],
            "CLOUDFLARE_API_BASE_URL": self.url,
        }

    def answers(self):
        address = f"{self.url}/d1/database/{DATABASES['DEMO']}/raw"
        try:
            return requests.post(address, json={"sql": "SELECT 1"}, timeout=5).ok
        except requests.RequestException:
            return False


def install():
    """Put wrangler where it is pinned to be; the lock is for tests that run side by side."""
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not WRANGLER.exists():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HERE, check=True, capture_output=True)


def place(folder, files):
    """The worker, its settings and databases, laid where wrangler keeps their files."""
    for name in ("wrangler.toml", "worker.js"):
        shutil.copy(HERE / name, folder)
    for name, file in files.items():
        state = folder / ".wrangler" / "state" / "v3" / "d1" / DATABASES[name]
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
    ports = ["--ip", "127.0.0.1", "--port", str(port), "--inspector-port", str(free_port())]
    with (folder / "wrangler.log").open("w") as log:
        return subprocess.Popen(
            [WRANGLER, "dev", "--local", *ports],
            cwd=folder,
            env=os.environ | told,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until_ready(process, local, folder):
    for _ in range(TRIES):
        if local.answers():
            return
        try:
            process.wait(SECONDS_BETWEEN)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail(f"wrangler did not start:\n{(folder / 'wrangler.log').read_text()}")


def stop(process):
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
            process.wait(10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def running(folder, **files):
    """A local D1 that holds a file's tables, until it is no longer needed."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: no D1 can run here")
    install()
    place(folder, files)
    port = free_port()
    local = LocalD1(port)
    process = start(folder, port)
    try:
        wait_until_ready(process, local, folder)
        yield local
    finally:
        stop(process)


@pytest.fixture(scope="session")
def live_file(tmp_path_factory):
    """A database with the traps that live ones have."""
    path = tmp_path_factory.mktemp("live") / "live.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((HERE / "traps.sql").read_text())
    return path


@pytest.fixture(scope="session")
def local_d1(full_demo_file, demo_file, live_file, later_file, tmp_path_factory):
    files = {"DEMO": full_demo_file, "SMALL": demo_file, "LIVE": live_file, "LATER": later_file}
    with running(tmp_path_factory.mktemp("d1"), **files) as local:
        yield local


@pytest.fixture(scope="session")
def d1(local_d1):
    database = local_d1.open("DEMO")
    yield database
    database.close()


@pytest.fixture(scope="session")
def empty_d1(local_d1):
    database = local_d1.open("EMPTY")
    yield database
    database.close()


@pytest.fixture(scope="session")
def later_d1(local_d1):
    """A database of the same family whose tables go by other names."""
    database = local_d1.open("LATER")
    yield database
    database.close()


@pytest.fixture
def counted(local_d1):
    """A D1 that counts its HTTP calls."""
    database = local_d1.open("DEMO")
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
def small_d1_source(local_d1, no_override):
    """A D1 with the small demo, whose rows are all read in a moment."""
    database = local_d1.open("SMALL")
    yield open_source(database, no_override)
    database.close()


@pytest.fixture(scope="session")
def file_source(full_demo_file, no_override):
    return open_source(SQLiteFile(full_demo_file), no_override)
