"""A ClickHouse database: on a server over HTTP, or in this process."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.query import QueryResult

from meaux.data.database import deadline, limits, memory
from meaux.data.database.clickhouse.connections import SIDE_BY_SIDE, Place, connections
from meaux.data.database.clickhouse.dialect import written
from meaux.data.database.clickhouse.failures import meant, unloaded
from meaux.data.database.clickhouse.runs import LAST, RUNS, last_run
from meaux.data.database.memory import Left, Room
from meaux.data.database.parameters import text
from meaux.data.database.protocol import Loaded, Meta, Rows, Statement
from meaux.data.database.refusals import too_large
from meaux.errors import BadAnswer, MissingColumn, MissingTable, PageSpent, QueryError, TooLarge

EVIDENCE = "meaux_evidence FINAL"
"""The table in which the loader notes what it has read: see `meaux.data.warehouse.tables`."""

UNWRITTEN = (
    "this SQL can't be written for ClickHouse; use fewer of SQLite's own functions, or open the "
    "source"
)

_PLAIN = {str, int, float, type(None)}
_LARGEST_WHOLE, _LARGEST_EXACT = 2**63, 2**53
"""The whole numbers that SQLite can't store, and those that a float holds without a gap."""
READ_ONLY = 2
"""ClickHouse's level at which a statement may only read, but limits may be set."""
ANSWER = "max_result_bytes"
ASKED_MEMORY = 1_000_000_000
"""The most memory of a statement that somebody wrote, in bytes."""


class ClickHouse:
    """A copy on ClickHouse: each statement is compiled for SQLite and written in its own SQL.

    A user with `readonly = 1` suffices. All statements of one `fetch` run side by side, and
    together may take `seconds`. A statement in its own SQL (`native`) is sent as it is.
    """

    def __init__(self, place: Place, *, seconds: float = limits.SECONDS) -> None:
        self._place = place
        self._seconds = seconds
        self._connections = connections(place, seconds)

    def __repr__(self) -> str:
        return f"ClickHouse({self.name!r})"

    @property
    def name(self) -> str:
        """`clickhouse:`, the user, the host and the database."""
        return self._place.name

    @property
    def title(self) -> str:
        """The database and its host, for people."""
        return self._place.title

    def close(self) -> None:
        """Close the open connections."""
        self._connections.close()

    def evidence(self) -> str:
        """Return what the loader stored of the source; empty if nothing is loaded yet.

        Raises:
            DatabaseError: As for `fetch`.
        """
        [evidence] = self._of_loader("evidence", EVIDENCE) or [""]
        return str(evidence)

    def loaded(self) -> Loaded | None:
        """Return when the last complete run began, and what the last run has left.

        Raises:
            DatabaseError: As for `fetch`.
        """
        try:
            found = self._of_loader(LAST, RUNS)
        except MissingColumn:
            return Loaded(None, by_an_older_version=True)
        return last_run(found) if found else None

    def _of_loader(self, what: str, source: str) -> Sequence[Any] | None:
        place = f"`{self._place.database}`.{source}"
        try:
            with self._client() as client:
                rows = client.query(f"SELECT {what} FROM {place}").result_rows
        except MissingTable:
            return None
        return rows[0] if rows else None

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Fetch the rows of all statements, in order, side by side.

        Raises:
            Unauthorized: The user, its password or its rights don't suffice.
            DatabaseNotFound: The server has no such database.
            QueryTimeout: A statement took longer than allowed.
            TooLarge: The results together are larger than allowed.
            QueryError: A statement was rejected; then none is answered.
            DatabaseError: Any other failure.
        """
        if not statements:
            return []
        seconds = min(self._seconds, deadline.now().seconds)
        if seconds <= 0:
            raise PageSpent
        room = memory.now()
        left = Left(room.answer_bytes)
        # A server that is away is tried once, not by each thread.
        with self._client():
            pass
        with ThreadPoolExecutor(min(len(statements), SIDE_BY_SIDE)) as pool:
            asked = [pool.submit(self._answer, one, seconds, room, left) for one in statements]
            return [one.result() for one in asked]

    def _answer(self, statement: Statement, seconds: float, room: Room, left: Left) -> Rows:
        sql = self.sent(statement)
        parameters = _parameters(statement, sql)
        wanted = _of_time(seconds)
        if statement.own or not room.on_disk:
            wanted |= _of_people(room)
        try:
            found = self._queried(sql, parameters, wanted)
        except QueryError as error:
            raise (error if statement.own else unloaded(error)) from None
        columns = tuple(found.column_names)
        if found.result_rows and statement.width not in (None, len(columns)):
            raise BadAnswer(
                f"ClickHouse's response has {len(columns)} columns instead of {statement.width}."
            )
        rows = list(_within_memory(found.result_rows, left))
        return Rows(columns, rows, self._meta(found.summary))

    def _queried(self, sql: str, parameters: dict[str, str], wanted: dict[str, Any]) -> QueryResult:
        """Return the driver's answer, limited as far as the user may set limits."""
        limited: dict[str, Any] = {}
        try:
            with self._client() as client:
                limited = _settable(client, wanted)
                return client.query(sql, parameters=parameters, settings=limited)
        except TooLarge:
            if most := limited.get(ANSWER):
                raise too_large(most) from None
            raise

    def sent(self, statement: Statement) -> str:
        """Return a statement in ClickHouse's SQL, as it is sent.

        Raises:
            QueryError: Somebody wrote it, and it can't be said there.
        """
        if statement.native:
            return statement.sql
        try:
            return written(statement.sql, self._place.database)
        except Exception:
            if statement.own:
                raise QueryError(UNWRITTEN) from None
            raise

    def _meta(self, summary: dict[str, Any]) -> Meta:
        milliseconds = int(summary.get("elapsed_ns", 0)) / 1e6
        return Meta(
            int(summary.get("read_rows", 0)), milliseconds, self._place.host or "ClickHouse"
        )

    @contextmanager
    def _client(self) -> Iterator[Client]:
        try:
            with self._connections.client() as client:
                yield client
        except (ClickHouseError, OSError) as error:
            raise meant(error, self.title) from None


def _parameters(statement: Statement, sql: str) -> dict[str, str]:
    """Return the parameters that stand in the SQL as it is sent.

    Without any, the driver must be given none: it would take each `%` for one.
    """
    given = {f"p{place}": text(place, one) for place, one in enumerate(statement.params, start=1)}
    return {name: value for name, value in given.items() if f"{{{name}:" in sql}


def _of_time(seconds: float) -> dict[str, Any]:
    """Return the limits of every statement: to read only, and a time."""
    return {"readonly": READ_ONLY, "max_execution_time": math.ceil(seconds)}


def _of_people(room: Room) -> dict[str, Any]:
    """Return the limits of what somebody wrote: its memory, its answer, and no temporary files.

    The server must refuse a large answer, because the driver holds all of it before it is measured.
    """
    return {
        "max_memory_usage": ASKED_MEMORY,
        ANSWER: room.answer_bytes,
        "max_bytes_ratio_before_external_group_by": 0,
        "max_bytes_ratio_before_external_sort": 0,
    }


def _settable(client: Client, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of some settings that the server has and the user may set."""
    known = client.server_settings
    return {name: wanted[name] for name in wanted if name in known and not known[name].readonly}


def _within_memory(rows: Iterable[Sequence[Any]], left: Left) -> Iterator[tuple[Any, ...]]:
    """Yield the rows while the answers of the call are within the size limit.

    Equal texts of an answer are one object, so that keys take little memory.
    """
    known: dict[str, str] = {}
    for row in rows:
        cells = row if set(map(type, row)) <= _PLAIN else tuple(map(_cell, row))
        left.take(sum([len(cell) if type(cell) is str else 8 for cell in cells]))
        yield tuple([known.setdefault(c, c) if type(c) is str else _number(c) for c in cells])


def _number(cell: Any) -> Any:
    """Return a number that JSON could hold, and a whole one as such: all are computed as floats."""
    if type(cell) is float:
        if not math.isfinite(cell):
            return None
        return int(cell) if cell.is_integer() and abs(cell) < _LARGEST_EXACT else cell
    return float(cell) if type(cell) is int and abs(cell) >= _LARGEST_WHOLE else cell


def _cell(cell: Any) -> Any:
    """Return a cell in a type that D1 has: a number, a text, or a BLOB's bytes as a list."""
    found = next((read for type_, read in _READ.items() if isinstance(cell, type_)), str)
    return None if cell is None else found(cell)


def _json(cell: Any) -> str:
    return json.dumps(cell, default=str)


_READ: Mapping[type, Callable[[Any], Any]] = {
    int: int,
    float: float,
    Decimal: float,
    bytes: list,
    datetime: lambda cell: cell.isoformat(" "),
    date: date.isoformat,
    list: _json,
    tuple: _json,
    dict: _json,
}
