"""A SQLite file with D1's rules: what is accepted here is accepted by D1."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic, perf_counter
from typing import Any

from meaux.data.database import limits, memory
from meaux.data.database.memory import Left
from meaux.data.database.parameters import texts
from meaux.data.database.protocol import Meta, Rows, Statement
from meaux.data.database.refusals import meaning
from meaux.errors import DatabaseError, NotADatabase, OutOfMemory, QueryError

SIDE_BY_SIDE = min(4, os.cpu_count() or 1)
"""The number of statements of a call that run in parallel: each uses one core."""

PATIENCE = 0.02
"""Seconds after which the rest of a call runs on more threads; these are slower for small ones."""

INSIST = 0.05
"""Seconds between two interruptions after the deadline: one may fall between two statements, when
nothing is running."""

VERDICTS_KEPT = 4_096
"""The number of answers to SQLite's questions that are kept: enough for all pages."""

# SQLite's result codes keep the kind of failure in their last byte.
_PRIMARY_CODE = 0xFF
_UNREADABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
}


class SQLiteFile:
    """A SQLite database in a file: read only, with D1's limits, refusals and types.

    All statements of one `fetch` see the same state of the file, and together may take `seconds`.
    Bytes come back as a list of numbers, as from D1. The call's limits apply to the answers and to
    SQLite's temporary files. The number of rows read is always unknown: Python's sqlite3 has no
    counter for it.
    """

    def __init__(self, path: Path | str, *, seconds: float = limits.SECONDS) -> None:
        self._path = Path(path).expanduser().absolute()
        self._seconds = seconds

    def __repr__(self) -> str:
        return f"SQLiteFile({str(self._path)!r})"

    @property
    def name(self) -> str:
        """`file:` and the absolute path."""
        return f"file:{self._path}"

    @property
    def path(self) -> Path:
        """The file's absolute path."""
        return self._path

    @property
    def title(self) -> str:
        """The file's name, for people."""
        return f"File {self._path.name}"

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Fetch the rows of all statements, in order, from one state of the file.

        Raises:
            NotADatabase: The file is missing, unreadable or not a SQLite database.
            QueryTimeout: All together took longer than allowed.
            OutOfMemory: All running statements together reached the memory limit.
            TooLarge: The results together are larger than allowed.
            QueryError: A statement was rejected, by SQLite or because D1 would reject it.
        """
        bound = [(statement.sql, texts(statement)) for statement in statements]
        if not bound:
            return []
        end = monotonic() + self._seconds
        with self._failures_named(), self._connections(len(bound)) as connections:
            return _answers(connections, bound, end, Left(memory.now().answer_bytes))

    @contextmanager
    def _connections(self, statements: int) -> Iterator[list[sqlite3.Connection]]:
        """Open connections that see one state of the file: one per statement, up to the maximum.

        They live for one call, since each page runs on a new thread. A connection per thread would
        never be reused, and a shared one with a lock would make pages wait for each other.
        """
        with ExitStack() as stack:
            wanted = min(statements, SIDE_BY_SIDE)
            file = self._identity()
            opened = [stack.enter_context(closing(self._connect())) for _ in range(wanted)]
            same = _begun_in_one_state(opened) and file == self._identity()
            for connection in opened:
                _hold_to_d1(connection)
            yield opened if same else opened[:1]

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )

    def _identity(self) -> tuple[int, int] | None:
        """Return the device and inode of the file; None if there is none."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        try:
            yield
        except MemoryError:
            raise OutOfMemory from None
        # ValueError: a NUL or half a surrogate pair in the SQL or a parameter; Warning: two
        # statements in one.
        except (sqlite3.Error, sqlite3.Warning, ValueError) as failure:
            raise self._named(failure) from None

    def _named(self, failure: Exception) -> DatabaseError:
        code: int = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_OK)
        if code & _PRIMARY_CODE in _UNREADABLE:
            what = "is not a readable SQLite database" if self._path.exists() else "doesn't exist"
            return NotADatabase(
                f"File {self._path.name} {what}. Choose another file or create the demo database."
            )
        return meaning(str(failure))


def _begun_in_one_state(connections: Sequence[sqlite3.Connection]) -> bool:
    """Begin a read on each connection; return whether all see the same state.

    A connection's data version changes if another one has written since it was last read.
    """
    *_, last = connections
    version = last.execute("PRAGMA data_version").fetchone()
    for connection in connections:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return bool(last.execute("PRAGMA data_version").fetchone() == version)


def _hold_to_d1(connection: sqlite3.Connection) -> None:
    """Set D1's limits and refusals."""
    connection.text_factory = _decoded
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA hard_heap_limit = {limits.HEAP_BYTES}")
    if not memory.now().on_disk:
        connection.execute("PRAGMA temp_store = MEMORY")
    for category, limit in limits.CONNECTION_LIMITS.items():
        connection.setlimit(category, limit)
    connection.set_authorizer(_verdict)


def _decoded(text: bytes) -> str:
    """Read text that may not be UTF-8, as D1 does."""
    return text.decode(errors="replace")


@lru_cache(maxsize=VERDICTS_KEPT)
def _verdict(
    action: int, first: str | None, second: str | None, _schema: str | None, _view: str | None
) -> int:
    """Return whether D1 would allow an action; SQLite asks while it prepares a statement.

    It asks a thousand times for a long one, mostly the same, so the answers are kept.
    """
    return sqlite3.SQLITE_OK if _allowed(action, first or "", second or "") else sqlite3.SQLITE_DENY


def _allowed(action: int, first: str, second: str) -> bool:
    match action:
        case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_RECURSIVE:
            return True
        case sqlite3.SQLITE_UPDATE:
            # A virtual table (json_each, pragma_table_info) requests this when it is first named;
            # a statement that says so itself is refused by SQLite.
            return first == "sqlite_master"
        case sqlite3.SQLITE_READ:
            return not _is_system_table(first)
        case sqlite3.SQLITE_FUNCTION:
            return second.lower() in limits.FUNCTIONS
        case sqlite3.SQLITE_PRAGMA:
            return first.lower() in limits.PRAGMAS and not _is_system_table(second)
        case _:
            return False


def _is_system_table(table: str) -> bool:
    return table.lower().startswith(limits.SYSTEM_PREFIX)


def _answers(
    connections: Sequence[sqlite3.Connection],
    bound: Sequence[tuple[str, list[str]]],
    end: float,
    left_of_call: Left,
) -> list[Rows]:
    """Run the statements and return the rows in order: short ones in turn, the rest in parallel.

    All are stopped at the deadline `end`, a reading of the clock, and as soon as one of them fails.
    """
    # A longer text often takes longer.
    left = sorted(range(len(bound)), key=lambda place: len(bound[place][0]), reverse=True)
    rows: dict[int, Rows] = {}
    patient_until = monotonic() + PATIENCE
    with _stopped_at(end, connections) as stop:
        while left and (len(connections) == 1 or monotonic() < patient_until):
            place = left.pop()
            rows[place] = _answer(connections[0], *bound[place], left_of_call)
        longer = [bound[place] for place in left]
        rows |= zip(left, _side_by_side(connections, longer, stop, left_of_call), strict=True)
    return [rows[place] for place in range(len(bound))]


@contextmanager
def _stopped_at(end: float, connections: Sequence[sqlite3.Connection]) -> Iterator[Event]:
    """Interrupt running statements at the deadline `end`, or once the event is set.

    SQLite checks for an interruption more often than it could ask Python for the time. A statement
    that isn't stopped has no overhead.
    """
    stop, over = Event(), Event()

    def interrupt() -> None:
        stop.wait(max(0.0, end - monotonic()))
        while not over.wait(INSIST):
            for connection in connections:
                connection.interrupt()

    watch = Thread(target=interrupt, daemon=True)
    watch.start()
    try:
        yield stop
    finally:
        over.set()
        stop.set()
        watch.join()


def _side_by_side(
    connections: Sequence[sqlite3.Connection],
    bound: Sequence[tuple[str, list[str]]],
    stop: Event,
    left_of_call: Left,
) -> list[Rows]:
    """Run as many statements at a time as there are connections, the first ones first.

    No statement begins after one has failed.
    """
    failed = Event()
    free: SimpleQueue[sqlite3.Connection] = SimpleQueue()
    for connection in connections:
        free.put(connection)

    def answer(statement: tuple[str, list[str]]) -> Rows | None:
        if failed.is_set():
            return None
        connection = free.get()
        try:
            return _answer(connection, *statement, left_of_call)
        except BaseException:
            failed.set()
            raise
        finally:
            free.put(connection)

    with ThreadPoolExecutor(len(connections)) as pool:
        asked = [pool.submit(answer, statement) for statement in bound]
        done, running = wait(asked, return_when=FIRST_EXCEPTION)
        if running:
            stop.set()
        answers = [future.result() for future in asked if future in done]
    return [rows for rows in answers if rows is not None]


def _answer(
    connection: sqlite3.Connection, sql: str, params: list[str], left_of_call: Left
) -> Rows:
    started = perf_counter()
    with closing(connection.execute(sql, params)) as cursor:
        if cursor.description is None:
            raise QueryError("there is no reading statement in it")
        columns = tuple(column[0] for column in cursor.description)
        rows = list(_within_memory(cursor, left_of_call))
    duration_ms = (perf_counter() - started) * 1000
    return Rows(columns, rows, Meta(None, duration_ms, "this machine"))


def _within_memory(cursor: sqlite3.Cursor, left_of_call: Left) -> Iterator[tuple[Any, ...]]:
    """Yield the rows while the answers of the call are within the size limit.

    Bytes become a list, which takes eight times as many. Few rows have any: only these are looked
    at cell by cell. Equal texts of an answer are one object, so that keys take little memory.
    """
    known: dict[str, str] = {}
    for row in cursor:
        if bytes in map(type, row):
            cells = tuple(map(_cell, row))
            left_of_call.take(sum(map(_weight, cells)))
            yield cells
        else:
            left_of_call.take(sum([len(cell) if type(cell) is str else 8 for cell in row]))
            yield tuple([known.setdefault(c, c) if type(c) is str else c for c in row])


def _weight(cell: Any) -> int:
    """Estimate the bytes of a cell."""
    if isinstance(cell, list):
        return 8 * len(cell)
    return len(cell) if isinstance(cell, str) else 8


def _cell(value: Any) -> Any:
    return list(value) if isinstance(value, bytes) else value
