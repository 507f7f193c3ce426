"""Binding: which physical table and columns each logical table stands on in one database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from meaux.database import Rows, Statement
from meaux.schema import encodings, identity
from meaux.schema.catalog import Catalog, PhysicalTable
from meaux.schema.identity import Identity
from meaux.schema.model import LogicalColumn, LogicalTable, Model, quoted

ROWS_SAMPLED = 20
"""How many of a table's newest, and of its oldest, rows show how it writes points in time."""

NAMES_TRIED = 10_000
"""How many rows of a table that others name are read to find out by what they name it."""

DERIVED = ("_day", "_stored", "_order", "_milliseconds", "_timed")
"""What every instant offers besides itself: its local day, its stored form, what to order by,
itself in milliseconds, and whether it has a time of day."""

_NUMERIC = re.compile(r"INT|REAL|FLOA|DOUB|NUM|DEC|BOOL", re.IGNORECASE)
_ROWID, _ROWID_TYPE = {"rowid": "rowid"}, {"rowid": "INTEGER"}
"""The column that every table has without declaring it, unless it is a view or WITHOUT ROWID."""
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
    """A logical column and the SQL that reads it as stored."""

    type: str
    stored: str
    numeric: bool
    encodings: tuple[str, ...] = ()
    identity: Identity | None = None

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

    `only` is SQL for the rows that count, empty where all do.
    """

    logical: str
    physical: str
    columns: Mapping[str, BoundColumn]
    has_rows: bool
    only: str = ""


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

    @property
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
        return _column_words(bound.physical, logical.columns[column])


def _column_words(table: str, column: LogicalColumn) -> str:
    names = (", ".join(LogicalColumn.columns_of(candidate)) for candidate in column.candidates)
    return _either(f"{table}.{name}" for name in names)


def _either(names: Iterable[str]) -> str:
    return " or ".join(list(dict.fromkeys(names))[:3])


def sampled(model: Model, catalog: Catalog) -> dict[str, Statement]:
    """A statement for each physical table of the model: its newest and its oldest rows.

    The columns are those that some logical instant, or some name of a row of another table, may
    stand on; the first column is 1.
    """
    found = {}
    for name in model.candidates():
        table = catalog.find(name)
        if table is not None:
            found[table.name.lower()] = _sample(table, _sampled_columns(model, table))
    return found


def _sample(table: PhysicalTable, columns: Sequence[str]) -> Statement:
    selected = ", ".join(["1 AS present", *(quoted(table.spelling[c]) for c in columns)])
    rows = f"SELECT {selected} FROM main.{quoted(table.name)}"
    if table.key is None:
        return Statement(f"{rows} LIMIT {ROWS_SAMPLED}")
    ends = (
        f"SELECT * FROM ({rows} ORDER BY {table.key} {way} LIMIT {ROWS_SAMPLED})"
        for way in ("DESC", "ASC")
    )
    return Statement(" UNION ALL ".join(ends))


def _sampled_columns(model: Model, table: PhysicalTable) -> list[str]:
    columns = [
        column.lower()
        for logical in model.tables.values()
        if table.name.lower() in (name.lower() for name in logical.candidates)
        for wanted in logical.columns.values()
        if wanted.type == "instant" or model.referred(wanted)
        for column in wanted.candidates
    ]
    return [column for column in dict.fromkeys(columns) if column in table.spelling]


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
    found = filter(None, map(catalog.find, logical.candidates if logical.identities else ()))
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
    known = {name: _names(model, catalog, name, rows) for name, rows in (names or {}).items()}
    for logical in model.tables.values():
        options = {
            name: _identified(option, model, catalog, samples, known)
            for name, option in _options(model, logical, catalog, samples).items()
        }
        fitting = [option for option in options.values() if isinstance(option, BoundTable)]
        if fitting:
            chosen = next((o for o in fitting if o.has_rows), fitting[0])
            tables[logical.name] = chosen
            others[logical.name] = {
                name: option
                for name, option in options.items()
                if option is not chosen
                and (isinstance(option, BoundTable) or samples[name.lower()].rows)
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
    catalog: Catalog,
    samples: Mapping[str, Rows],
    known: Mapping[str, Mapping[str, set[str]]],
) -> BoundTable | str:
    """The table with the identity by which each of its columns names rows of another."""
    table = catalog.find(option.physical) if isinstance(option, BoundTable) else None
    if isinstance(option, str) or table is None:
        return option
    values = _values(model, table, samples[table.name.lower()])
    columns = dict(option.columns)
    for name, column in option.columns.items():
        wanted = model.tables[option.logical].columns[name]
        referred = model.referred(wanted)
        if referred and referred.name in known:
            met = values.get(_plain(column.stored), ())
            found = identity.identified(referred.name, met, known[referred.name])
            if wanted.identity:
                found = replace(found, by=wanted.identity)
            columns[name] = replace(column, identity=found)
    return replace(option, columns=columns)


def _plain(stored: str) -> str:
    """The column that SQL of nothing but a column reads, in lower case."""
    return stored.strip('"').replace('""', '"').lower()


def _values(model: Model, table: PhysicalTable, sample: Rows) -> dict[str, list[object]]:
    """The sampled values by column in lower case."""
    names = _sampled_columns(model, table)
    return {name: [row[n + 1] for row in sample.rows] for n, name in enumerate(names)}


def _options(
    model: Model, logical: LogicalTable, catalog: Catalog, samples: Mapping[str, Rows]
) -> dict[str, BoundTable | str]:
    """Every candidate that can be read, by its physical name, best first."""
    found = map(catalog.find, logical.candidates)
    return {
        table.name: _bound(model, logical, table, samples[table.name.lower()])
        for table in found
        if table is not None and table.name.lower() in samples
    }


def _bound(
    model: Model, logical: LogicalTable, table: PhysicalTable, sample: Rows
) -> BoundTable | str:
    """The table as it is bound, or words for what it would need to be."""
    values = _values(model, table, sample)
    columns = {}
    for wanted in logical.columns.values():
        column = _bound_column(wanted, table, values)
        if column is not None:
            columns[wanted.name] = column
        elif wanted.required:
            return _column_words(table.name, wanted)
    only = logical.only.get(table.name.lower(), "")
    for name in LogicalColumn.columns_in(only):
        if name.lower() not in table.spelling:
            return f"{table.name}.{name}"
    condition = LogicalColumn.filled(only, table.spelling)
    return BoundTable(logical.name, table.name, columns, bool(sample.rows), condition)


def _bound_column(
    wanted: LogicalColumn, table: PhysicalTable, values: Mapping[str, Sequence[object]]
) -> BoundColumn | None:
    spelling, types = table.spelling, table.types
    if table.has_rowid:
        spelling, types = _ROWID | spelling, _ROWID_TYPE | types
    for candidate in wanted.candidates:
        names = [name.lower() for name in wanted.columns_of(candidate)]
        if not all(name in spelling for name in names):
            continue
        stored = wanted.expression(candidate, spelling)
        numeric = all(_NUMERIC.search(types[name]) for name in names)
        if wanted.type != "instant":
            return BoundColumn(wanted.type, stored, numeric)
        met = encodings.encodings_of(values.get(candidate.lower(), ()))
        if wanted.encoding:
            met = (wanted.encoding,)
        default = "epoch_s" if numeric else "sqlite"
        return BoundColumn(wanted.type, stored, numeric, met or (default,))
    return None
