"""What a database is to everything above it: a name, a title, and one way to ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One reading statement and what stands for its placeholders `?1, ?2 …`.

    Every database binds a value that is not None as text, because D1 does: a query that compares
    a parameter with an expression says `CAST(?1 AS INTEGER)`. `width` is how many columns a row
    of the answer must have, where that is known: a row of another width is none of its own.
    """

    sql: str
    params: tuple[Value, ...] = ()
    width: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Meta:
    """What an answer took: rows read (None: not metered), milliseconds, and who answered."""

    rows_read: int | None
    duration_ms: float
    served_by: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to one statement.

    `columns` may be empty when there are no rows: some servers don't name the columns of nothing.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    meta: Meta


class Database(Protocol):
    """A database that can be read."""

    @property
    def name(self) -> str:
        """What tells this database from any other, in a cache key; holds no secret."""

    @property
    def title(self) -> str:
        """What people call it."""

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Answer all statements, in their order, in one call; raise `DatabaseError` if it can't."""
