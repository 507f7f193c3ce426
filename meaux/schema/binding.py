"""Binding: which physical table and columns each logical table stands on in one database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from meaux.database import Rows, Statement
from meaux.schema import encodings, identity, sampling
from meaux.schema.catalog import Catalog, PhysicalTable
from meaux.schema.identity import Identity
from meaux.schema.model import LogicalColumn, LogicalTable, Model, quoted

NAMES_TRIED = 10_000
"""How many rows of a table that others name are read to find out by what they name it."""

DERIVED = ("_day", "_stored", "_order", "_milliseconds", "_timed")
"""What every instant offers besides itself: its local day, its stored form, what to order by,
itself in milliseconds, and whether it has a time of day."""

Values = Mapping[str, Sequence[Any]]
"""Sampled values by column in lower case."""

_NUMERIC = re.compile(r"INT|REAL|FLOA|DOUB|NUM|DEC|BOOL", re.IGNORECASE)
_WHOLE = re.compile(r"INT", re.IGNORECASE)
_NUMBER_IN_TEXT = (
    "CASE WHEN typeof({x}) IN ('integer', 'real') THEN {x} "
    "WHEN trim({x}) GLOB '*[0-9]*' AND trim({x}) NOT GLOB '*[^-+.0-9eE]*' "
    "THEN CAST(trim({x}) AS REAL) END"
)
_FLAG = (
    "CASE lower(CAST({x} AS TEXT)) WHEN '1' THEN 1 WHEN 'true' THEN 1 WHEN 'yes' THEN 1 "
    "WHEN '0' THEN 0 WHEN 'false' THEN 0 WHEN 'no' THEN 0 END"
)


@dataclass(frozen=True)
class BoundColumn:
    """A logical column and the SQL that reads it as stored.

    `tried` is how many sampled values told the encodings of an instant; None where no value did,
    because they were declared, or are assumed.
    """

    type: str
    stored: str
    numeric: bool
    encodings: tuple[str, ...] = ()
    identity: Identity | None = None
    tried: int | None = field(default=None, compare=False, repr=False)

    def value(self) -> str:
        """SQL for the value in its logical type."""
        match self.type:
            case "key":
                return f"nullif(CAST({self.stored} AS TEXT), '')"
            case "word":
                return f"lower(trim(CAST({self.stored} AS TEXT)))"
            case "number" if not self.numeric:
                return _NUMBER_IN_TEXT.format(x=self.stored)
            case "flag":
                return _FLAG.format(x=self.stored)
            case "instant":
                return encodings.instant(self.stored, self.encodings)
        return self.stored

    def order(self) -> str:
        """SQL to order by: what is stored where that sorts rightly, so that an index serves it."""
        plain = encodings.sorts_as_time(self.encodings) if self.encodings else self.numeric
        return self.stored if plain else self.value()

    def milliseconds(self) -> str:
        """SQL for an instant in epoch milliseconds."""
        return encodings.milliseconds(self.stored, self.encodings)

    def local_day(self, shift: str) -> str:
        """SQL for the local day of an instant; `shift` is the zone's offset as SQL of `{at}`."""
        return encodings.local_day(self.stored, self.encodings, shift)

    def timed(self) -> str:
        """SQL for whether an instant has a time of day, 1 or 0."""
        return encodings.timed(self.stored, self.encodings)


@dataclass(frozen=True)
class BoundTable:
    """A logical table, the physical one it stands on, and the columns found there.

    `only` is SQL for the rows that count, empty where all do. `doubted` names, by logical column,
    the physical one that may hold it, in dollars or in cents.
    """

    logical: str
    physical: str
    columns: Mapping[str, BoundColumn]
    has_rows: bool
    only: str = ""
    doubted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Binding:
    """What a database can answer: the bound tables, and words for what is lacking.

    `passed_over` says of a logical table that a physical one is there, but lacks this. `others`
    holds, for each logical table, the other physical ones, best first: as they would be bound, or,
    where they have rows, words for what they lack.
    """

    model: Model
    tables: Mapping[str, BoundTable]
    passed_over: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, BoundTable | str]] = field(default_factory=dict)

    def filled(self, table: str) -> dict[str, BoundTable | str]:
        """The other physical tables for a logical one that have rows, by name."""
        options = self.others.get(table, {})
        return {n: o for n, o in options.items() if isinstance(o, str) or o.has_rows}

    def spare(self, table: str) -> list[BoundTable]:
        """The other physical tables that would do for a logical one, and are not read."""
        return [o for o in self.others.get(table, {}).values() if isinstance(o, BoundTable)]

    @cached_property
    def fingerprint(self) -> str:
        """A short digest that changes when anything is bound differently."""
        return hashlib.sha256(repr(sorted(self.tables.items())).encode()).hexdigest()[:16]

    def on(self, chosen: Mapping[str, str]) -> Binding:
        """The same binding with other physical tables under some logical ones."""
        options = {
            table: self.filled(table).get(name, f"the table {name}")
            for table, name in chosen.items()
            if table not in self.tables or self.tables[table].physical != name
        }
        kept = {name: bound for name, bound in self.tables.items() if name not in options}
        fitting = {name: o for name, o in options.items() if isinstance(o, BoundTable)}
        unfit = {name: o for name, o in options.items() if isinstance(o, str)}
        return replace(self, tables=kept | fitting, passed_over={**self.passed_over, **unfit})

    def readers(self, physical: str, column: str) -> list[str]:
        """What a column of a table is read as: `time_entry.started`."""
        return [
            f"{bound.logical}.{name}"
            for bound in self.tables.values()
            if bound.physical == physical
            for name, found in bound.columns.items()
            if quoted(column) in found.stored
        ]

    def lacks(self, table: str, column: str | None = None) -> str | None:
        """What is missing of a logical table or column, in physical words; None if nothing is."""
        logical = self.model.tables[table]
        bound = self.tables.get(table)
        if bound is None:
            tables = _either(f"the table {name}" for name in logical.candidates)
            return self.passed_over.get(table, tables)
        if column is None or column in bound.columns:
            return None
        return _lacking(bound.physical, logical.columns[column], bound.doubted.get(column))


def _lacking(table: str, column: LogicalColumn, doubted: str | None) -> str:
    if doubted:
        return f"a mapping that says whether {table}.{doubted} is in dollars or in cents"
    names = (", ".join(LogicalColumn.columns_of(candidate)) for candidate in column.candidates)
    return _either(f"{table}.{name}" for name in names)


def _either(names: Iterable[str]) -> str:
    return " or ".join(list(dict.fromkeys(names))[:3])


def naming(model: Model, catalog: Catalog) -> dict[str, Statement]:
    """A statement for each logical table that others name: all that its rows go by.

    The columns are those identities, in the order of the model, that the table has.
    """
    return {
        logical.name: Statement(
            f"SELECT {', '.join(expressions.values())} FROM main.{quoted(table.name)} "
            f"LIMIT {NAMES_TRIED}"
        )
        for logical in model.tables.values()
        for table, expressions in [_named_by(logical, catalog)]
        if table and expressions
    }


def _named_by(
    logical: LogicalTable, catalog: Catalog
) -> tuple[PhysicalTable | None, dict[str, str]]:
    """The first table that holds the rows, and SQL of each identity that it has."""
    found = filter(None, map(catalog.meant, logical.candidates if logical.identities else ()))
    table = next(found, None)
    columns = {
        by: _bound_column(logical.columns[identity.column_of(by)], table, {})
        for by in logical.identities
        if table
    }
    return table, {by: identity.written(by, c.value()) for by, c in columns.items() if c}


def bind(
    model: Model,
    catalog: Catalog,
    samples: Mapping[str, Rows],
    names: Mapping[str, Rows] | None = None,
) -> Binding:
    """Each logical table on its best physical one: the first that has rows, else the first.

    A table without a sample is one that the database can't read. `names` are the rows of
    `naming`; without them every name of a row is taken for its id.
    """
    tables, passed_over, others = {}, {}, {}
    values = sampling.values(model, catalog, samples)
    known = {name: _names(model, catalog, name, rows) for name, rows in (names or {}).items()}
    for logical in model.tables.values():
        options = {
            name: _identified(option, model, values, known)
            for name, option in _options(logical, catalog, samples, values).items()
        }
        fitting = [option for option in options.values() if isinstance(option, BoundTable)]
        if fitting:
            chosen = next((o for o in fitting if o.has_rows), fitting[0])
            tables[logical.name] = chosen
            others[logical.name] = {
                name: option
                for name, option in options.items()
                if option is not chosen
                and (isinstance(option, BoundTable) or sampling.rows_in(samples[name.lower()]))
            }
        elif options:
            passed_over[logical.name] = str(next(iter(options.values())))
    return Binding(model, tables, passed_over, others)


def _names(model: Model, catalog: Catalog, table: str, rows: Rows) -> dict[str, set[str]]:
    """All that the rows of a table go by, for each of its identities."""
    _, expressions = _named_by(model.tables[table], catalog)
    columns = zip(*rows.rows, strict=True) if rows.rows else [()] * len(expressions)
    return {
        by: {str(value) for value in values if value is not None}
        for by, values in zip(expressions, columns, strict=True)
    }


def _identified(
    option: BoundTable | str,
    model: Model,
    values: Mapping[str, Values],
    known: Mapping[str, Mapping[str, set[str]]],
) -> BoundTable | str:
    """The table with the identity by which each of its columns names rows of another."""
    if isinstance(option, str):
        return option
    columns = dict(option.columns)
    for name, column in option.columns.items():
        wanted = model.tables[option.logical].columns[name]
        referred = model.referred(wanted)
        if referred and referred.name in known:
            met = values[option.physical.lower()].get(_plain(column.stored), ())
            names = known[referred.name]
            found = identity.identified(referred.name, met, names, by=wanted.identity)
            columns[name] = replace(column, identity=found)
    return replace(option, columns=columns)


def _plain(stored: str) -> str:
    """The column that SQL of nothing but a column reads, in lower case."""
    return stored.strip('"').replace('""', '"').lower()


def _options(
    logical: LogicalTable,
    catalog: Catalog,
    samples: Mapping[str, Rows],
    values: Mapping[str, Values],
) -> dict[str, BoundTable | str]:
    """Every candidate that can be read, by its physical name, best first."""
    found: dict[str, BoundTable | str] = {}
    for candidate in logical.candidates:
        table = catalog.meant(candidate)
        if table is not None and table.name.lower() in samples and table.name not in found:
            name, only = table.name.lower(), logical.only.get(candidate.lower(), "")
            has_rows = sampling.rows_in(samples[name]) > 0
            found[table.name] = _bound(logical, table, only, values[name], has_rows=has_rows)
    return found


def _bound(
    logical: LogicalTable, table: PhysicalTable, only: str, values: Values, *, has_rows: bool
) -> BoundTable | str:
    """The table as it is bound, or words for what it would need to be."""
    columns, doubted = {}, {}
    for wanted in logical.columns.values():
        column, doubt = _bound_column(wanted, table, values), _doubted(wanted, table)
        if column is not None:
            columns[wanted.name] = column
        elif wanted.required:
            return _lacking(table.name, wanted, doubt)
        elif doubt:
            doubted[wanted.name] = doubt
    needed = {name.lower(): table.called(name) for name in LogicalColumn.columns_in(only)}
    for name, there in needed.items():
        if there is None:
            return f"{table.name}.{name}"
    spelling = {name: there.spelt for name, there in needed.items() if there}
    condition = LogicalColumn.filled(only, spelling)
    return BoundTable(logical.name, table.name, columns, has_rows, condition, doubted)


def _doubted(wanted: LogicalColumn, table: PhysicalTable) -> str | None:
    """The column that may hold what is wanted, and isn't read because its unit is not known."""
    there = filter(None, map(table.called, wanted.doubtful))
    return next((column.spelt for column in there), None)


def _bound_column(
    wanted: LogicalColumn, table: PhysicalTable, values: Values
) -> BoundColumn | None:
    for candidate in wanted.candidates:
        names = wanted.columns_of(candidate)
        found = {name.lower(): column for name in names if (column := table.called(name))}
        if len(found) < len({name.lower() for name in names}):
            continue
        declared = [column.declared for column in found.values()]
        if candidate in wanted.doubtful and any(map(_WHOLE.search, declared)):
            continue
        stored = wanted.expression(candidate, {n: c.spelt for n, c in found.items()})
        numeric = all(map(_NUMERIC.search, declared))
        bound = BoundColumn(wanted.type, stored, numeric)
        return _timed(wanted, bound, values) if wanted.type == "instant" else bound
    return None


def _timed(wanted: LogicalColumn, column: BoundColumn, values: Values) -> BoundColumn:
    """The column of an instant with its encodings: as declared, as met, else as its type says."""
    if wanted.encoding:
        return replace(column, encodings=(wanted.encoding,))
    tried = [value for value in values.get(_plain(column.stored), ()) if value is not None]
    met = encodings.encodings_of(tried)
    assumed = "epoch_s" if column.numeric else "sqlite"
    return replace(column, encodings=met or (assumed,), tried=len(tried) if met else None)
