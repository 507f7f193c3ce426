"""Likeness: which tables could serve a logical one that goes by no known name, and why.

A table is compared by the names of its columns, by their types and, where some rows were looked
at, by their values. What tells a kind of row from all others stands in `likeness.toml`. Nothing
here binds anything.
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
"""How many columns of the model the cache holds: a mapping file may add some."""

FLOOR = 0.5
"""A table that is less like a kind of row than this is not spoken of."""

How = Literal["spelling", "words", "values"]
STRENGTH: Mapping[How, float] = {"spelling": 1.0, "words": 0.7, "values": 0.4}
"""How much each way to find a column is worth."""
TELLING, REQUIRED, PLAIN = 3, 2, 1
"""What columns weigh: those that tell the kind, those that every row needs, and all others."""
NAMED = 0.25
"""What a table's name adds that says the kind."""
FEEDING = 0.5
"""What is left of the likeness of a table that serves another kind already."""
MOST = 0.8
"""The share of values that must be what is looked for: a few rows are odd in any database."""

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
    """What tells a kind of row: groups of columns, and words of a table's name.

    Where a table has the logical column `without`, the rows that fill it are of another kind;
    where it has `shared`, only the rows that fill the column `with_` are of this one.
    """

    tells: tuple[frozenset[str], ...] = ()
    named: tuple[str, ...] = ()
    unlike: frozenset[str] = frozenset()
    without: str = ""
    shared: str = ""
    with_: str = ""


@dataclass(frozen=True)
class Fit:
    """A logical column, what could be read for it, and what tells so.

    `source` is a column's name or an expression, as a mapping has it; `said` whether the mapping
    has to say so, because the model's own spellings would not find it.
    """

    column: str
    source: str
    how: How
    encoding: str = ""
    said: bool = True

    @property
    def read(self) -> list[str]:
        """The physical columns that it reads."""
        return LogicalColumn.columns_of(self.source)


@dataclass(frozen=True)
class Likeness:
    """A table that could serve a logical one: how well, by which columns, and what would lack.

    `score` is a share of 1. Where the table holds rows of another kind, too, only those that fill
    the column `filled` would count, or those that leave `blank` empty.
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
        """SQL for the rows that would count, with columns in braces; empty where all do."""
        column = "{" + (self.filled or self.blank) + "}"
        if self.filled:
            return f"coalesce({column}, '') <> ''"
        return f"coalesce({column}, '') = ''" if self.blank else ""

    def mapping(self) -> str:
        """What to write in `schema.toml`, so that the table serves."""
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
    """A text of TOML, which lets no control character stand as it is."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


@cache
def kinds() -> Mapping[str, Kind]:
    """What tells each kind of row, by logical table."""
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
    """The logical tables that something reads, and that stand on nothing, or on no rows."""
    fed = {bound.logical for bound in binding.tables.values() if bound.has_rows}
    tables = binding.model.tables.values()
    return [logical for logical in tables if logical.name not in fed and not logical.unread]


def ranked(
    binding: Binding,
    catalog: Catalog,
    values: Mapping[str, Values] | None = None,
    empty: Collection[str] = (),
) -> dict[str, list[Likeness]]:
    """For each missing logical table, the tables that are like it, the best first.

    `values` are those of a few rows, by table in lower case; without them names and types tell.
    `empty` are the tables, in lower case, that are known to have no rows. A table that serves
    another kind of row, or is more like one, has half of its likeness left.
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
    """How well a table could serve a logical one; None where it is of another kind."""
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
    """Whether a table's name says the kind: it is a known one that lacks something, or like one."""
    is_known = plain(table.name) in map(plain, logical.candidates)
    return is_known or any(stems.is_called(table.name, phrase) for phrase in kind.named)


def _may_tell(logical: LogicalTable, kind: Kind, looked: _Looked) -> bool:
    """Whether names could tell the kind at all: most tables are out at a glance."""
    return any(
        all(_may_be_there(logical.columns[column], looked) for column in group)
        for group in kind.tells
    )


def _may_be_there(wanted: LogicalColumn, looked: _Looked) -> bool:
    """Whether some name in a table might be of a column; whether it is, is looked at later."""
    known = _known_names(wanted.candidates, wanted.type)
    words = looked.words
    return (
        not known.plain.isdisjoint(looked.plain)
        or any(core <= words for core in known.cores)
        or (wanted.name == "duration_ms" and not stems.NANO.isdisjoint(words))
    )


class _Names(NamedTuple):
    """What a column may be called: without joints, and the words that must be there.

    Of each single column that a candidate reads, `patterns` has those words, the candidate's place,
    the candidate itself and the column's name in it.
    """

    plain: frozenset[str]
    cores: frozenset[frozenset[str]]
    patterns: tuple[tuple[frozenset[str], int, str, str], ...]


@lru_cache(maxsize=KEPT)
def _known_names(candidates: tuple[str, ...], type_: str) -> _Names:
    """What a column of these candidates may be called; worked out once, for all tables."""
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
    """The share of the columns' weight that was found, each by how it was found, and the name.

    That rows have numbers tells nothing.
    """
    weights = {
        c.name: TELLING if c.name in telling else REQUIRED if c.required else PLAIN
        for c in logical.columns.values()
        if c.candidates[:1] != ("rowid",) and not c.quiet
    }
    found = sum(STRENGTH[fit.how] * weights.get(fit.column, 0) for fit in fits)
    return round((1 - NAMED) * found / sum(weights.values()) + NAMED * named, 3)


def _eligible(catalog: Catalog) -> list[PhysicalTable]:
    """The tables that hold rows of somebody's own."""
    return [
        table
        for name, table in sorted(catalog.tables.items())
        if table.kind != "virtual"
        and name not in catalog.shadows
        and not name.startswith(("_cf_", "sqlite_", "d1_migrations"))
    ]


def _without_rows(binding: Binding) -> set[str]:
    """The tables, in lower case, of which the binding knows that they have no rows."""
    spare = (table for logical in binding.others for table in binding.spare(logical))
    bound = (*binding.tables.values(), *spare)
    return {table.physical.lower() for table in bound if not table.has_rows}


def _apart(binding: Binding, found: Iterable[Likeness]) -> dict[str, list[Likeness]]:
    """The likenesses by logical table, the best first; none below the floor.

    Each kind of row, the likest first, takes the table that is most like it; of those that are
    like it to the same degree, the one of which more is understood.
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
    """Whether a table may serve two kinds: the product says so, or its rows are told apart."""
    own = read_model().tables
    first, second = (set(own[name].candidates) for name in (owner, one.logical))
    return owner == one.logical or bool(one.only) or not first.isdisjoint(second)


# A table, and what a few of its rows hold ------------------------------------------------------


@dataclass(frozen=True)
class _Looked:
    """A table, and the values of a few of its rows; None where nobody looked."""

    table: PhysicalTable
    values: Values | None

    @cached_property
    def columns(self) -> list[Column]:
        """Its columns, but for those with braces, which mean something else in a mapping."""
        columns = self.table.columns.values()
        return [column for column in columns if not re.search("[{}]", column.spelt)]

    @cached_property
    def plain(self) -> frozenset[str]:
        """The names of its columns without case and joints."""
        return frozenset(plain(name) for name in self.table.spelling) | {"rowid"}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that a column has in its name."""
        return frozenset().union(*(stems.stems(column.spelt) for column in self.columns))

    def known(self, column: Column) -> list[Any]:
        """The values of a column that say something."""
        return [v for v in (self.values or {}).get(column.key, ()) if v is not None and v != ""]

    def is_blank(self, column: Column) -> bool:
        """Whether rows were looked at, and none of them says anything there."""
        return bool((self.values or {}).get(column.key)) and not self.known(column)

    def holds(self, column: Column, type_: str) -> bool | None:
        """Whether the values are of a logical type; None where none is known."""
        known = self.known(column)
        return _share(type_, known) >= MOST if known else None


def _share(type_: str, known: Sequence[Any]) -> float:
    """The share of values that are of a logical type; anything may be a key, a text or a word."""
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
    """Whether values are words of a status, and several, so that it is no chance."""
    plain = {str(value).strip().lower().replace("-", "_").replace(" ", "_") for value in known}
    return len(plain) > 1 and plain <= _WORDS


# What would be read for each column -----------------------------------------------------------


def _fits(logical: LogicalTable, looked: _Looked) -> list[Fit]:
    """What could be read for each logical column: by a known spelling, else by words or values.

    A column that serves by its spelling serves nothing else.
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
    """The first known spelling that the table has and whose values would do.

    Where none does, what need not be there is read as the binding would read it, as long as the
    values are not of another type.
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
    """Each known spelling that a table has, and its columns, as the binding finds them."""
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
    """The column whose name has the words of a known spelling, and none of another meaning.

    `around` are the words that the table says of itself.
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
    """The candidate with a column in the place of the one that it names."""
    if "{" not in candidate:
        return column.spelt
    return candidate.replace("{" + name + "}", "{" + column.spelt + "}")


def _would_do(wanted: LogicalColumn, looked: _Looked, column: Column) -> bool:
    """Whether a column holds what is wanted: by its values, else as it is declared."""
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
    """Milliseconds between two ends in nanoseconds, the way that traces are written."""
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
    """The first column whose values are what is wanted: a point in time, words of a status."""
    if wanted.type == "instant" and wanted.required:
        found = [c for c in free if stems.says_when(c.spelt) and _would_do(wanted, looked, c)]
        # a day that rows were added up for
        if "usage_date" in wanted.candidates and "created_at" not in wanted.candidates:
            found = [c for c in found if encodings_of(looked.known(c)) == ("date",)]
    elif wanted.type == "word" and wanted.name == "status":
        found = [c for c in free if _are_words(looked.known(c))]
    else:
        found = []
    return _timed(Fit(wanted.name, found[0].spelt, "values"), wanted, looked) if found else None


def _timed(fit: Fit, wanted: LogicalColumn, looked: _Looked) -> Fit:
    """The fit; a point in time in nanoseconds is read as microseconds."""
    column = looked.table.called(fit.source)
    if wanted.type != "instant" or column is None or not _is_nano(looked, column):
        return fit
    source = "{" + column.spelt + "} / 1000"
    return replace(fit, source=source, encoding="epoch_us", said=True)


def _is_nano(looked: _Looked, column: Column) -> bool:
    """Whether a column counts nanoseconds: by its values, else by its name."""
    known = looked.known(column)
    if known:
        return all(isinstance(v, int | float) and v >= NANOSECONDS_FROM for v in known)
    return bool(stems.NANO & stems.stems(column.spelt))


# Rows of two kinds in one table ---------------------------------------------------------------


def _apart_by(model: Model, kind: Kind, looked: _Looked, fits: Iterable[Fit]) -> tuple[str, str]:
    """The column that rows of a kind fill, and the one that they leave empty; both mostly none."""
    if kind.without and (other := _column_of(model, kind.without, looked)):
        return "", other
    own = next((f.source for f in fits if f.column == kind.with_ and "{" not in f.source), "")
    return (own if own and _column_of(model, kind.shared, looked) else "", "")


def _column_of(model: Model, entry: str, looked: _Looked) -> str | None:
    """The column of a table that a logical one of another kind would be read from."""
    table, _, column = entry.partition(".")
    fits = _fits(model.tables[table], looked)
    return next((f.source for f in fits if f.column == column and "{" not in f.source), None)
