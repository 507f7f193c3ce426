"""Reading: the rows of a SQLite file in blocks, however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from meaux.data.database import Statement
from meaux.errors import NotADatabase, QueryError
from meaux.warehouse.statements import DIGEST

BLOCK = 50_000
"""The maximum number of rows that are read at a time; at most two such blocks are in memory."""
PATIENCE = 30.0
"""How many seconds to wait for somebody who writes to the file."""
BYTES = 4
"""The size of a row's digest: the sum for two billion rows fits a whole number of SQLite."""


Rows = list[tuple[Any, ...]]


class Reader:
    """A SQLite file, read only: without the limits of D1, which a page's queries must respect.

    Each statement sees one state of the file, and keeps nobody from writing for longer. `unread`
    are tables of the source whose new rows the file lacks; it has the rows of before `began`.
    """

    def __init__(
        self, path: Path, unread: Sequence[str] = (), began: datetime | None = None
    ) -> None:
        self._path = path
        self.unread = unread
        self.began = began or datetime.now(UTC)

    def blocks(self, statement: Statement) -> Generator[Rows]:
        """Yield the rows of a statement in blocks.

        Raises:
            NotADatabase: The file can't be opened.
            QueryError: SQLite refused the statement.
        """
        with self._opened() as connection:
            cursor = connection.execute(statement.sql, statement.params)
            while block := cursor.fetchmany(BLOCK):
                yield block

    def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, which has few."""
        return [row for block in self.blocks(statement) for row in block]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            uri = f"{self._path.expanduser().absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE)
        except sqlite3.Error:
            raise NotADatabase(f"{self._path.name} can't be opened.") from None
        try:
            connection.text_factory = _decoded
            connection.create_function(DIGEST, -1, _digest, deterministic=True)
            yield connection
        except sqlite3.Error as error:
            raise QueryError(str(error), f"{self._path.name}: {error}.") from None
        finally:
            connection.close()


def ahead(blocks: Generator[Rows]) -> Iterator[Rows]:
    """Yield blocks, while a thread of its own reads the next one: so it is read during an insert.

    The thread opens, reads and closes the file, even if nobody takes the other blocks.
    """
    with ThreadPoolExecutor(1) as reading:
        try:
            coming = reading.submit(next, blocks, None)
            while block := coming.result():
                coming = reading.submit(next, blocks, None)
                yield block
        finally:
            reading.submit(blocks.close)


def _decoded(text: bytes) -> str:
    """Read text that may not be UTF-8, as D1 does."""
    return text.decode(errors="replace")


def _digest(*cells: object) -> int:
    said = repr(cells).encode(errors="surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=BYTES).digest(), "big")
