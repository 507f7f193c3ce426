"""Fits: the source of each logical column in a table, by its spelling, its words or its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from meaux.data.schema.catalog import Column, PhysicalTable, plain
from meaux.data.schema.columns import NUMERIC, WHOLE
from meaux.data.schema.encodings import encodings_of
from meaux.data.schema.likeness import stems
from meaux.data.schema.likeness.looked import Looked, are_words
from meaux.data.schema.model import LogicalColumn, LogicalTable

KEPT = 2_000
"""The number of model columns that the cache holds; a mapping file may add some."""

How = Literal["spelling", "words", "values"]
_TEXT = re.compile(r"CHAR|CLOB|TEXT", re.IGNORECASE)
_TIME = re.compile(r"DATE|TIME", re.IGNORECASE)


@dataclass(frozen=True)
class Fit:
    """A logical column, the possible source for it, and the reason for the match.

    `source` is a column's name or an expression, as in a mapping. `said` is true if the mapping
    must name it, because the model's own spellings would not find it.
    """

    column: str
    source: str
    how: How
    encoding: str = ""
    said: bool = True

    @property
    def read(self) -> tuple[str, ...]:
        """The physical columns of the source."""
        return LogicalColumn.columns_of(self.source)


class Names(NamedTuple):
    """The possible names of a column: without separators, and as required words.

    For each single column that a candidate reads, `patterns` has the required words, the
    candidate's position, the candidate itself and the column's name in it.
    """

    plain: frozenset[str]
    cores: frozenset[frozenset[str]]
    patterns: tuple[tuple[frozenset[str], int, str, str], ...]


@lru_cache(maxsize=KEPT)
def known_names(candidates: tuple[str, ...], type_: str) -> Names:
    """Return the possible names of a column with these candidates; cached for all tables."""
    read = [(place, c, LogicalColumn.columns_of(c)) for place, c in enumerate(candidates)]
    patterns = tuple(
        (core, place, candidate, names[0])
        for place, candidate, names in read
        if len(names) == 1 and (core := stems.core(names[0], type_))
    )
    plain_names = frozenset(plain(name) for _, _, names in read for name in names)
    return Names(plain_names, frozenset(core for core, *_ in patterns), patterns)


def fits_of(logical: LogicalTable, looked: Looked) -> list[Fit]:
    """Find a source for each logical column: by known spelling, else by words or values.

    A column found by its spelling serves no other logical column.
    """
    around = stems.stems(looked.table.name) | stems.stems(logical.name)
    found: dict[str, Fit] = {}
    for way in (_by_spelling, _by_words, _by_values, _from_ends):
        taken = {name.lower() for fit in found.values() for name in fit.read}
        for wanted in logical.columns.values():
            if wanted.name not in found:
                free = [column for column in looked.columns if column.key not in taken]
                if fit := way(wanted, looked, free, around):
                    found[wanted.name] = fit
                    taken |= set() if way is _by_spelling else set(map(str.lower, fit.read))
    return [found[name] for name in logical.columns if name in found]


def _by_spelling(
    wanted: LogicalColumn, looked: Looked, _free: Iterable[Column], _around: frozenset[str]
) -> Fit | None:
    """Return the first known spelling that the table has and whose values fit.

    If none fits, an optional column is read as the binding would read it, unless the values are of
    another type.
    """
    if known_names(wanted.candidates, wanted.type).plain.isdisjoint(looked.plain):
        return None
    right = [
        (place, candidate, columns)
        for place, (candidate, columns) in enumerate(_spelt(wanted, looked.table))
        if not any(looked.holds(column, wanted.type) is False for column in columns)
    ]
    filled = [one for one in right if not all(map(looked.is_blank, one[2]))]
    if not (good := filled or ([] if wanted.required else right)):
        return None
    place, candidate, columns = good[0]
    source = candidate if "{" in candidate else columns[0].spelt
    return _timed(Fit(wanted.name, source, "spelling", said=place > 0), wanted, looked)


def _spelt(wanted: LogicalColumn, table: PhysicalTable) -> Iterator[tuple[str, list[Column]]]:
    """Yield each known spelling that a table has, and its columns, as the binding finds them."""
    for candidate in wanted.candidates:
        columns = [table.called(name) for name in wanted.columns_of(candidate)]
        there = [column for column in columns if column]
        if there and len(there) == len(columns) and not _may_be_cents(wanted, candidate, there):
            yield candidate, there


def _may_be_cents(wanted: LogicalColumn, candidate: str, columns: Iterable[Column]) -> bool:
    whole = any(WHOLE.search(column.declared) for column in columns)
    return candidate in wanted.doubtful and whole


def _by_words(
    wanted: LogicalColumn, looked: Looked, free: Iterable[Column], around: frozenset[str]
) -> Fit | None:
    """Return the column whose name has the words of a known spelling, and none of another meaning.

    `around` are the words in the table's own name.
    """
    known = known_names(wanted.candidates, wanted.type).patterns
    patterns = [pattern for pattern in known if pattern[0] <= looked.words]
    options = []
    for column in free if patterns else ():
        for core, place, candidate, name in patterns:
            apart = stems.distance(column.spelt, name, core, wanted.type, around)
            if apart is not None and not _may_be_cents(wanted, candidate, [column]):
                options.append((apart, place, _in_place(candidate, name, column), column))
    fitting = [option[:3] for option in options if _would_do(wanted, looked, option[3])]
    return _timed(Fit(wanted.name, min(fitting)[2], "words"), wanted, looked) if fitting else None


def _in_place(candidate: str, name: str, column: Column) -> str:
    """Return the candidate with its column name replaced."""
    if "{" not in candidate:
        return column.spelt
    return candidate.replace("{" + name + "}", "{" + column.spelt + "}")


def _would_do(wanted: LogicalColumn, looked: Looked, column: Column) -> bool:
    """Return whether a column holds the wanted type: by its values, else by its declaration."""
    holds = looked.holds(column, wanted.type)
    if holds is not None or looked.is_blank(column):
        return bool(holds)
    declared = column.declared
    match wanted.type:
        case "number" | "money" | "duration" | "percent" | "code":
            return bool(NUMERIC.search(declared)) or not declared
        case "flag":
            return not _TEXT.search(declared)
        case "instant":
            return stems.says_time(column.spelt) or bool(_TIME.search(declared))
        case "word" | "text":
            return bool(_TEXT.search(declared)) or not declared
    return True


def _from_ends(
    wanted: LogicalColumn, looked: Looked, _free: Iterable[Column], _around: frozenset[str]
) -> Fit | None:
    """Return milliseconds between two times in nanoseconds, as traces store them."""
    if wanted.name != "duration_ms":
        return None
    counted = [column for column in looked.columns if looked.is_nano(column)]
    starts = [column.spelt for column in counted if "start" in stems.stems(column.spelt)]
    ends = [column.spelt for column in counted if "end" in stems.stems(column.spelt)]
    if not (starts and ends):
        return None
    return Fit(wanted.name, f"({{{ends[0]}}} - {{{starts[0]}}}) / 1000000.0", "words")


def _by_values(
    wanted: LogicalColumn, looked: Looked, free: Iterable[Column], _around: frozenset[str]
) -> Fit | None:
    """Return the first column whose values fit: a point in time, or status words."""
    if wanted.type == "instant" and wanted.required:
        found = [c for c in free if stems.says_when(c.spelt) and _would_do(wanted, looked, c)]
        # The day of an aggregated row.
        if "usage_date" in wanted.candidates and "created_at" not in wanted.candidates:
            found = [c for c in found if encodings_of(looked.known(c)) == ("date",)]
    elif wanted.type == "word" and wanted.name == "status":
        found = [c for c in free if are_words(looked.known(c))]
    else:
        found = []
    return _timed(Fit(wanted.name, found[0].spelt, "values"), wanted, looked) if found else None


def _timed(fit: Fit, wanted: LogicalColumn, looked: Looked) -> Fit:
    """Return the fit; a point in time in nanoseconds is read as microseconds."""
    column = looked.table.called(fit.source)
    if wanted.type != "instant" or column is None or not looked.is_nano(column):
        return fit
    source = "{" + column.spelt + "} / 1000"
    return replace(fit, source=source, encoding="epoch_us", said=True)
