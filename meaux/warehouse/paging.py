"""Paging: a table of D1 in pages by its key, each cell exactly as it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from meaux.data.database import Statement
from meaux.data.schema import PhysicalTable, quoted
from meaux.errors import TargetError

Key = tuple[Any, ...]
"""The values of a row's key."""

_EXACT = "CASE typeof({x}) WHEN 'text' THEN '''' || {x} ELSE quote({x}) END"
"""A cell as a text. JSON, in which D1 answers, would round a whole number past 2^53."""


@dataclass(frozen=True)
class Paged:
    """A table and how it is read: in the order of its rowid, or else of its primary key."""

    table: PhysicalTable

    @cached_property
    def columns(self) -> list[str]:
        """The columns that are stored."""
        return [column.spelt for column in self.table.columns.values() if not column.computed]

    @cached_property
    def key(self) -> list[str]:
        """The columns by which the rows are ordered; empty for a table without a key."""
        if self.table.key:
            return [self.table.key]
        return [self.table.columns[name].spelt for name in self.table.primary_key]

    @property
    def grows_at_its_end(self) -> bool:
        """Return whether a new row stands behind all others."""
        return self.table.key is not None

    def page(self, after: Key, size: int) -> Statement:
        """Return the statement for the rows behind a key, in order; from the first without one."""
        behind = f"WHERE ({self._key}) > ({_places(after)})\n" if after else ""
        return self._select(f"{behind}ORDER BY {self._key}", after, size)

    def changed(self, column: str, since: Key, size: int) -> Statement:
        """Return the statement for the rows behind a value of a column and a key, in that order."""
        order = f"{quoted(column)}, {self._key}"
        behind = f"WHERE ({order}) > ({_places(since)})\n"
        return self._select(f"{behind}ORDER BY {order}", since, size)

    def _select(self, rest: str, values: Key, size: int) -> Statement:
        cells = ", ".join(
            f"{_EXACT.format(x=quoted(name))} AS c{place}"
            for place, name in enumerate([*self.key, *self.columns])
        )
        sql = f"SELECT {cells}\nFROM main.{quoted(self.table.name)}\n{rest} LIMIT {size}"
        width = len(self.key) + len(self.columns)
        return Statement(sql, tuple(map(str, values)), width=width)

    def read(self, rows: Iterable[Sequence[Any]]) -> list[tuple[Key, tuple[Any, ...]]]:
        """Return the key and the cells of each row of an answer."""
        many = len(self.key)
        decoded = (tuple(map(_cell, row)) for row in rows)
        return [(row[:many], row[many:]) for row in decoded]

    @property
    def _key(self) -> str:
        return ", ".join(map(quoted, self.key))


def _places(values: Key) -> str:
    """Return placeholders for some values; D1 binds texts only."""
    if bytes in map(type, values):
        raise TargetError(
            "A table without a rowid has bytes as its key; it can't be read in pages."
        )
    return ", ".join(
        f"CAST(?{place} AS {_CASTS[type(value)]})" if type(value) in _CASTS else f"?{place}"
        for place, value in enumerate(values, start=1)
    )


_CASTS: dict[type, str] = {int: "INTEGER", float: "REAL"}


def _cell(text: Any) -> Any:
    """Return the value of a cell: a text behind a quote, else a literal of SQL."""
    if text is None or text == "NULL":
        return None
    if text[0] == "'":
        return text[1:]
    if text[0] in "Xx":
        return bytes.fromhex(text[2:-1])
    return int(text) if text.lstrip("-").isdecimal() else float(text)
