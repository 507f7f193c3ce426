"""The logical model: the tables and columns that the product reads, and their possible sources.

`model.toml` beside this file is the product's own mapping; the user's file overrides it entry by
entry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeGuard

from meaux.data import toml
from meaux.data.faults import Fault
from meaux.data.schema.encodings import ENCODINGS
from meaux.errors import SchemaError

MODEL_FILE = Path(__file__).with_name("model.toml")
NUMBER_TYPES = ("number", "money", "duration", "percent", "code")
TEXT_TYPES = ("key", "text", "word", "currency")
TYPES = (*TEXT_TYPES, *NUMBER_TYPES, "flag", "instant")
"""key: an identifier, compared as text. word: a status or the like, lower case. currency: its code,
`usd` for all spellings of dollars. money: dollars. duration: seconds. percent: per cent of a whole.
code: an HTTP status. flag: yes or no. instant: a point in time or a date, in any encoding."""

APART = "|"
"""The separator, in the product's own lists, between names of different meanings."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
TEMPLATES_KEPT = 4_000
"""The number of candidates whose columns are kept; the model has a few hundred."""

_BRACED = re.compile(r"\{([^{}]+)\}")
_IN_BACKTICKS = re.compile(r"`((?:[^`]|``)+)`")
_FACTOR = re.compile(r"\{[^{}]+\} ([*/]) ([\d.]+)\Z")


@lru_cache(maxsize=TEMPLATES_KEPT)
def columns_in(template: str) -> tuple[str, ...]:
    """Return the columns in braces."""
    return tuple(_BRACED.findall(template))


@dataclass(frozen=True)
class LogicalColumn:
    """An attribute of a row, and the physical columns or expressions that may hold it.

    A candidate is a column's name, or an expression with its columns in braces: `{hours} * 3600`.
    One of `doubtful` may be cents, so a column of whole numbers isn't bound to it. A 0 in one of
    `apart` is not a default. A missing `quiet` column is not reported, because nothing is lost
    without it.
    """

    name: str
    type: str
    candidates: tuple[str, ...]
    required: bool = False
    encoding: str | None = None
    identity: str | None = None
    doubtful: tuple[str, ...] = ()
    quiet: bool = False
    apart: tuple[str, ...] = ()

    @staticmethod
    def columns_of(candidate: str) -> tuple[str, ...]:
        """Return the physical columns that a candidate reads."""
        return columns_in(candidate) or (candidate,)

    @staticmethod
    def expression(
        candidate: str, spelling: Mapping[str, str], read: Callable[[str], str] = str
    ) -> str:
        """Return the candidate as SQL, each column quoted in the database's spelling."""
        template = candidate if "{" in candidate else "{" + candidate + "}"
        return LogicalColumn.filled(template, spelling, read)

    @staticmethod
    def filled(template: str, spelling: Mapping[str, str], read: Callable[[str], str] = str) -> str:
        """Fill the template: each column in braces is quoted and passed through `read`."""
        return _BRACED.sub(lambda found: read(quoted(spelling[found[1].lower()])), template)

    def hour_in(self, candidate: str) -> float | None:
        """Return how many units of a duration candidate make an hour; None for other types."""
        if self.type != "duration":
            return None
        found = _FACTOR.match(candidate)
        seconds = float(found[2]) if found else 1.0
        return 3600 * seconds if found and found[1] == "/" else 3600 / seconds


@dataclass(frozen=True)
class LogicalTable:
    """One kind of row, its columns, and the physical tables that may hold it, best first.

    `only` gives, per physical table, the condition of the rows of this kind. `identities` are the
    identifiers by which other tables may reference a row of this one, and `foreign` are the names
    of the foreign key there. `unread` gives the reason why no card reads the table, if none does.
    `one_per` are the columns that identify a row: of several rows with the same values only the
    newest counts, by the first of `newest` that the table has. `snapshot_of` works the same, but
    only if the table has one of its columns. `parts` are physical columns that also identify a row,
    each that the table has. `deleted` are physical columns that mark a deleted row, and `void` are
    status words that do so, besides those that mean deleted. `totals` is a column in which a word
    such as "Total" marks the sum of other rows; such a word in `parts` does so too. A row without
    that word is a sum if its first existing column of `adds` equals the sum of the other rows of
    its day and `scope`. `entry` are physical columns that number the rows; the first that the table
    has is used. Rows with the same number, `entry_of`, `entry_parts` and, in a table without
    versions, `entry_shared` (physical columns) are duplicates; the one that `changed` or was
    `written` last counts. A number after a "|" belongs to something else: without a column that
    says what changed, rows with that number are duplicates only if all their values are equal. Of
    several physical tables with rows, the first with one of the columns `told` is read.
    """

    name: str
    about: str
    candidates: tuple[str, ...]
    columns: Mapping[str, LogicalColumn] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    identities: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    unread: str = ""
    one_per: tuple[str, ...] = ()
    snapshot_of: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    totals: str = ""
    adds: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    entry_of: tuple[str, ...] = ()
    entry_shared: tuple[str, ...] = ()
    entry_parts: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


_TEXTS = ("about", "unread", "totals")
_LISTS = tuple(one.name for one in fields(LogicalTable) if one.default == ())
"""The entries of a table in a file that are texts or lists of names, and may be empty."""

_COLUMN_ENTRIES = {"from", *(one.name for one in fields(LogicalColumn))} - {"name", "candidates"}


@dataclass(frozen=True)
class Model:
    """Every logical table by name, and the entries of the user's file that couldn't be used."""

    tables: Mapping[str, LogicalTable]
    faults: tuple[Fault, ...] = ()

    def candidates(self) -> list[str]:
        """List every physical table that any logical table may use, once each."""
        return list(dict.fromkeys(t for table in self.tables.values() for t in table.candidates))

    def referred(self, column: LogicalColumn) -> LogicalTable | None:
        """Return the table that a key references: the one with the same name as the key."""
        table = self.tables.get(column.name) if column.type == "key" else None
        return table if table and table.identities else None

    def has(self, table: str, column: str | None = None) -> bool:
        """Return whether the model has a logical table and, if given, its column."""
        return table in self.tables and (column is None or column in self.tables[table].columns)


def quoted(identifier: str) -> str:
    """Write an identifier in SQL, with any characters.

    SQLite silently reads a missing column in double quotes as a text; in backticks it never does.
    """
    return "`" + identifier.replace("`", "``") + "`"


def identifiers(sql: str) -> list[str]:
    """List the quoted identifiers of SQL as they are spelt, in order."""
    return [found.replace("``", "`") for found in _IN_BACKTICKS.findall(sql)]


def bare(sql: str) -> str:
    """Return the name if the SQL is one quoted identifier, else the SQL as it is."""
    names = identifiers(sql)
    return names[0] if names and sql == quoted(names[0]) else sql


def read_model(override: Path | None = None) -> Model:
    """Read the product's model and the user's file, which overrides it.

    `Model.faults` names each entry of the file that can't be used; for it the product's own mapping
    holds.
    """
    tables = _own_tables()
    if override is None or not override.exists():
        return Model(tables)
    try:
        parsed = toml.in_file(override)
    except tomllib.TOMLDecodeError as error:
        return Model(tables, (_fault(override.name, "", str(error)),))
    return _overlaid(parsed, override.name, Model(tables))


def mapped(model: Model, lines: str) -> Model:
    """Return the model with a mapping that is not yet in a file on top.

    Raises:
        SchemaError: It isn't TOML, or an entry can't be used; the sentence names the entry.
    """
    try:
        parsed = toml.parsed(lines)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"The mapping is not valid TOML: {error}.") from None
    found = _overlaid(parsed, "The mapping", model)
    for fault in found.faults[len(model.faults) :]:
        raise SchemaError(f"{fault.file}, {fault.entry}: {fault.reason}.")
    return found


def _fault(file: str, entry: str, reason: str) -> Fault:
    return Fault(file, entry, reason, "The default mapping applies until it is corrected.")


def _overlaid(parsed: Mapping[str, Any], file: str, base: Model) -> Model:
    """Return the tables of a model, overridden by each usable entry of a file."""
    own = base.tables
    tables, faults = dict(own), list(base.faults)
    for name, entry in parsed.items():
        if name not in own:
            reason = "unknown logical table; see docs/schema.md"
            faults.append(_fault(file, f"[{name}]", reason))
            continue
        for place, part in _entries(name, entry):
            try:
                tables[name] = _table(name, part, tables[name])
            except SchemaError as error:
                faults.append(_fault(file, place, str(error)))
    for table, column, reason in _strange_identities(Model(tables)):
        columns = {**tables[table].columns, column: own[table].columns[column]}
        tables[table] = replace(tables[table], columns=columns)
        faults.append(_fault(file, f"[{table}] column {column}", reason))
    return Model(tables, tuple(faults))


def _entries(name: str, entry: Any) -> Iterator[tuple[str, Any]]:
    """Yield each setting of a file's table, with its place in the file."""
    if not isinstance(entry, dict):
        yield f"[{name}]", entry
        return
    for key, value in entry.items():
        if key == "columns" and isinstance(value, dict):
            for column, given in value.items():
                yield f"[{name}] column {column}", {key: {column: given}}
        else:
            yield f"[{name}]", {key: value}


@cache
def _own_tables() -> Mapping[str, LogicalTable]:
    """Read the tables of the product's own file."""
    parsed = _spelt(toml.parsed(MODEL_FILE.read_text(encoding="utf-8")))
    return _linked({name: _table(name, entry, None) for name, entry in parsed.items()})


def _spelt(parsed: dict[str, Any]) -> dict[str, Any]:
    """Expand the product's own tables: an @ in a name is replaced by each of its spellings.

    A column lists its doubtful candidates.
    """
    spellings: dict[str, list[str]] = parsed.pop("spellings")
    for table in parsed.values():
        given = {"deleted": ["@deleted"], "changed": ["@changed"], "written": ["@written"], **table}
        table.update({key: list(_spelled(given.get(key, []), spellings)) for key in _LISTS})
    columns = [column for table in parsed.values() for column in table["columns"].values()]
    for column in columns:
        if spelt := list(_spelled(column.get("from", []), spellings)):
            column["apart"] = spelt[: spelt.index(APART)] if APART in spelt else []
            column["from"] = [name for name in spelt if name != APART]
            column["doubtful"] = [name for name in spelt if name in spellings["doubtful"]]
    return parsed


def _spelled(names: Iterable[str], spellings: Mapping[str, list[str]]) -> Iterable[str]:
    """Yield each name once, one with an @ for each of its spellings."""
    named = (spellings[name[1:]] if name.startswith("@") else [name] for name in names)
    return dict.fromkeys(chain.from_iterable(named))


def _linked(tables: Mapping[str, LogicalTable]) -> dict[str, LogicalTable]:
    """Return the tables, each foreign key with all of its possible names."""
    model = Model(tables)

    def linked(column: LogicalColumn) -> LogicalColumn:
        referred = model.referred(column)
        more = referred.foreign if referred else ()
        return replace(column, candidates=tuple(dict.fromkeys((*column.candidates, *more))))

    return {
        name: replace(table, columns={n: linked(c) for n, c in table.columns.items()})
        for name, table in tables.items()
    }


def _strange_identities(model: Model) -> Iterator[tuple[str, str, str]]:
    """Yield every identity in the user's file that its table doesn't have, and the reason."""
    for table in model.tables.values():
        for column in table.columns.values():
            referred = model.referred(column)
            known = referred.identities if referred else ()
            if column.identity is not None and column.identity not in known:
                use = f"use {', '.join(known)}" if known else "this column is not a foreign key"
                yield (
                    table.name,
                    column.name,
                    f"unknown identity {column.identity!r}; {use}",
                )


def _table(name: str, entry: Any, base: LogicalTable | None) -> LogicalTable:
    """Read a table of a file, on top of another; raises SchemaError with the reason alone."""
    if not isinstance(entry, dict) or not _NAME.match(name):
        raise SchemaError("must be a table with keys")
    for key in entry:
        if key not in ("tables", "columns", "only", *_TEXTS, *_LISTS):
            raise SchemaError(f"unknown key {key}; use tables or columns")
    below = base or LogicalTable(name, "", ())
    candidates = entry.get("tables", below.candidates)
    if not _is_list_of_text(candidates):
        raise SchemaError("tables must be a list of table names")
    given = entry.get("columns", {})
    if not isinstance(given, dict):
        raise SchemaError("columns must be a table of logical columns")
    columns = dict(below.columns)
    for column, value in given.items():
        if base and column not in base.columns:
            raise SchemaError(f"unknown column; use {', '.join(base.columns)}")
        columns[column] = _column(column, value, columns.get(column))
    only = entry.get("only", {})
    if not isinstance(only, dict) or not all(isinstance(words, str) for words in only.values()):
        raise SchemaError("only must be a table with a condition in quotes for each table's name")
    more: dict[str, Any] = {key: _told(entry, key, getattr(below, key)) for key in _TEXTS}
    more |= {key: _listed(entry, key, getattr(below, key)) for key in _LISTS}
    only = {**below.only, **only}
    return replace(below, candidates=tuple(candidates), columns=columns, only=only, **more)


def _told(entry: Mapping[str, Any], key: str, default: str) -> str:
    if not isinstance(words := entry.get(key, default), str):
        raise SchemaError(f"{key} must be a text in quotes")
    return words


def _listed(entry: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    given = entry.get(key, default)
    if given and not _is_list_of_text(given):
        raise SchemaError(f"{key} must be a list of names")
    return tuple(given)


def _column(name: str, value: Any, base: LogicalColumn | None) -> LogicalColumn:
    """Read a column of a file, on top of another; raises SchemaError with the reason alone."""
    entry = value if isinstance(value, dict) else {"from": value}
    for key in entry:
        if key not in _COLUMN_ENTRIES:
            raise SchemaError(f"unknown key {key}; use from, encoding or identity")
    below = base or LogicalColumn(name, "", ())
    given = entry.get("from", below.candidates)
    candidates = [given] if isinstance(given, str) else given
    is_named_elsewhere = entry.get("type") == "key" and "from" not in entry
    if not is_named_elsewhere and not _is_list_of_text(candidates):
        raise SchemaError("it needs a column's name, or a list of them")
    type_ = entry.get("type", below.type)
    if type_ not in TYPES:
        raise SchemaError(f"it needs a type: one of {', '.join(TYPES)}")
    return LogicalColumn(
        name,
        type_,
        tuple(candidates),
        required=base.required if base else bool(entry.get("required", False)),
        encoding=_encoding(entry.get("encoding")),
        identity=_told(entry, "identity", "") or None,
        doubtful=_listed(entry, "doubtful", ()),
        quiet=bool(entry.get("quiet", below.quiet)),
        apart=_listed(entry, "apart", ()),
    )


def _encoding(given: Any) -> str | None:
    if given is not None and given not in tuple(ENCODINGS):
        raise SchemaError(f"unknown encoding {given!r}; use {', '.join(ENCODINGS)}")
    return str(given) if given else None


def _is_list_of_text(value: Any) -> TypeGuard[list[str]]:
    is_list = isinstance(value, list | tuple) and bool(value)
    return is_list and all(isinstance(item, str) and item for item in value)
