"""The book: the open database file of the demo."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent


class Book:
    """A database being written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.used: Counter[str] = Counter()

    def columns(self, table: str, /, **columns: Any) -> None:
        """Write rows given by column; a single value is repeated in every row."""
        size = max(len(column) for column in columns.values() if not _single(column))
        values = [repeat(c, size) if _single(c) else _plain(c) for c in columns.values()]
        self._insert(table, list(columns), zip(*values, strict=True))

    def rows(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows that all have the same keys."""
        self._insert(table, list(rows[0]), (tuple(row.values()) for row in rows))

    def script(self, name: str, parameters: Mapping[str, Any]) -> None:
        """Run the statements of a script next to this module."""
        for statement in statements((HERE / name).read_text(encoding="utf-8")):
            self.connection.execute(statement, parameters)

    def numbers(self, prefix: str, count: int) -> list[str]:
        """Return new IDs, for example `te_0000017`."""
        first = self.used[prefix]
        self.used[prefix] += count
        return [f"{prefix}_{number:07d}" for number in range(first + 1, first + count + 1)]

    def _insert(self, table: str, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(names))
        sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        self.connection.executemany(sql, rows)


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script, one by one."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _single(column: Any) -> bool:
    return column is None or isinstance(column, str | int | float)


def _plain(column: Any) -> Any:
    return column.tolist() if isinstance(column, np.ndarray) else column
