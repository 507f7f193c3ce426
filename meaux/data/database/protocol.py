"""Protocol: a database has a name, a title, and one way to fetch rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol, runtime_checkable

Value = str | int | float | None


@dataclass(frozen=True)
class Statement:
    """One read-only statement and the values of its placeholders `?1, ?2 …`.

    Every database binds a value that is not None as text, because D1 does: a query that compares a
    parameter with an expression says `CAST(?1 AS INTEGER)`. `width` is the number of columns of a
    row, if known: a row of another width is an error. `own`: whether somebody wrote it, so that a
    missing table or column is their mistake, and not a changed schema. `native`: whether it is
    in the SQL of the database itself; any other is in SQLite's.
    """

    sql: str
    params: tuple[Value, ...] = ()
    width: int | None = field(default=None, compare=False)
    own: bool = field(default=False, compare=False)
    native: bool = field(default=False, compare=False)

    @cached_property
    def digest(self) -> str:
        """A short text in place of the SQL, which often has tens of thousands of characters."""
        return sha256(repr((self.sql, self.params)).encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Meta:
    """The cost of an answer: rows read and written (None: unknown), milliseconds, the server.

    `age` is how many seconds ago the gateway read a kept answer from the database. `size` is that
    of the whole database in bytes, if the answer says so.
    """

    rows_read: int | None
    duration_ms: float
    served_by: str
    rows_written: int | None = None
    age: float = 0.0
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to one statement.

    `columns` may be empty without rows: some servers don't name the columns of an empty answer.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    meta: Meta


class Database(Protocol):
    """A database that can be read."""

    @property
    def name(self) -> str:
        """A text unique to this database, for cache keys; contains no secret."""

    @property
    def title(self) -> str:
        """The name shown to people."""

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Answer all statements, in their order, in one call; raise `DatabaseError` if it can't."""


@dataclass(frozen=True)
class Loaded:
    """As of when a copy is complete, and the tables that the last run has not loaded since.

    `at` is None if no run was complete yet, or if an older version noted runs in another way.
    """

    at: datetime | None
    left: tuple[str, ...] = ()
    by_an_older_version: bool = False


@runtime_checkable
class Copy(Database, Protocol):
    """A database that holds a copy of another one, made by `python -m meaux load`."""

    def evidence(self) -> str:
        """Return what the loader stored of the source, as JSON; empty if nothing is loaded yet."""

    def loaded(self) -> Loaded | None:
        """Return as of when the copy is complete; None if nothing was ever loaded."""

    def sent(self, statement: Statement) -> str:
        """Return the SQL of a statement as the engine gets it."""
