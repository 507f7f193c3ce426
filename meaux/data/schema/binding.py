"""Binding: the physical table and columns of each logical table in one database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from meaux.data.database import Rows, Statement
from meaux.data.schema import rows, sampling
from meaux.data.schema.bound import BoundTable
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.catalog import Catalog, PhysicalTable
from meaux.data.schema.columns import Values, bound_column, doubt, illegible
from meaux.data.schema.model import LogicalColumn, LogicalTable, Model, columns_in, quoted
from meaux.data.schema.names import NAMES_TRIED, identified, named


@dataclass(frozen=True)
class Binding:
    """What a database can answer: the bound tables, and the reasons for what is missing.

    `passed_over` says, per logical table, what an existing physical table lacks. `others` holds,
    per logical table, the other physical tables, best first: as they would be bound or, if they
    have rows, the sentence that says what they lack.
    """

    model: Model
    tables: Mapping[str, BoundTable]
    passed_over: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, BoundTable | str]] = field(default_factory=dict)

    def filled(self, table: str) -> dict[str, BoundTable | str]:
        """Return the other physical tables of a logical one that have rows, by name."""
        options = self.others.get(table, {})
        return {n: o for n, o in options.items() if isinstance(o, str) or o.has_rows}

    def spare(self, table: str) -> list[BoundTable]:
        """List the usable but unread physical tables of a logical one."""
        return [o for o in self.others.get(table, {}).values() if isinstance(o, BoundTable)]

    @cached_property
    def fingerprint(self) -> str:
        """A short digest that changes if any table or column is bound differently."""
        return hashlib.sha256(repr(sorted(self.tables.items())).encode()).hexdigest()[:16]

    @property
    def is_copy(self) -> bool:
        """Whether its tables are copies that a loader has settled."""
        return any(bound.settled for bound in self.tables.values())

    def on(self, chosen: Mapping[str, str]) -> Binding:
        """Return the same binding with other physical tables for some logical ones."""
        options = {
            table: self.filled(table).get(name, f"the table {name}")
            for table, name in chosen.items()
            if table not in self.tables or self.tables[table].physical != name
        }
        kept = {name: bound for name, bound in self.tables.items() if name not in options}
        fitting = {name: o for name, o in options.items() if isinstance(o, BoundTable)}
        unfit = {name: o for name, o in options.items() if isinstance(o, str)}
        return replace(self, tables=kept | fitting, passed_over={**self.passed_over, **unfit})

    def apart(self, kinds: Mapping[str, str]) -> Binding:
        """Return the same binding with only the rows of some tables that don't count, by kind."""
        if not kinds:
            return self
        left = {name: self.tables[name].only_apart(kind) for name, kind in kinds.items()}
        return replace(self, tables={**self.tables, **left})

    def readers(self, physical: str, column: str) -> list[str]:
        """List the logical columns that read a physical column: `time_entry.started`."""
        return [
            f"{bound.logical}.{name}"
            for bound in self.tables.values()
            if bound.physical == physical
            for name, found in bound.columns.items()
            if any(quoted(column) in one.stored for one in found.all)
        ]

    def lacks(self, table: str, column: str | None = None) -> str | None:
        """Return what a logical table or column lacks, in physical names; None if nothing."""
        logical = self.model.tables[table]
        bound = self.tables.get(table)
        if bound is None:
            tables = _either(f"the table {name}" for name in logical.candidates)
            return self.passed_over.get(table, tables)
        if column is None or column in bound.columns:
            return None
        wanted = logical.columns[column]
        return _lacking(
            bound.physical, wanted, bound.doubted.get(column), bound.unreadable.get(column)
        )


def _lacking(table: str, column: LogicalColumn, doubted: str | None, unreadable: str | None) -> str:
    if unreadable:
        return unreadable
    if doubted:
        return f"a mapping that states whether {table}.{doubted} is in dollars or cents"
    usual = [one for one in column.candidates if one not in column.apart] + list(column.apart)
    names = (", ".join(LogicalColumn.columns_of(candidate)) for candidate in usual)
    return _either(f"{table}.{name}" for name in names)


def _either(names: Iterable[str]) -> str:
    return " or ".join(list(dict.fromkeys(names))[:3])


def counting(model: Model, catalog: Catalog) -> dict[tuple[str, str], Statement]:
    """Return statements that look for a row that counts, if there is another table to choose.

    They search the newest rows, and only tables in which not all rows count. Keys: the logical
    table and the physical table's name in lower case.
    """
    found = {}
    for logical in model.tables.values():
        there = {name: table for name in logical.candidates if (table := catalog.meant(name))}
        for name, table in there.items() if len(there) > 1 else ():
            if where := rows.counts_where(logical, table, logical.only.get(name.lower(), "")):
                newest = f" ORDER BY {table.key} DESC" if table.key else ""
                latest = f"SELECT * FROM main.{quoted(table.name)}{newest} LIMIT {NAMES_TRIED}"
                sql = f"SELECT 1 AS counts FROM ({latest}) {where}LIMIT 1"
                found[logical.name, table.name.lower()] = Statement(sql)
    return found


def bind(
    model: Model,
    catalog: Catalog,
    samples: Mapping[str, Rows],
    names: Mapping[str, Rows] | None = None,
    counted: Mapping[tuple[str, str], Rows] | None = None,
) -> Binding:
    """Bind each logical table to its best physical one: the first that has rows, else the first.

    A table without a sample is unreadable. `names` are the rows of `naming`; without them every
    reference is read as an id. `counted` are the rows of `counting`; without them every row counts.
    """
    tables, passed_over, others = {}, {}, {}
    values = sampling.values(model, catalog, samples)
    known = {name: named(model, catalog, name, rows) for name, rows in (names or {}).items()}
    for logical in model.tables.values():
        options = {
            name: identified(option, model, catalog, values, known)
            for name, option in _options(logical, catalog, samples, values, counted or {}).items()
        }
        fitting = [option for option in options.values() if isinstance(option, BoundTable)]
        if fitting:
            with_rows = [option for option in fitting if option.has_rows] or fitting[:1]
            telling = (o for o in with_rows if not o.columns.keys().isdisjoint(logical.told))
            chosen = next(telling, with_rows[0])
            tables[logical.name] = chosen
            others[logical.name] = {
                name: option
                for name, option in options.items()
                if option is not chosen
                and (isinstance(option, BoundTable) or sampling.rows_in(samples[name.lower()]))
            }
        elif options:
            passed_over[logical.name] = str(next(iter(options.values())))
        elif out := next(filter(None, map(catalog.why_left_out, logical.candidates)), ""):
            passed_over[logical.name] = out
    return Binding(model, tables, passed_over, others)


def _options(
    logical: LogicalTable,
    catalog: Catalog,
    samples: Mapping[str, Rows],
    values: Mapping[str, Values],
    counted: Mapping[tuple[str, str], Rows],
) -> dict[str, BoundTable | str]:
    """Return every readable candidate by its physical name, best first."""
    found: dict[str, BoundTable | str] = {}
    for candidate in logical.candidates:
        table = catalog.meant(candidate)
        if table is not None and table.name.lower() in samples and table.name not in found:
            name, only = table.name.lower(), logical.only.get(candidate.lower(), "")
            met = counted.get((logical.name, name), samples[name])
            has_rows = sampling.rows_in(samples[name]) > 0 and bool(met.rows)
            found[table.name] = _bound(logical, table, only, values[name], has_rows=has_rows)
    return found


def _bound(
    logical: LogicalTable, table: PhysicalTable, only: str, values: Values, *, has_rows: bool
) -> BoundTable | str:
    """Return the bound table, or what it lacks."""
    bound = _bound_columns(logical, table, values)
    if isinstance(bound, str):
        return bound
    columns, doubted, unreadable = bound
    for name in columns_in(only):
        if table.called(name) is None:
            return f"{table.name}.{name.lower()}"
    of_kind = rows.of_kind(only, table)
    refunds = rows.refunds(logical, columns)
    left_out = dict(rows.left_out(logical, table, columns, charges=refunds is None))
    conditions = [of_kind, *left_out.values()]
    one_per, parts, newest = rows.one_per(logical, table, columns)
    entry = rows.entry(logical, table, columns)
    return BoundTable(
        logical=logical.name,
        physical=table.name,
        columns=columns,
        has_rows=has_rows,
        only=" AND ".join(filter(None, conditions)),
        doubted=doubted,
        unreadable=unreadable,
        none=f"NOT ({' AND '.join(left_out.values())})" if left_out else "",
        said_by=tuple(left_out),
        one_per=one_per,
        parts=parts,
        newest=newest,
        own=one_per[0] if one_per and logical.one_per else "",
        of_kind=of_kind,
        gone=bool(logical.identities and left_out),
        entry=entry,
        entry_order=rows.entry_order(logical, table) if entry else "",
        refunds=refunds,
        sums=rows.sums(logical, table, columns),
    )


def _bound_columns(
    logical: LogicalTable, table: PhysicalTable, values: Values
) -> tuple[dict[str, BoundColumn], dict[str, str], dict[str, str]] | str:
    """Return the columns that are bound, in doubt and unreadable, or the required one it lacks."""
    columns, doubted, unreadable = {}, {}, {}
    for wanted in logical.columns.values():
        if column := bound_column(wanted, table, values):
            columns[wanted.name] = column
            continue
        doubtful, times = doubt(wanted, table), illegible(wanted, table, values)
        if wanted.required:
            return _lacking(table.name, wanted, doubtful, times)
        if times:
            unreadable[wanted.name] = times
        elif doubtful:
            doubted[wanted.name] = doubtful
    return columns, doubted, unreadable
