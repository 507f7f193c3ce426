"""Collecting into a real D1: the same rows as in a file, however often a run is killed."""

import os
import random
import signal
from dataclasses import replace
from datetime import timedelta
from threading import Timer

import pytest
from collecting import clients_of, content, into
from services import ACCOUNT, NOW, TOKEN, Services, World
from typer.testing import CliRunner

from meaux.cli import app
from meaux.collect import SOURCES, collect
from meaux.collect.target import D1Target, FileTarget
from meaux.data import plan
from meaux.data.database import Statement
from meaux.data.plan import read_plan

DAYS = 12
CALLS = 20
"""The calls within which a run is killed; a whole run makes more."""
LONGEST = 0.01
"""Seconds after such a call begins, until then at the latest; D1 takes about as long."""
MOST_SECONDS = 60
"""So long may a run take that hangs: it was forked beside the threads of the services."""

pytestmark = pytest.mark.d1


@pytest.fixture(scope="module")
def services():
    services = Services(World(NOW, DAYS))
    yield services
    services.close()


@pytest.fixture
def database(local_d1):
    """A D1 without tables."""
    database = local_d1.open("FILLED")
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 1) <> '_'"
    for (name,) in database.fetch([Statement(names)])[0].rows:
        database.fetch([Statement(f"DROP TABLE {name}")])
    yield database
    database.close()


@pytest.fixture
def run(database):
    return into(D1Target(database))


@pytest.fixture
def rows(database):
    def rows(sql):
        if sql.startswith("PRAGMA"):
            table = sql.partition("(")[2].rstrip(")")
            sql = f"SELECT cid, name FROM pragma_table_info('{table}')"
        sql = sql.replace("type = 'table'", "type = 'table' AND substr(name, 1, 4) <> '_cf_'")
        return database.fetch([Statement(sql)])[0].rows

    return rows


@pytest.fixture(scope="module")
def in_a_file(services, tmp_path_factory):
    """What a run writes into a SQLite file."""
    target = FileTarget(tmp_path_factory.mktemp("file") / "filled.db")
    all_of(into(target), services)
    return content(lambda sql: target.read(Statement(sql)))


def all_of(run, services, names=tuple(SOURCES)):
    chosen = [SOURCES[name] for name in names]
    return collect(run, chosen, clients_of(services, []), ACCOUNT)


def test_d1_holds_what_a_file_holds_and_a_second_run_writes_no_row(run, services, rows, in_a_file):
    first = all_of(run, services)
    assert [one.problem for one in first] == [""] * len(SOURCES)
    assert all(one.written >= one.read for one in first)
    assert content(rows) == in_a_file
    assert [one.written for one in all_of(run, services)] == [0] * len(SOURCES)
    assert content(rows) == in_a_file


def test_the_command_fills_a_local_d1_while_it_reads_a_real_account(
    services, rows, local_d1, monkeypatch
):
    """wrangler's API has no accounts; the account is that of the services."""
    told = local_d1.settings("FILLED") | {
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
        "MEAUX_COLLECT_TOKEN": TOKEN,
        "MEAUX_COLLECT_CLOUDFLARE_URL": f"{services.url}/client/v4",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MEAUX_DATABASE", raising=False)
    plan_of_two = read_plan({"collect": {"sources": ["buckets", "workers"]}})
    monkeypatch.setattr(plan, "read_plan_file", lambda: plan_of_two)
    result = CliRunner().invoke(app, ["collect", "--create"])
    assert result.exit_code == 0, result.output
    assert rows("SELECT name FROM r2_buckets ORDER BY name") == [("eu-backups",), ("media",)]


class Noting(D1Target):
    """A D1 that notes how many rows its statements wrote."""

    written = 0

    def _fetch(self, statements):
        answers = super()._fetch(statements)
        self.written += sum(answer.meta.rows_written or 0 for answer in answers)
        return answers


def test_a_dry_run_counts_what_a_run_would_write_and_d1_bills_no_written_row(
    run, services, rows, database
):
    target = Noting(database)
    dry = replace(run, target=target, dry=True)
    few = ("billing", "buckets", "openai")
    all_of(replace(run, now=NOW - timedelta(days=1)), services, few)
    before = content(rows)
    counted = {one.source: one.written for one in all_of(dry, services, few)}
    assert target.written == 0
    assert content(rows) == before
    today = {"billing": 3 + 2, "buckets": 0, "openai": 0}  # OpenAI had told of today already.
    assert counted == today
    all_of(run, services, few)
    assert [one.written for one in all_of(dry, services, few)] == [0, 0, 0]


class Mortal(D1Target):
    """A D1 whose client is killed while, or soon after, it makes a call."""

    def __init__(self, database, calls, seconds):
        super().__init__(database)
        self._calls, self._seconds = calls, seconds

    def _fetch(self, statements):
        self._calls -= 1
        if not self._calls:
            Timer(self._seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return super()._fetch(statements)


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_killed_runs_double_and_lose_no_row(run, services, rows, database, in_a_file, kills):
    rng = random.Random(7)  # noqa: S311 - the same places each time
    for _ in range(kills):
        target = Mortal(database, rng.randrange(1, CALLS), rng.uniform(0, LONGEST))
        child = os.fork()
        if not child:
            signal.alarm(MOST_SECONDS)
            try:
                all_of(replace(run, target=target), services)
            finally:
                os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert not any(one.problem for one in all_of(run, services))
    assert content(rows) == in_a_file
