"""The state file: opened, brought to the current schema, and locked for one run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from meaux.data.settings import PROJECT, Settings
from meaux.errors import StateError

VERSION = 3
"""The schema's version, in SQLite's `user_version`."""
SECONDS = 5.0
"""How long a writer waits for another one."""
PRIVATE = 0o600

UPGRADES = (
    """
    CREATE TABLE salt (value BLOB NOT NULL);
    INSERT INTO salt VALUES (randomblob(16));
    CREATE TABLE findings (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        sentence TEXT NOT NULL,
        advice TEXT NOT NULL,
        page TEXT NOT NULL,
        lasting INTEGER NOT NULL,
        opened INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        closed INTEGER
    );
    CREATE UNIQUE INDEX findings_open ON findings (key) WHERE closed IS NULL;
    CREATE INDEX findings_closed ON findings (closed);
    CREATE TABLE deliveries (
        finding INTEGER NOT NULL REFERENCES findings (id) ON DELETE CASCADE,
        destination TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('to send', 'sending', 'sent', 'failed')),
        kind TEXT NOT NULL CHECK (kind IN ('opened', 'worse', 'repeated', 'resolved')),
        due INTEGER NOT NULL,
        maybe INTEGER NOT NULL DEFAULT 0,
        first_sent INTEGER,
        sent INTEGER,
        told TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (finding, destination)
    ) WITHOUT ROWID;
    CREATE TABLE destinations (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        failing_since INTEGER,
        next_try INTEGER,
        error TEXT NOT NULL DEFAULT '',
        sent INTEGER,
        looked_at INTEGER
    );
    CREATE TABLE pauses (
        key TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('snoozed', 'acknowledged')),
        who TEXT NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER
    );
    """,
    """
    CREATE TABLE jobs (
        name TEXT PRIMARY KEY,
        due INTEGER NOT NULL,
        started INTEGER,
        ended INTEGER,
        tries INTEGER NOT NULL DEFAULT 0,
        next_try INTEGER,
        error TEXT NOT NULL DEFAULT ''
    );
    """,
    """
    CREATE TABLE views (
        id INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        link TEXT NOT NULL,
        starts INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX views_owned ON views (owner, name COLLATE NOCASE);
    """,
)
"""The statements that lead from each version to the next.

- `findings`: one row per finding from its opening to its end; times are epoch seconds.
- `deliveries`: of a finding to a destination: the message that is due, and what was told before.
  `maybe`: whether this message may have been sent, by a run that didn't live to write it down.
- `destinations`: known by a hash; failing since, tried so often, and the next time;
  `looked_at` is the last run that decided what it is told.
- `pauses`: findings that somebody snoozed or acknowledged; without `until`, as long as they last.
- `jobs`: what `schedule` runs; the last due time that is done, and the run that hasn't ended.
- `views`: saved views; `owner` is a hash of a signed-in person or of a browser's cookie.
"""


def path_of(settings: Settings) -> Path:
    """Return the path of the state file."""
    return PROJECT / settings.state_file


class StateFile:
    """An open state file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @contextmanager
    def step(self) -> Iterator[sqlite3.Connection]:
        """Do something completely or not at all; other writers wait."""
        with _told():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.rollback()
                raise
            self.connection.commit()


@contextmanager
def writing(path: Path) -> Iterator[StateFile]:
    """Open the file for one run, and make it if it is missing; a second run is refused.

    Raises:
        StateError: another run is at work, or the file can't be used.
    """
    busy = "Another run is sending alerts. This one has done nothing; try again later."
    with locked(path, "lock", busy), opened(path) as file:
        yield file


@contextmanager
def locked(path: Path, what: str, busy: str) -> Iterator[None]:
    """Hold a lock beside the file; it ends with the process, however that ends.

    Raises:
        StateError: another process holds it, as `busy` says, or the folder can't be used.
    """
    with _told():
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(f"{path}.{what}", timeout=SECONDS, isolation_level=None)
    with closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise StateError(busy) from None
        yield


@contextmanager
def opened(path: Path) -> Iterator[StateFile]:
    """Open the file, and make it if it is missing.

    Raises:
        StateError: the file can't be used.
    """
    with closing(_opened(path)) as connection:
        yield StateFile(connection)


@contextmanager
def reading(path: Path) -> Iterator[StateFile | None]:
    """Open the file for a short time, without the lock of a run; None if there is none.

    Raises:
        StateError: the file can't be used.
    """
    if not path.is_file():
        yield None
        return
    with opened(path) as file:
        yield file


def _opened(path: Path) -> sqlite3.Connection:
    with _told(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        connection = _connected(str(path))
        try:
            if is_new:
                path.chmod(PRIVATE)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            _upgrade(connection, path.name)
        except BaseException:
            connection.close()
            raise
    return connection


def _connected(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=SECONDS, isolation_level=None)


def _upgrade(connection: sqlite3.Connection, name: str) -> None:
    """Bring the schema to this version, all steps or none."""
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection)  # another process may have upgraded it in between
        _refuse_newer(found, name)
        for upgrade in UPGRADES[found:]:
            for statement in filter(str.strip, upgrade.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _refuse_newer(found: int, name: str) -> None:
    if found > VERSION:
        raise StateError(
            f"{name} was written by a newer version of Meaux Analytics. Update this one, or set "
            "MEAUX_STATE to another file."
        )


def _version(connection: sqlite3.Connection) -> int:
    [(version,)] = connection.execute("PRAGMA user_version").fetchall()
    return int(version)


@contextmanager
def _told(name: str = "The state file") -> Iterator[None]:
    """Raise what goes wrong with the file as a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StateError(f"{name} can't be used: {error}. MEAUX_STATE says where it is.") from None
    except OSError as error:
        raise StateError(
            f"{name} can't be used: {error.strerror}. MEAUX_STATE says where it is."
        ) from None


@contextmanager
def trying(file: StateFile | None) -> Iterator[StateFile]:
    """Give a copy in memory, of a file or of a new one, to try out what would happen."""
    with closing(_connected(":memory:")) as copy:
        if file is not None:
            with _told():
                file.connection.backup(copy)
        _upgrade(copy, ":memory:")
        yield StateFile(copy)
