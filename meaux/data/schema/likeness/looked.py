"""Looked: a table, and what the values of a few of its rows say about its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from meaux.data.schema.catalog import Column, PhysicalTable, plain
from meaux.data.schema.columns import Values
from meaux.data.schema.encodings import NANOSECONDS_FROM, encoding_of
from meaux.data.schema.likeness import stems
from meaux.data.schema.vocabulary import MAIL, OUTCOMES, SEVERITIES, STATUSES

MOST = 0.8
"""The share of values that must fit: every database has a few odd rows."""
_FLAGS = {"0", "1", "true", "false", "yes", "no"}
_WORDS = frozenset(
    word
    for spelled in (STATUSES, OUTCOMES, MAIL, SEVERITIES)
    for words in spelled.values()
    for word in words.split()
)


@dataclass(frozen=True)
class Looked:
    """A table, and the values of a few of its rows; None if no rows were read."""

    table: PhysicalTable
    values: Values | None

    @cached_property
    def columns(self) -> list[Column]:
        """Its columns, except names with braces, which have a meaning in a mapping."""
        columns = self.table.columns.values()
        return [column for column in columns if not re.search("[{}]", column.spelt)]

    @cached_property
    def plain(self) -> frozenset[str]:
        """The names of its columns without case and separators."""
        return frozenset(plain(name) for name in self.table.spelling) | {"rowid"}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word in a column's name."""
        return frozenset().union(*(stems.stems(column.spelt) for column in self.columns))

    def known(self, column: Column) -> list[Any]:
        """Return the values of a column that are not empty."""
        return [v for v in (self.values or {}).get(column.key, ()) if v is not None and v != ""]

    def is_blank(self, column: Column) -> bool:
        """Return whether rows were read, and all of them are empty in a column."""
        return bool((self.values or {}).get(column.key)) and not self.known(column)

    def holds(self, column: Column, type_: str) -> bool | None:
        """Return whether the values are of a logical type; None if none is known."""
        known = self.known(column)
        return _share(type_, known) >= MOST if known else None

    def is_nano(self, column: Column) -> bool:
        """Return whether a column counts nanoseconds: by its values, else by its name."""
        known = self.known(column)
        if known:
            return all(isinstance(v, int | float) and v >= NANOSECONDS_FROM for v in known)
        return bool(stems.NANO & stems.stems(column.spelt))


def _share(type_: str, known: Sequence[Any]) -> float:
    """Return the share of values of a logical type; any value may be a key, a text or a word."""
    match type_:
        case "instant":
            fitting = [value for value in known if encoding_of(value)]
        case "number" | "money" | "duration" | "percent" | "code":
            fitting = [value for value in known if _is_number(value)]
        case "flag":
            fitting = [value for value in known if str(value).strip().lower() in _FLAGS]
        case _:
            fitting = list(known)
    return len(fitting) / len(known)


def _is_number(value: object) -> bool:
    if isinstance(value, int | float):
        return True
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def are_words(known: Sequence[Any]) -> bool:
    """Return whether values are status words; several, so that a match is no coincidence."""
    plain = {str(value).strip().lower().replace("-", "_").replace(" ", "_") for value in known}
    return len(plain) > 1 and plain <= _WORDS
