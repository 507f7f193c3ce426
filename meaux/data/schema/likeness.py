"""Likeness: which tables could serve a logical table that has no known name, and why.

A table is compared by the names of its columns, by their types and, if some rows were read, by
their values. `likeness.toml` lists the columns and words that identify each kind of row. Nothing
here binds a table.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from meaux.data.schema import stems
from meaux.data.schema.binding import Binding
from meaux.data.schema.catalog import Catalog, Column, PhysicalTable, plain
from meaux.data.schema.columns import NUMERIC, WHOLE, Values
from meaux.data.schema.encodings import NANOSECONDS_FROM, encoding_of, encodings_of
from meaux.data.schema.model import LogicalColumn, LogicalTable, Model, read_model
from meaux.data.schema.vocabulary import MAIL, OUTCOMES, SEVERITIES, STATUSES

KINDS_FILE = Path(__file__).with_name("likeness.toml")

KEPT = 2_000
"""The number of model columns that the cache holds; a mapping file may add some."""

FLOOR = 0.5
"""The lowest score of a suggested table."""

How = Literal["spelling", "words", "values"]
STRENGTH: Mapping[How, float] = {"spelling": 1.0, "words": 0.7, "values": 0.4}
"""The weight of each way to find a column."""
TELLING, REQUIRED, PLAIN = 3, 2, 1
"""The weights of columns: those that identify the kind, required ones, and all others."""
NAMED = 0.25
"""The bonus for a table name that matches the kind."""
FEEDING = 0.5
"""The factor on the score of a table that already serves another kind."""
MOST = 0.8
"""The share of values that must fit: every database has a few odd rows."""

_TEXT = re.compile(r"CHAR|CLOB|TEXT", re.IGNORECASE)
_TIME = re.compile(r"DATE|TIME", re.IGNORECASE)
_FLAGS = {"0", "1", "true", "false", "yes", "no"}
_WORDS = frozenset(
    word
    for spelled in (STATUSES, OUTCOMES, MAIL, SEVERITIES)
    for words in spelled.values()
    for word in words.split()
)


@dataclass(frozen=True)
class Kind:
    """The features of a kind of row: groups of columns, and words of a table's name.

    If a table has the logical column `without`, the rows with a value there are of another kind. If
    it has `shared`, only the rows with a value in `with_` are of this kind.
    """

    tells: tuple[frozenset[str], ...] = ()
    named: tuple[str, ...] = ()
    unlike: frozenset[str] = frozenset()
    without: str = ""
    shared: str = ""
    with_: str = ""


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


@dataclass(frozen=True)
class Likeness:
    """A table that could serve a logical one, with its score, its matching and missing columns.

    `score` is from 0 to 1. If the table also holds rows of another kind, only the rows with a value
    in `filled`, or those without one in `blank`, would count.
    """

    logical: str
    table: str
    score: float
    fits: tuple[Fit, ...]
    lacking: tuple[str, ...]
    filled: str = ""
    blank: str = ""

    @property
    def only(self) -> str:
        """SQL for the rows that would count, with columns in braces; empty if all do."""
        column = "{" + (self.filled or self.blank) + "}"
        if self.filled:
            return f"coalesce({column}, '') <> ''"
        return f"coalesce({column}, '') = ''" if self.blank else ""

    def mapping(self) -> str:
        """Return the entry of `schema.toml` that makes the table serve."""
        lines = [f"[{self.logical}]", f"tables = [{_text(self.table)}]"]
        if self.only:
            lines.append(f"only = {{ {_text(self.table.lower())} = {_text(self.only)} }}")
        entries = [f"{fit.column} = {_entry(fit)}" for fit in self.fits if fit.said]
        lines += [f"[{self.logical}.columns]", *entries] if entries else []
        return "\n".join(lines) + "\n"


def _entry(fit: Fit) -> str:
    if not fit.encoding:
        return _text(fit.source)
    return f"{{ from = {_text(fit.source)}, encoding = {_text(fit.encoding)} }}"


def _text(words: str) -> str:
    """Write a TOML string; TOML requires control characters to be escaped."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


@cache
def kinds() -> Mapping[str, Kind]:
    """Read the features of each kind of row, by logical table."""
    parsed = tomllib.loads(KINDS_FILE.read_text(encoding="utf-8"))
    return {
        name: Kind(
            tuple(frozenset(group.split()) for group in entry["tells"]),
            tuple(entry["named"]),
            frozenset().union(*map(stems.stems, entry.get("unlike", ()))),
            entry.get("without", ""),
            entry.get("shared", ""),
            entry.get("with", ""),
        )
        for name, entry in parsed.items()
    }


def missing(binding: Binding) -> list[LogicalTable]:
    """List the logical tables that a query reads and that have no physical table, or no rows."""
    fed = {bound.logical for bound in binding.tables.values() if bound.has_rows}
    tables = binding.model.tables.values()
    return [logical for logical in tables if logical.name not in fed and not logical.unread]


def ranked(
    binding: Binding,
    catalog: Catalog,
    values: Mapping[str, Values] | None = None,
    empty: Collection[str] = (),
) -> dict[str, list[Likeness]]:
    """Return similar tables for each missing logical table, best first.

    `values` are those of a few rows, by table in lower case; without them only names and types
    count. `empty` are the tables, in lower case, that are known to have no rows. The score of a
    table is halved if it serves another kind of row, or is more like one.
    """
    rowless = {*map(str.lower, empty), *_without_rows(binding)}
    tables = [
        _Looked(table, (values or {}).get(table.name.lower()))
        for table in _eligible(catalog)
        if table.name.lower() not in rowless
    ]
    found = (_alike(binding.model, one, table) for one in missing(binding) for table in tables)
    return _apart(binding, filter(None, found))


def _alike(model: Model, logical: LogicalTable, looked: _Looked) -> Likeness | None:
    """Score a table for a logical one; None if it holds another kind of row."""
    kind, table = kinds().get(logical.name, Kind()), looked.table
    named = _is_named(logical, kind, table)
    if kind.unlike & stems.stems(table.name) or not (named or _may_tell(logical, kind, looked)):
        return None
    fits = _fits(logical, looked)
    bound = {fit.column for fit in fits}
    if any(column.required and column.name not in bound for column in logical.columns.values()):
        return None
    by_name = {fit.column for fit in fits if fit.how != "values"}
    told = [group for group in kind.tells if group <= by_name]
    if not (told or named):
        return None
    return Likeness(
        logical.name,
        table.name,
        _score(logical, fits, frozenset().union(*told), named=named),
        tuple(fits),
        tuple(n for n, c in logical.columns.items() if n not in bound and not c.quiet),
        *_apart_by(model, kind, looked, fits),
    )


def _is_named(logical: LogicalTable, kind: Kind, table: PhysicalTable) -> bool:
    """Return whether a table's name matches the kind: it is known but incomplete, or similar."""
    is_known = plain(table.name) in map(plain, logical.candidates)
    return is_known or any(stems.is_called(table.name, phrase) for phrase in kind.named)


def _may_tell(logical: LogicalTable, kind: Kind, looked: _Looked) -> bool:
    """Return whether names could match the kind at all: a quick test that excludes most tables."""
    return any(
        all(_may_be_there(logical.columns[column], looked) for column in group)
        for group in kind.tells
    )


def _may_be_there(wanted: LogicalColumn, looked: _Looked) -> bool:
    """Return whether some name in a table might be of a column; the exact test comes later."""
    known = _known_names(wanted.candidates, wanted.type)
    words = looked.words
    return (
        not known.plain.isdisjoint(looked.plain)
        or any(core <= words for core in known.cores)
        or (wanted.name == "duration_ms" and not stems.NANO.isdisjoint(words))
    )


class _Names(NamedTuple):
    """The possible names of a column: without separators, and as required words.

    For each single column that a candidate reads, `patterns` has the required words, the
    candidate's position, the candidate itself and the column's name in it.
    """

    plain: frozenset[str]
    cores: frozenset[frozenset[str]]
    patterns: tuple[tuple[frozenset[str], int, str, str], ...]


@lru_cache(maxsize=KEPT)
def _known_names(candidates: tuple[str, ...], type_: str) -> _Names:
    """Return the possible names of a column with these candidates; cached for all tables."""
    read = [(place, c, LogicalColumn.columns_of(c)) for place, c in enumerate(candidates)]
    patterns = tuple(
        (core, place, candidate, names[0])
        for place, candidate, names in read
        if len(names) == 1 and (core := stems.core(names[0], type_))
    )
    plain_names = frozenset(plain(name) for _, _, names in read for name in names)
    return _Names(plain_names, frozenset(core for core, *_ in patterns), patterns)


def _score(
    logical: LogicalTable, fits: Iterable[Fit], telling: Collection[str], *, named: bool
) -> float:
    """Return the share of the columns' weight that was found, with the bonus for the table's name.

    How a column was found scales its weight. Row numbers have no weight.
    """
    weights = {
        c.name: TELLING if c.name in telling else REQUIRED if c.required else PLAIN
        for c in logical.columns.values()
        if c.candidates[:1] != ("rowid",) and not c.quiet
    }
    found = sum(STRENGTH[fit.how] * weights.get(fit.column, 0) for fit in fits)
    return round((1 - NAMED) * found / sum(weights.values()) + NAMED * named, 3)


def _eligible(catalog: Catalog) -> list[PhysicalTable]:
    """List the tables that hold user data."""
    return [
        table
        for name, table in sorted(catalog.tables.items())
        if table.kind != "virtual"
        and name not in catalog.shadows
        and not name.startswith(("_cf_", "sqlite_", "d1_migrations"))
    ]


def _without_rows(binding: Binding) -> set[str]:
    """Return the tables, in lower case, that are known from the binding to have no rows."""
    spare = (table for logical in binding.others for table in binding.spare(logical))
    bound = (*binding.tables.values(), *spare)
    return {table.physical.lower() for table in bound if not table.has_rows}


def _apart(binding: Binding, found: Iterable[Likeness]) -> dict[str, list[Likeness]]:
    """Assign the likenesses to logical tables, best first, without those below the floor.

    Each kind of row, the best match first, takes its most similar table; among equal scores, the
    table with more known columns.
    """
    owners = {b.physical: b.logical for b in binding.tables.values() if b.has_rows}
    placed: dict[str, list[Likeness]] = {}
    for one in sorted(found, key=_order):
        owner = owners.get(one.table)
        free = owner is None or _may_share(owner, one)
        placed.setdefault(one.logical, []).append(
            one if free else replace(one, score=round(one.score * FEEDING, 3))
        )
        if owner is None and len(placed[one.logical]) == 1:
            owners[one.table] = one.logical
    best = {
        name: sorted((one for one in options if one.score >= FLOOR), key=_order)
        for name, options in placed.items()
    }
    return {name: best[name] for name in binding.model.tables if best.get(name)}


def _order(one: Likeness) -> tuple[float, int, str, str]:
    return -one.score, -len(one.fits), one.table, one.logical


def _may_share(owner: str, one: Likeness) -> bool:
    """Return whether a table may serve two kinds: the product allows it, or its rows differ."""
    own = read_model().tables
    first, second = (set(own[name].candidates) for name in (owner, one.logical))
    return owner == one.logical or bool(one.only) or not first.isdisjoint(second)


# A table, and the values of a few of its rows ------------------------------------------------


@dataclass(frozen=True)
class _Looked:
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


def _are_words(known: Sequence[Any]) -> bool:
    """Return whether values are status words; several, so that a match is no coincidence."""
    plain = {str(value).strip().lower().replace("-", "_").replace(" ", "_") for value in known}
    return len(plain) > 1 and plain <= _WORDS


# The source of each column -------------------------------------------------------------------


def _fits(logical: LogicalTable, looked: _Looked) -> list[Fit]:
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
    wanted: LogicalColumn, looked: _Looked, _free: Iterable[Column], _around: frozenset[str]
) -> Fit | None:
    """Return the first known spelling that the table has and whose values fit.

    If none fits, an optional column is read as the binding would read it, unless the values are of
    another type.
    """
    if _known_names(wanted.candidates, wanted.type).plain.isdisjoint(looked.plain):
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
    wanted: LogicalColumn, looked: _Looked, free: Iterable[Column], around: frozenset[str]
) -> Fit | None:
    """Return the column whose name has the words of a known spelling, and none of another meaning.

    `around` are the words in the table's own name.
    """
    known = _known_names(wanted.candidates, wanted.type).patterns
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


def _would_do(wanted: LogicalColumn, looked: _Looked, column: Column) -> bool:
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
    wanted: LogicalColumn, looked: _Looked, _free: Iterable[Column], _around: frozenset[str]
) -> Fit | None:
    """Return milliseconds between two times in nanoseconds, as traces store them."""
    if wanted.name != "duration_ms":
        return None
    counted = [column for column in looked.columns if _is_nano(looked, column)]
    starts = [column.spelt for column in counted if "start" in stems.stems(column.spelt)]
    ends = [column.spelt for column in counted if "end" in stems.stems(column.spelt)]
    if not (starts and ends):
        return None
    return Fit(wanted.name, f"({{{ends[0]}}} - {{{starts[0]}}}) / 1000000.0", "words")


def _by_values(
    wanted: LogicalColumn, looked: _Looked, free: Iterable[Column], _around: frozenset[str]
) -> Fit | None:
    """Return the first column whose values fit: a point in time, or status words."""
    if wanted.type == "instant" and wanted.required:
        found = [c for c in free if stems.says_when(c.spelt) and _would_do(wanted, looked, c)]
        # The day of an aggregated row.
        if "usage_date" in wanted.candidates and "created_at" not in wanted.candidates:
            found = [c for c in found if encodings_of(looked.known(c)) == ("date",)]
    elif wanted.type == "word" and wanted.name == "status":
        found = [c for c in free if _are_words(looked.known(c))]
    else:
        found = []
    return _timed(Fit(wanted.name, found[0].spelt, "values"), wanted, looked) if found else None


def _timed(fit: Fit, wanted: LogicalColumn, looked: _Looked) -> Fit:
    """Return the fit; a point in time in nanoseconds is read as microseconds."""
    column = looked.table.called(fit.source)
    if wanted.type != "instant" or column is None or not _is_nano(looked, column):
        return fit
    source = "{" + column.spelt + "} / 1000"
    return replace(fit, source=source, encoding="epoch_us", said=True)


def _is_nano(looked: _Looked, column: Column) -> bool:
    """Return whether a column counts nanoseconds: by its values, else by its name."""
    known = looked.known(column)
    if known:
        return all(isinstance(v, int | float) and v >= NANOSECONDS_FROM for v in known)
    return bool(stems.NANO & stems.stems(column.spelt))


# Rows of two kinds in one table ---------------------------------------------------------------


def _apart_by(model: Model, kind: Kind, looked: _Looked, fits: Iterable[Fit]) -> tuple[str, str]:
    """Return the column that rows of a kind fill, and the one that they leave empty; or ""."""
    if kind.without and (other := _column_of(model, kind.without, looked)):
        return "", other
    own = next((f.source for f in fits if f.column == kind.with_ and "{" not in f.source), "")
    return (own if own and _column_of(model, kind.shared, looked) else "", "")


def _column_of(model: Model, entry: str, looked: _Looked) -> str | None:
    """Return the column of a table that a logical column of another kind would be read from."""
    table, _, column = entry.partition(".")
    fits = _fits(model.tables[table], looked)
    return next((f.source for f in fits if f.column == column and "{" not in f.source), None)
