"""Connections to a ClickHouse database: to a server over HTTP, or to the engine in this process."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty, LifoQueue
from threading import Lock
from typing import Protocol

import clickhouse_connect
from clickhouse_connect.driver.client import Client

SIDE_BY_SIDE = 8
"""The number of statements of a call that run at a time; the driver keeps as many connections."""

CONNECT_SECONDS = 5
AFTER_THE_LIMIT = 5
"""How many seconds longer than the server's own limit an answer is waited for."""

# Their errors are raised, too; a logged one would have the address, or the values of filters.
logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Place:
    """Where a ClickHouse database is, and who signs in; `folder` is set if it is in this process.

    The password is left out of every text.
    """

    database: str
    host: str = ""
    port: int = 0
    secure: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""

    @property
    def name(self) -> str:
        """A text unique to the database, and to what its user may see."""
        where = f"{self.user}@{self.host}:{self.port}" if self.host else self.folder
        return f"clickhouse:{where}/{self.database}"

    @property
    def title(self) -> str:
        """The database and its host, for people."""
        return f"ClickHouse {self.database}" + (f" on {self.host}" if self.host else "")


class Connections(Protocol):
    """Lends clients of the driver to threads."""

    def client(self) -> AbstractContextManager[Client]:
        """Lend a client; after an error, the next caller gets a new one."""

    def close(self) -> None:
        """Close what is open."""


def connections(place: Place, seconds: float) -> Connections:
    """Return the connections to a place, on which an answer may take `seconds`."""
    return InProcess(place) if place.folder else OverHTTP(place, seconds)


class OverHTTP:
    """A server: all threads use one client, because making one takes three requests.

    It has no sessions, so statements can run side by side. The driver keeps the connections open
    and replaces those that the server closed.
    """

    def __init__(self, place: Place, seconds: float) -> None:
        self._place = place
        self._seconds = seconds
        self._lock = Lock()
        self._made: Client | None = None

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Lend the client; after an error it is made anew, because the user's rights may differ."""
        client = self._shared()
        try:
            yield client
        except Exception:
            with self._lock:
                if self._made is client:
                    self._made = None
            raise

    def close(self) -> None:
        """Close the client."""
        with self._lock:
            if self._made:
                self._made.close()
            self._made = None

    def _shared(self) -> Client:
        place = self._place
        with self._lock:
            self._made = self._made or clickhouse_connect.get_client(
                host=place.host,
                port=place.port,
                secure=place.secure,
                username=place.user,
                password=place.password,
                database=place.database,
                connect_timeout=CONNECT_SECONDS,
                send_receive_timeout=math.ceil(self._seconds) + AFTER_THE_LIMIT,
                query_retries=0,
                autogenerate_session_id=False,
                show_clickhouse_errors="scrub",
            )
            return self._made


class InProcess:
    """The engine in this process: a client runs one statement at a time."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._idle: LifoQueue[Client] = LifoQueue()

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Lend a client; one that failed isn't lent again."""
        try:
            client = self._idle.get_nowait()
        except Empty:
            client = clickhouse_connect.get_client(interface="chdb", path=self._place.folder)
        yield client
        self._idle.put(client)

    def close(self) -> None:
        """Close the idle clients."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()
