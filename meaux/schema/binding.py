"""Binding: which physical table and columns each logical table stands on in one database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from meaux.database import Rows, Statement
from meaux.schema import encodings
from meaux.schema.catalog import Catalog, PhysicalTable
from meaux.schema.model import LogicalColumn, LogicalTable, Model, quoted

ROWS_SAMPLED = 20
"""How many of a table's newest, and of its oldest, rows show how it writes points in time."""

DERIVED = ("_day", "_stored")
"""What every instant offers besides itself: its local day, and its stored form to order by."""

_NUMERIC = re.compile(r"INT|REAL|FLOA|DOUB|NUM|DEC|BOOL", re.IGNORECASE)
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

    def local_day(self, shift: str) -> str:
        """SQL for the local day of an instant; `shift` is the zone's offset as SQL of `{at}`."""
        return encodings.local_day(self.stored, self.encodings, shift)


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

    `passed_over` says of a logical table that a physical one is there, but lacks this; `spare`
    holds those that would do too and are not read.
    """

    model: Model
    tables: Mapping[str, BoundTable]
    passed_over: Mapping[str, str] = field(default_factory=dict)
    spare: Mapping[str, Sequence[BoundTable]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A short digest that changes when anything is bound differently."""
        return hashlib.sha256(repr(sorted(self.tables.items())).encode()).hexdigest()[:16]

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

    The columns are those that some logical instant may stand on; the first column is 1.
    """
    found = {}
    for name in model.candidates():
        table = catalog.find(name)
        if table is not None:
            found[table.name.lower()] = _sample(table, _instant_columns(model, table))
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


def _instant_columns(model: Model, table: PhysicalTable) -> list[str]:
    columns = [
        column.lower()
        for logical in model.tables.values()
        if table.name.lower() in (name.lower() for name in logical.candidates)
        for wanted in logical.columns.values()
        if wanted.type == "instant"
        for column in wanted.candidates
    ]
    return [column for column in dict.fromkeys(columns) if column in table.spelling]


def bind(model: Model, catalog: Catalog, samples: Mapping[str, Rows]) -> Binding:
    """Each logical table on its best physical one: the first that has rows, else the first.

    A table without a sample is one that the database can't read.
    """
    tables, passed_over, spare = {}, {}, {}
    for logical in model.tables.values():
        options = [
            _bound(model, logical, table, samples[table.name.lower()])
            for name in logical.candidates
            if (table := catalog.find(name)) is not None and table.name.lower() in samples
        ]
        fitting = [option for option in options if isinstance(option, BoundTable)]
        if fitting:
            read = next((o for o in fitting if o.has_rows), fitting[0])
            tables[logical.name] = read
            spare[logical.name] = [option for option in fitting if option is not read]
        elif options:
            passed_over[logical.name] = str(options[0])
    return Binding(model, tables, passed_over, spare)


def _bound(
    model: Model, logical: LogicalTable, table: PhysicalTable, sample: Rows
) -> BoundTable | str:
    """The table as it is bound, or words for what it would need to be."""
    names = _instant_columns(model, table)
    values = {name: [row[n + 1] for row in sample.rows] for n, name in enumerate(names)}
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
    for candidate in wanted.candidates:
        names = [name.lower() for name in wanted.columns_of(candidate)]
        if not all(name in table.spelling for name in names):
            continue
        stored = wanted.expression(candidate, table.spelling)
        numeric = all(_NUMERIC.search(table.types[name]) for name in names)
        if wanted.type != "instant":
            return BoundColumn(wanted.type, stored, numeric)
        met = encodings.encodings_of(values.get(candidate.lower(), ()))
        if wanted.encoding:
            met = (wanted.encoding,)
        default = "epoch_s" if numeric else "sqlite"
        return BoundColumn(wanted.type, stored, numeric, met or (default,))
    return None
