"""Who is measured: the dashboard, a naive page, an empty page and the bare SQL."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from served import TODAY, Server, copied

from meaux.data.database import SQLiteFile, Statement, fetch_each
from meaux.data.database.batch import Outcome
from meaux.data.plan import Plan
from meaux.data.source import open_source
from meaux.query.answers import Ask
from meaux.query.filters import Selection, preset
from meaux.query.needs import Request, meet
from meaux.query.rollups import rolled_up
from meaux.subjects.page import CHOICES, all_pages, parts
from meaux.subjects.timeline.annotations import recorded

HERE = Path(__file__).parent
NO_OVERRIDE = Path("no-such-file.toml")
PATIENCE = 60.0
BETWEEN = 0.005
"""Seconds until a server must listen, and between two tries."""


@contextmanager
def served(folder: Path, database: Path | str, **environment: str) -> Iterator[Server]:
    """A server on the script `app.py` of a folder, which ends with the block."""
    server = Server(folder, database, "--browser.gatherUsageStats=false", **environment)
    try:
        _wait(server)
        yield server
    finally:
        server.stop()


def _wait(server: Server) -> None:
    """Return as soon as the server listens.

    Raises:
        RuntimeError: it ended, or doesn't listen in time.
    """
    address = urlsplit(server.url)
    end = time.monotonic() + PATIENCE
    while server.pid and time.monotonic() < end:
        with suppress(OSError), socket.create_connection((address.hostname, address.port), 1):
            return
        time.sleep(BETWEEN)
    raise RuntimeError(f"A server did not start:\n{server.log[-2_000:]}")


def dashboard(folder: Path) -> Path:
    """Return a new folder with a copy of the dashboard, without anybody's settings."""
    return copied(_made(folder / "dashboard"))


def script(folder: Path, name: str) -> Path:
    """Return a new folder with one of the pages that stand here."""
    shutil.copy(HERE / f"{name}.py", _made(folder / name) / "app.py")
    return folder / name


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def statements_of_home(file: Path) -> list[Statement]:
    """Return the statements of a cold Home: those of its one call.

    The choices in the sidebar are not among them: they are read when the database is opened.
    """
    source = open_source(SQLiteFile(file), NO_OVERRIDE)
    [home] = [page for page in all_pages() if page.title == "Home"]
    today = date.fromisoformat(TODAY)
    selection = Selection(preset("30d", today), today)
    request = Request(selection, Plan(), source.binding)
    known = {Ask(query, selection).compiled(source.binding).statement for query in CHOICES}
    asked: list[Statement] = []

    def fetch(wanted: Sequence[Statement]) -> list[Outcome]:
        asked.extend(wanted)
        return fetch_each(source.database, wanted)

    meet([*parts(home.items), recorded], request, fetch, roll_up=rolled_up)
    return [statement for statement in asked if statement not in known]


def bare_seconds(file: Path, statements: Sequence[Statement]) -> float:
    """Run statements on one plain connection; return the seconds of processor time."""
    begun = time.thread_time()
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        for statement in statements:
            values = [None if one is None else str(one) for one in statement.params]
            connection.execute(statement.sql, values).fetchall()
    return time.thread_time() - begun
