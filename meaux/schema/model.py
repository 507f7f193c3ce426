"""The logical model: the tables and columns the product asks for, and where each may stand.

`model.toml` beside this file is the product's own mapping; the user's file overrides it entry
by entry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeGuard

from meaux.errors import SchemaError
from meaux.schema.encodings import ENCODINGS

MODEL_FILE = Path(__file__).with_name("model.toml")
TYPES = ("key", "text", "word", "number", "flag", "instant")
"""key: an identity, compared as text. word: a status or the like, lower case. flag: yes or no.
instant: a point in time or a date, in whatever encoding the data has."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_BRACED = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class LogicalColumn:
    """One thing to know of a row, and the physical columns or expressions that may say it.

    A candidate is a column's name, or an expression with its columns in braces:
    `{hours} * 3600`. One of `doubtful` may be cents, so that a column of whole numbers is not
    taken for it.
    """

    name: str
    type: str
    candidates: tuple[str, ...]
    required: bool = False
    encoding: str | None = None
    identity: str | None = None
    doubtful: tuple[str, ...] = ()

    @staticmethod
    def columns_of(candidate: str) -> list[str]:
        """The physical columns that a candidate reads."""
        return LogicalColumn.columns_in(candidate) or [candidate]

    @staticmethod
    def expression(candidate: str, spelling: Mapping[str, str]) -> str:
        """The candidate as SQL, each column quoted in the spelling that the database has."""
        template = candidate if "{" in candidate else "{" + candidate + "}"
        return LogicalColumn.filled(template, spelling)

    @staticmethod
    def columns_in(template: str) -> list[str]:
        """The columns that stand in braces."""
        return _BRACED.findall(template)

    @staticmethod
    def filled(template: str, spelling: Mapping[str, str]) -> str:
        """The template with each column in braces quoted."""
        return _BRACED.sub(lambda found: quoted(spelling[found[1].lower()]), template)


@dataclass(frozen=True)
class LogicalTable:
    """One kind of row, the physical tables that may hold it, best first, and its columns.

    `only` holds, for a physical table, the condition of the rows that are of this kind;
    `identities` the names by which other tables may mean a row of this one, and `foreign` what
    the column that does so is called there. `unread` says why no card reads it, where none does.
    """

    name: str
    about: str
    candidates: tuple[str, ...]
    columns: Mapping[str, LogicalColumn] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    identities: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class Model:
    """Every logical table by name."""

    tables: Mapping[str, LogicalTable]

    def candidates(self) -> list[str]:
        """Every physical table that any logical table may stand on, once each."""
        return list(dict.fromkeys(t for table in self.tables.values() for t in table.candidates))

    def referred(self, column: LogicalColumn) -> LogicalTable | None:
        """The table that a column names a row of: a key that is called as that table is."""
        table = self.tables.get(column.name) if column.type == "key" else None
        return table if table and table.identities else None

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether there is such a logical table, and such a column in it."""
        return table in self.tables and (column is None or column in self.tables[table].columns)


def quoted(identifier: str) -> str:
    """An SQL identifier, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


def read_model(override: Path | None = None) -> Model:
    """The product's model, with the user's file on top.

    Raises:
        SchemaError: an entry can't be used; the sentence names file, entry and reason.
    """
    own = Model(dict(_own_tables()))
    if override is None or not override.is_file():
        return own
    return _mapped(own, _parsed(override), override.name)


def mapped(model: Model, lines: str) -> Model:
    """The model with a mapping on top, which nobody has written to a file yet.

    Raises:
        SchemaError: an entry can't be used; the sentence names entry and reason.
    """
    try:
        parsed = tomllib.loads(lines)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"The mapping is not valid TOML: {error}.") from None
    return _mapped(model, parsed, "The mapping")


def _mapped(model: Model, parsed: Mapping[str, Any], file: str) -> Model:
    found = Model(_tables(parsed, file, model.tables))
    _check_identities(found, file)
    return found


@cache
def _own_tables() -> Mapping[str, LogicalTable]:
    """The tables of the product's own file."""
    return _linked(_tables(_spelt(_parsed(MODEL_FILE)), MODEL_FILE.name, {}))


def _spelt(parsed: dict[str, Any]) -> dict[str, Any]:
    """The product's own tables, each name with an @ replaced by the spellings that it stands for.

    A column says which of its candidates are doubtful.
    """
    spellings: dict[str, list[str]] = parsed.pop("spellings")
    columns = [column for table in parsed.values() for column in table["columns"].values()]
    for column in columns:
        given = column.get("from", [])
        named = [spellings[name[1:]] if name.startswith("@") else [name] for name in given]
        spelt = list(dict.fromkeys(chain.from_iterable(named)))
        if spelt:
            column["from"] = spelt
            column["doubtful"] = [name for name in spelt if name in spellings["doubtful"]]
    return parsed


def _linked(tables: Mapping[str, LogicalTable]) -> dict[str, LogicalTable]:
    """The tables, with all that a key which names a row of another may be called."""
    model = Model(tables)

    def linked(column: LogicalColumn) -> LogicalColumn:
        referred = model.referred(column)
        more = referred.foreign if referred else ()
        return replace(column, candidates=tuple(dict.fromkeys((*column.candidates, *more))))

    return {
        name: replace(table, columns={n: linked(c) for n, c in table.columns.items()})
        for name, table in tables.items()
    }


def _check_identities(model: Model, file: str) -> None:
    """An identity that is named by hand must be one of the table that the column names."""
    for table in model.tables.values():
        for column in table.columns.values():
            referred = model.referred(column)
            known = referred.identities if referred else ()
            if column.identity is not None and column.identity not in known:
                use = f"use {', '.join(known)}" if known else "it names no row of another table"
                raise SchemaError(
                    f"{file}: [{table.name}] column {column.name} has the unknown identity "
                    f"{column.identity!r}; {use}."
                )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError(f"{path.name} is not valid TOML: {error}.") from None


def _tables(
    parsed: Mapping[str, Any], file: str, base: Mapping[str, LogicalTable]
) -> dict[str, LogicalTable]:
    tables = dict(base)
    for name, entry in parsed.items():
        if base and name not in base:
            raise SchemaError(f"{file}: [{name}] is no table of the model; see docs/schema.md.")
        if not isinstance(entry, dict) or not _NAME.match(name):
            raise SchemaError(f"{file}: [{name}] must be a table of settings.")
        tables[name] = _table(name, entry, f"{file}: [{name}]", base.get(name))
    return tables


def _table(
    name: str, entry: Mapping[str, Any], place: str, base: LogicalTable | None
) -> LogicalTable:
    for key in entry:
        if key not in ("about", "tables", "columns", "only", "identities", "foreign", "unread"):
            raise SchemaError(f"{place} has the unknown entry {key}; use tables or columns.")
    candidates = entry.get("tables", base.candidates if base else None)
    if not _is_list_of_text(candidates):
        raise SchemaError(f"{place} needs tables, a list of table names.")
    columns = dict(base.columns) if base else {}
    given = entry.get("columns", {})
    if not isinstance(given, dict):
        raise SchemaError(f"{place} columns must be a table of logical columns.")
    for column, value in given.items():
        if base and column not in base.columns:
            raise SchemaError(f"{place} has no column {column}; use {', '.join(base.columns)}.")
        columns[column] = _column(column, value, f"{place} column {column}", columns.get(column))
    about = entry.get("about", base.about if base else "")
    only = {**(base.only if base else {}), **entry.get("only", {})}
    identities = tuple(entry.get("identities", base.identities if base else ()))
    foreign = tuple(entry.get("foreign", base.foreign if base else ()))
    return LogicalTable(
        name,
        about,
        tuple(candidates),
        columns,
        only,
        identities,
        foreign,
        entry.get("unread", base.unread if base else ""),
    )


def _column(name: str, value: Any, place: str, base: LogicalColumn | None) -> LogicalColumn:
    entry = value if isinstance(value, dict) else {"from": value}
    for key in entry:
        if key not in ("type", "from", "required", "encoding", "identity", "doubtful"):
            raise SchemaError(
                f"{place} has the unknown entry {key}; use from, encoding or identity."
            )
    given = entry.get("from", base.candidates if base else ())
    candidates = [given] if isinstance(given, str) else given
    is_named_elsewhere = entry.get("type") == "key" and "from" not in entry
    if not is_named_elsewhere and not _is_list_of_text(candidates):
        raise SchemaError(f"{place} needs a column's name, or a list of them.")
    type_ = entry.get("type", base.type if base else None)
    if type_ not in TYPES:
        raise SchemaError(f"{place} needs a type: one of {', '.join(TYPES)}.")
    found = LogicalColumn(name, type_, tuple(candidates), bool(entry.get("required", False)))
    if base:
        found = replace(found, required=base.required)
    return replace(
        found,
        encoding=_encoding(entry.get("encoding"), place),
        identity=entry.get("identity"),
        doubtful=tuple(entry.get("doubtful", ())),
    )


def _encoding(given: Any, place: str) -> str | None:
    if given is not None and given not in ENCODINGS:
        raise SchemaError(
            f"{place} has the unknown encoding {given!r}; use {', '.join(ENCODINGS)}."
        )
    return str(given) if given else None


def _is_list_of_text(value: Any) -> TypeGuard[list[str]]:
    is_list = isinstance(value, list | tuple) and bool(value)
    return is_list and all(isinstance(item, str) and item for item in value)
