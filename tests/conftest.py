"""A small demo database, opened once, and files to write other databases into."""

import functools
import gc
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, get_origin

import clickhouse_server
import hypothesis
import one_team
import pytest
from drawn import fuzz, pytest_generate_tests
from later import write as write_later
from served import Server, copied
from workers import ByFile, place

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.database.clickhouse import ClickHouse
from meaux.data.plan import Plan
from meaux.data.schema import bind, introspection, read_catalog, read_model, sampled
from meaux.data.source import open_source
from meaux.data.warehouse.address import Address
from meaux.demo import build
from meaux.query.answers import Ask, ask, plainly
from meaux.query.filters import Selection, preset
from meaux.query.memo import Memo
from meaux.query.needs import Request, meet
from meaux.warehouse import Reader, Target, load

__all__ = ["fuzz", "pytest_generate_tests"]

# Tests, and the processes that they start, are compiled once, whatever the shell says: to rewrite
# the assertions of all tests takes longer than to collect them.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
NO_OVERRIDE = Path("no-such-file.toml")
MODEL = read_model()
PLAN = Plan()

# The same examples every time: what fails, fails because of a change, not because of a day.
hypothesis.settings.register_profile("meaux", deadline=None, derandomize=True)
hypothesis.settings.load_profile("meaux")


OBJECTS_BETWEEN_COLLECTIONS = 20_000


def pytest_collection_finish():
    """Spare the garbage collector what lives as long as the tests, and most of its rounds.

    Otherwise it takes a tenth of the time of tests of pages.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def pytest_collection_modifyitems(items):
    """Have the long ones begin, so that all workers end at about the same time."""
    items.sort(key=lambda item: place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


@pytest.fixture(scope="session")
def today() -> date:
    return NOW.date()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "meauxos.db"
    build(path, now=NOW, scale=0.05)
    return path


@pytest.fixture(scope="session")
def full_demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as users see it."""
    path = tmp_path_factory.mktemp("full") / "meauxos.db"
    build(path, now=NOW)
    return path


@pytest.fixture(scope="session")
def marked_file(demo_file, tmp_path_factory) -> Path:
    """The demo with a mark in every row that isn't of one team."""
    path = tmp_path_factory.mktemp("marked") / "all.db"
    return one_team.changed(demo_file, one_team.mark_the_others, path)


@pytest.fixture(scope="session")
def alone_file(demo_file, tmp_path_factory) -> Path:
    """The demo with the rows of that team alone."""
    path = tmp_path_factory.mktemp("alone") / "one.db"
    return one_team.changed(demo_file, one_team.keep_the_team_alone, path)


@pytest.fixture(scope="session")
def later_file(tmp_path_factory) -> Path:
    """A later database of the same family, whose tables mostly go by other names."""
    return write_later(tmp_path_factory.mktemp("later") / "later.db")


@pytest.fixture(scope="session")
def start(tmp_path_factory):
    """Start a dashboard on a database; the sources are copied, without anybody's secrets.

    `files` are the texts of more files by name, such as those in `.streamlit`.
    """
    started = []

    def start(database, *options, files=None, **environment):
        folder = copied(tmp_path_factory.mktemp("dashboard"))
        for name, text in (files or {}).items():
            (folder / name).write_text(text, encoding="utf-8")
        started.append(Server(folder, database, *options, **environment))
        started[-1].wait()
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def demo_source(demo_file):
    return open_source(SQLiteFile(demo_file), override=NO_OVERRIDE)


@pytest.fixture(scope="session")
def demo_rows(demo_file):
    """Ask the demo in plain SQL, past everything of the product."""
    with closing(sqlite3.connect(f"file:{demo_file}?mode=ro", uri=True)) as connection:
        yield lambda sql, *parameters: connection.execute(sql, parameters).fetchall()


@pytest.fixture(scope="session")
def select(today):
    """A selection over a preset or a period, with other choices by name."""

    def select(period="30d", **choices):
        span = preset(period, today) if isinstance(period, str) else period
        return replace(Selection(span, today), **choices)

    return select


def read_once(source):
    """How a source is read that doesn't change: each statement once, each result computed once."""
    memo, rows = Memo(), {}

    def fetch_once(statements):
        missing = [statement for statement in statements if statement not in rows]
        rows.update(zip(missing, fetch_each(source.database, missing), strict=True))
        return [rows[statement] for statement in statements]

    return fetch_once, memo.call


@pytest.fixture(scope="session")
def unchanging(demo_source):
    """How sources are read that don't change; more are told by calling `keep`."""
    found = [(demo_source, read_once(demo_source))]

    def keep(source):
        found.append((source, read_once(source)))
        return source

    keep.found = found
    return keep


@pytest.fixture(scope="session")
def reading(unchanging):
    """How a source is read: its rows, and how pure functions are called."""

    def reading(source):
        known = (how for one, how in unchanging.found if one is source)
        return next(known, None) or (partial(fetch_each, source.database), plainly)

    return reading


@pytest.fixture(scope="session")
def answer(demo_source, select, reading):
    """The answer of the demo to a query, over a selection or a period."""

    def answer(query, selection="30d", limit=None, source=demo_source):
        chosen = selection if isinstance(selection, Selection) else select(selection)
        return ask([Ask(query, chosen, limit)], source.binding, *reading(source))[0]

    return answer


@pytest.fixture(scope="session")
def met(demo_source, select, reading):
    """What comes of whatever says what it needs: a figure, a card, an answer, what is made of one.

    `instead` are answers that stand for those to a query.
    """

    def met(wanted, selection="30d", source=demo_source, *, plan=PLAN, controls=(), instead=None):
        chosen = selection if isinstance(selection, Selection) else select(selection)

        def it(it: wanted):
            return it

        part = it if get_origin(wanted) is Annotated else wanted
        request = Request(chosen, plan, source.binding, tuple(controls))
        found = meet([part], request, *reading(source))
        for asked in found.answers:
            if asked.query in (instead or {}):
                found.answers[asked] = instead[asked.query]
        return found.of(part)

    return met


@pytest.fixture
def database_of(tmp_path):
    """A source on a new SQLite file that a script writes."""

    def database_of(script, override=NO_OVERRIDE):
        path = tmp_path / "database.db"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; {script}")
        return open_source(SQLiteFile(path), override=override)

    return database_of


class TimeFile:
    """Time entries in a file; what is written through `connection` is read as the product does."""

    def __init__(self, path, connection):
        self.connection = connection
        self.fetch = SQLiteFile(path).fetch

    @cached_property
    def catalog(self):
        return read_catalog(self.fetch(introspection()))

    @property
    def binding(self):
        """The model as it binds to what stands in the file now."""
        samples = sampled(MODEL, self.catalog)
        rows = self.fetch(list(samples.values()))
        return bind(MODEL, self.catalog, dict(zip(samples, rows, strict=True)))


@pytest.fixture(scope="session")
def time_file(tmp_path_factory):
    """A new file whose column is declared as told."""
    opened = []

    def make(declared):
        path = tmp_path_factory.mktemp("time") / "time.db"
        connection = sqlite3.connect(path)
        opened.append(connection)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"CREATE TABLE time_entries (started_at {declared}, seconds INTEGER)")
        connection.execute("CREATE INDEX time ON time_entries (started_at)")
        connection.commit()
        return TimeFile(path, connection)

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def chdb_folder(tmp_path_factory):
    """The folder of ClickHouse in this process, which can open one; a test has its own database."""
    folder = tmp_path_factory.mktemp("clickhouse")
    engine = clickhouse_server.opened(folder)
    yield str(folder)
    engine.close()


@pytest.fixture(scope="session")
def clickhouse(chdb_folder):
    """The same engine as a server, over HTTP."""
    server = clickhouse_server.ClickHouseServer(chdb_folder)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def copy_of(chdb_folder, clickhouse):
    """A copy of a file on ClickHouse, loaded once, read over HTTP by who may only read it."""

    @functools.cache
    def copy_of(path):
        opened, name = open_source(SQLiteFile(path), override=NO_OVERRIDE), f"copy_{path.stem}"
        with closing(Target(Address(folder=chdb_folder, database=name))) as target:
            load(opened, Reader(path), target, opened.evidence)
        return ClickHouse(clickhouse.place("reader", name))

    return copy_of
