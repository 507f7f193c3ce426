"""The catalog: every table, column and index of a database, read in one call."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from meaux.data.database import Rows, Statement
from meaux.data.faults import Fault
from meaux.data.schema.model import quoted
from meaux.errors import BadAnswer, QueryError

NAMES_KEPT = 20_000
"""The number of plain names that the cache holds: enough for a large database."""

_NAMES_OF_THE_ROWID = ("rowid", "_rowid_", "oid")
_SHADOWS = ("data", "idx", "content", "docsize", "config")
"""The suffixes of the shadow tables that SQLite keeps for a full-text table."""

SCHEMA = "the schema"
"""The place of an entry that the database itself can't read."""
LEFT_OUT = "Left out, with everything mapped to it, until the database can read it."

_GENERATED = re.compile(r"\bgenerated always\b", re.IGNORECASE)
"""SQLite's addition to the declared type of a generated column."""

# Each column has a unique name: wrangler's D1 loses all but one of those that share a name.
_OF_TEXTS = re.compile(r"CHAR|CLOB|TEXT", re.IGNORECASE)
_ZERO = re.compile(r"[('\"+-]*0+\.?0*[)'\"]*")
TEXTS, NUMBERS = "texts", "numbers"
ANYTHING = frozenset({TEXTS, NUMBERS})

_INTROSPECTION = """\
SELECT m.name AS name,
       CASE WHEN m.type = 'table' AND m.rootpage = 0 THEN 'virtual' ELSE m.type END AS kind,
       coalesce(l.wr, 0) AS without_rowid, coalesce(l.strict, 0) AS strict,
       c.name AS column_name, c.type AS declared, c.pk AS primary_key,
       c."notnull" AS filled, c.dflt_value AS otherwise, c.hidden AS hidden
FROM sqlite_master AS m
LEFT JOIN pragma_table_list(m.name) AS l ON l.schema = 'main'
JOIN pragma_table_xinfo(m.name) AS c
WHERE m.type IN ('table', 'view')
  AND m.name NOT IN (SELECT value FROM json_each(?1))
  AND c.hidden <> 1
  AND substr(m.name, 1, 4) <> '_cf_'
  AND substr(m.name, 1, 7) <> 'sqlite_'
ORDER BY m.name, c.cid"""

_INDEXES = """\
SELECT m.name AS table_name, l.name AS index_name, l.partial AS partial,
       l."unique" AS is_unique, i.name AS column_name
FROM sqlite_master AS m
JOIN pragma_index_list(m.name) AS l
JOIN pragma_index_info(l.name) AS i
WHERE m.type = 'table'
  AND m.name NOT IN (SELECT value FROM json_each(?1))
  AND substr(m.name, 1, 4) <> '_cf_'
  AND substr(m.name, 1, 7) <> 'sqlite_'
ORDER BY m.name, l.name, i.seqno"""

_MAKERS = """\
SELECT m.name AS name, coalesce(m.sql, '') AS made_by
FROM sqlite_master AS m
WHERE (m.type = 'view' OR m.type = 'table' AND m.rootpage = 0)
  AND substr(m.name, 1, 4) <> '_cf_'
  AND substr(m.name, 1, 7) <> 'sqlite_'"""


class Column(NamedTuple):
    """A column, with its name as the database spells it and its declared type.

    `holds` are the kinds of cells that it may have. `filled` is true if each row has a value.
    `zero` is true if a row written without a value gets 0, or if that is unknown. `computed` is
    true if it is generated from other columns of its row.
    """

    spelt: str
    declared: str
    holds: frozenset[str] = ANYTHING
    filled: bool = False
    zero: bool = False
    computed: bool = False

    @property
    def key(self) -> str:
        """Its name in lower case, as SQLite compares names."""
        return self.spelt.lower()


def _held(kind: str, declared: str, *, strict: bool) -> frozenset[str]:
    """Return the kinds of cells that a column may hold, as SQLite converts or rejects values.

    The declared type of a view's column is that of one of its possible source columns.
    """
    if kind == "view":
        return ANYTHING
    if strict and not re.fullmatch("any", declared, re.IGNORECASE):
        return frozenset({TEXTS if _OF_TEXTS.search(declared) else NUMBERS})
    return frozenset({TEXTS}) if _OF_TEXTS.search(declared) else ANYTHING


@dataclass(frozen=True)
class Index:
    """An index and its columns in order, None for an expression; a partial one has some rows."""

    name: str
    columns: tuple[str | None, ...]
    partial: bool = False
    unique: bool = False


@dataclass(frozen=True)
class PhysicalTable:
    """A table, virtual table or view of the database, with its columns by lower-case name."""

    name: str
    kind: str
    has_rowid: bool
    columns: dict[str, Column]
    indexes: list[Index] = field(default_factory=list)
    primary_key: list[str] = field(default_factory=list)

    @cached_property
    def spelling(self) -> dict[str, str]:
        """The spelling of each column, by its name in lower case."""
        return {name: column.spelt for name, column in self.columns.items()}

    @cached_property
    def types(self) -> dict[str, str]:
        """The declared type of each column, by its name in lower case."""
        return {name: column.declared for name, column in self.columns.items()}

    def is_unique(self, *columns: str) -> bool:
        """Return whether the database guarantees that no two rows share these columns."""
        named = {column.lower() for column in columns}
        keys = [i.columns for i in self.indexes if i.unique and not i.partial]
        known = [{(name or "").lower() for name in key} for key in [*keys, self.primary_key] if key]
        return any(key <= named for key in known)

    @property
    def key(self) -> str | None:
        """The name of the rowid that no column has taken; None if there is none."""
        free = (name for name in _NAMES_OF_THE_ROWID if name not in self.spelling)
        return next(free, None) if self.has_rowid else None

    def called(self, name: str) -> Column | None:
        """Return the column of that name, or the only one of that name in another style.

        Another style has other case or separators. `rowid` is a column of a table even if it isn't
        declared.
        """
        key = name.lower()
        if column := self.columns.get(key):
            return column
        if key == "rowid" and self.has_rowid:
            return Column("rowid", "INTEGER", frozenset({NUMBERS}), filled=True)
        return self.columns.get(self._plain.get(plain(name), ""))

    @cached_property
    def _plain(self) -> dict[str, str]:
        return _only((plain(name), name) for name in self.spelling)

    def is_filled(self, name: str) -> bool:
        """Return whether the database guarantees a value in a column for every row."""
        column = self.called(name)
        return column is not None and column.filled

    def column(self, sql: str) -> str | None:
        """Return the column if the SQL is nothing but one column; else None."""
        return next((name for name in self.spelling.values() if quoted(name) == sql), None)

    def index_on(self, column: str) -> Index | None:
        """Return an index that holds all rows in the order of a column; None if there is none."""
        for index in self.indexes:
            if not index.partial and (index.columns[0] or "").lower() == column.lower():
                return index
        return None


@dataclass(frozen=True)
class Catalog:
    """Every table and view by lower-case name, as SQLite compares names.

    `left_out` gives, by name, the reason why the database can't read a table or view.
    """

    tables: Mapping[str, PhysicalTable]
    left_out: Mapping[str, str] = field(default_factory=dict)

    def why_left_out(self, name: str) -> str:
        """Return the reason why a table was left out; empty if it wasn't."""
        known = {left.lower(): (left, why) for left, why in self.left_out.items()}
        left, why = known.get(name.lower(), ("", ""))
        return f"the table {left}, which the database can't read ({why})" if left else ""

    @property
    def faults(self) -> list[Fault]:
        """The unreadable tables and views, with the reasons."""
        return [Fault(SCHEMA, name, why, LEFT_OUT) for name, why in self.left_out.items()]

    def find(self, name: str) -> PhysicalTable | None:
        """Return the table of this name in any case, if there is one."""
        return self.tables.get(name.lower())

    def meant(self, name: str) -> PhysicalTable | None:
        """Return the table of that name, or the only one of that name in another style or number.

        Another style has other case or separators. So `TimeEntries` and `time_entry` mean
        `time_entries`, if there is only one such table.
        """
        return self.find(name) or self.tables.get(self._singular.get(_singular(name), ""))

    @cached_property
    def _singular(self) -> dict[str, str]:
        return _only((_singular(name), name) for name in self.tables)

    def search(self, words: str) -> list[PhysicalTable]:
        """List the tables that have the words in their name or in a column's name, by name."""
        wanted = words.lower()
        found = (self.tables[name] for name in sorted(self.tables))
        return [t for t in found if any(wanted in name for name in (t.name.lower(), *t.spelling))]

    @property
    def shadows(self) -> set[str]:
        """The full-text shadow tables of SQLite, in lower case."""
        virtual = [name for name, table in self.tables.items() if table.kind == "virtual"]
        return {f"{name}_{what}" for name in virtual for what in _SHADOWS} & self.tables.keys()


@lru_cache(maxsize=NAMES_KEPT)
def plain(name: str) -> str:
    """Return a name without case and separators: `startedAt` and `started_at` are the same."""
    return re.sub(r"[\W_]+", "", name).lower()


def _singular(name: str) -> str:
    return re.sub(r"ies$", "y", plain(name)).removesuffix("s")


def _only(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map each word that names exactly one thing to that thing."""
    found = defaultdict(list)
    for word, name in names:
        found[word].append(name)
    return {word: named[0] for word, named in found.items() if word and len(named) == 1}


_COUNT, _MAYBE = (int, float), (str, type(None))
_OF_COLUMNS = (str, str, _COUNT, _COUNT, str, _MAYBE, _COUNT, _COUNT, _MAYBE, _COUNT)
_OF_INDEXES = (str, str, _COUNT, _COUNT, _MAYBE)
"""The types of the cells in a row of the schema."""


def _checked(line: tuple[Any, ...], types: Sequence[Any]) -> tuple[Any, ...]:
    if len(line) == len(types) and all(map(isinstance, line, types)):
        return line
    raise BadAnswer("The schema response can't be read: unexpected table names.")


def introspection(without: Iterable[str] = ()) -> list[Statement]:
    """Return the statements that read the schema, columns then indexes, except some tables."""
    left_out = (json.dumps(sorted(without)),)
    return [
        Statement(_INTROSPECTION, left_out, width=len(_OF_COLUMNS)),
        Statement(_INDEXES, left_out, width=len(_OF_INDEXES)),
    ]


def makers() -> Statement:
    """Return the statement that reads the SQL of views and virtual tables; they may be broken."""
    return Statement(_MAKERS, width=2)


def unreadable(made: Mapping[str, str], refusal: QueryError) -> dict[str, str]:
    """Return the views and virtual tables that cause a refusal of the schema, each with the reason.

    `made` holds the SQL of each, by name. A view causes the refusal if its SQL names the missing
    thing or if it reads such a view. The missing thing is the last name in `no such module: rtree`
    or `no such table: main.gone`.
    """
    reason = refusal.message.rstrip(".")
    found: dict[str, str] = {}
    lacking = [reason.rpartition(": ")[2].rpartition(".")[2]]
    while lacking:
        word = lacking.pop()
        named = [n for n, sql in made.items() if n not in found and _names(sql, word)]
        found |= dict.fromkeys(named, reason)
        lacking += named
    return found


def _names(sql: str, word: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sql, re.IGNORECASE))


def read_catalog(
    answers: Sequence[Rows], left_out: Mapping[str, str] = MappingProxyType({})
) -> Catalog:
    """Build the catalog from the answers to `introspection`; `left_out` has excluded tables.

    Raises:
        BadAnswer: The answers are not a schema.
    """
    columns, indexes = answers
    tables: dict[str, PhysicalTable] = {}
    for line in columns.rows:
        table, kind, without_rowid, strict, name, type_, key, filled, otherwise, hidden = _checked(
            line, _OF_COLUMNS
        )
        entry = tables.setdefault(
            table.lower(),
            PhysicalTable(table, kind, kind != "view" and not int(without_rowid), {}),
        )
        declared = _GENERATED.sub("", type_ or "").strip()
        entry.columns[name.lower()] = Column(
            name,
            declared,
            _held(kind, declared, strict=bool(int(strict))),
            filled=bool(int(filled)),
            zero=kind == "view" or bool(otherwise and _ZERO.fullmatch(otherwise)),
            computed=bool(int(hidden)),
        )
        if int(key):
            entry.primary_key.append(name.lower())
    for table, index in _indexes(indexes):
        if table.lower() in tables:
            tables[table.lower()].indexes.append(index)
    return Catalog(tables, left_out)


def _indexes(rows: Rows) -> Iterator[tuple[str, Index]]:
    """Yield every index with its table."""
    found: dict[tuple[str, str, bool, bool], list[str | None]] = {}
    for line in rows.rows:
        table, name, partial, unique, column = _checked(line, _OF_INDEXES)
        found.setdefault((table, name, bool(int(partial)), bool(int(unique))), []).append(column)
    for (table, name, partial, unique), columns in found.items():
        yield table, Index(name, tuple(columns), partial, unique)
