"""Binding: which physical table and columns each logical table stands on in one database."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from meaux.database import Rows, Statement
from meaux.schema import encodings, identity, reading, sampling
from meaux.schema.catalog import ANYTHING, TEXTS, Catalog, Column, PhysicalTable
from meaux.schema.identity import Identity
from meaux.schema.model import (
    NUMBER_TYPES,
    LogicalColumn,
    LogicalTable,
    Model,
    bare,
    identifiers,
    quoted,
)
from meaux.schema.sampling import NOT_LOOKED_FOR
from meaux.schema.vocabulary import DELETED, PAID_BACK, TOTALS

NAMES_TRIED = 10_000
"""How many rows of a table that others name are read to find out by what they name it."""

CENT = 0.01
"""How far a sum may be away from what it sums: a cent, or a hundredth of it where that is less."""

MOST_READ = 3
"""How many columns of one meaning a logical column is read from at most."""
STORED = tuple("_stored" + (f"_{n}" if n > 1 else "") for n in range(1, MOST_READ + 1))
DERIVED = (*STORED, "_day", "_order", "_milliseconds", "_timed", "_unread", "_foreign", "_plain")
"""What a column offers besides itself. An instant: its stored forms, its local day, what to order
by, itself in milliseconds, and whether it has a time of day. All: whether something stands there
that can't be read. Money: the amount that is in another currency than dollars. A name: itself,
without the id that tells it from others."""

Values = Mapping[str, Sequence[Any]]
"""Sampled values by column in lower case."""

_NUMERIC = re.compile(r"INT|REAL|FLOA|DOUB|NUM|DEC|BOOL", re.IGNORECASE)
_WHOLE = re.compile(r"(?<!PO)INT", re.IGNORECASE)
_PER_CENT = re.compile(r"perc|pct", re.IGNORECASE)
_NO_BYTES = re.compile(r"CHAR|CLOB|TEXT|INT|REAL|FLOA|DOUB|NUM|DEC|BOOL", re.IGNORECASE)
_OF_DOLLARS = re.compile(r"usd|dollar", re.IGNORECASE)
_OF_UNIT = re.compile(r"usd|dollar|cent|micro", re.IGNORECASE)
_EXAMPLES = 2
_BREAK = "char(31)"
"""What stands between the parts of a key: no text has it."""


@dataclass(frozen=True)
class Seen:
    """How many sampled cells of a column hold something; those that can't be read, some by name."""

    cells: int
    unread: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoundColumn:
    """A logical column and the SQL that reads it as stored.

    `number` is SQL for its number, where it is one; `zero` says that a 0 there may be the default
    of a column that nobody filled, `dollars` that its name says so. `also` are encodings in which
    no sampled row has an instant, and in which any may. Of a key, `folds` says that case tells no
    ids apart, `bytes_too` that some may be bytes, `scope` is SQL for the column that stands before
    it in a key of two. `later` are the columns of the same meaning that
    are read where this one has no value.
    """

    type: str
    stored: str
    numeric: bool
    encodings: tuple[str, ...] = ()
    identity: Identity | None = None
    number: str = ""
    zero: bool = True
    dollars: bool = False
    also: tuple[str, ...] = ()
    folds: bool = True
    bytes_too: bool = False
    scope: str = ""
    later: tuple[BoundColumn, ...] = ()
    seen: Seen = field(default=Seen(0), compare=False, repr=False)

    @property
    def all(self) -> tuple[BoundColumn, ...]:
        """Every column that it is read from, in order."""
        return (self, *self.later)

    @property
    def sorts(self) -> bool:
        """Whether an instant's stored form sorts as time does."""
        return not self.later and not self.also and encodings.sorts_as_time(self.encodings)

    @property
    def kinds(self) -> tuple[tuple[str, ...], ...]:
        """The encodings of an instant: those that were met, and those that may be there, too."""
        return (self.encodings, self.also) if self.also else (self.encodings,)

    def each_kind(self, read: Callable[[str, tuple[str, ...]], str]) -> str:
        """SQL that reads an instant of this column alone, in whichever kind it is written."""
        values = [read(self.stored, kind) for kind in self.kinds]
        return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]

    def value(self) -> str:
        """SQL for the value in its logical type."""
        if self.type == "text" and not self.later:
            return self.stored  # an index may serve a comparison
        return self.first(BoundColumn.own_value)

    def own_value(self) -> str:
        """SQL for the value of this column alone."""
        read: dict[str, Callable[[], str]] = {
            "key": lambda: reading.key(
                self.stored, self.scope, folds=self.folds, bytes_too=self.bytes_too
            ),
            "word": lambda: reading.word(self.stored),
            "currency": lambda: reading.currency(self.stored),
            "text": lambda: reading.text(self.stored),
            "flag": lambda: reading.flag(self.stored),
            "instant": lambda: self.each_kind(encodings.instant),
        }
        return read[self.type]() if self.type in read else self.number

    def order(self) -> str:
        """SQL to order by: what is stored where that sorts rightly, so that an index serves it."""
        plain = self.sorts if self.encodings else self.numeric and not self.later
        return self.stored if plain else self.value()

    def milliseconds(self) -> str:
        """SQL for an instant in epoch milliseconds."""
        return self.first(lambda one: one.each_kind(encodings.milliseconds))

    def local_day(self, shift: str) -> str:
        """SQL for the local day of an instant; `shift` is the zone's offset as SQL of `{at}`."""

        def day(stored: str, kind: tuple[str, ...]) -> str:
            return encodings.local_day(stored, kind, shift)

        return self.first(lambda one: one.each_kind(day))

    def timed(self) -> str:
        """SQL for whether an instant has a time of day, 1 or 0."""
        arms = [
            (encodings.instant(one.stored, kind), encodings.timed(one.stored, kind))
            for one in self.all
            for kind in one.kinds
        ]
        *first, (_, last) = arms
        whens = " ".join(f"WHEN {at} IS NOT NULL THEN {timed}" for at, timed in first)
        return f"CASE {whens} ELSE {last} END" if whens else last

    def in_window(self, written: str = "") -> str:
        """SQL for "within the window", on the bare columns, called after `written` or as stored.

        A row is found by its first column that holds a time; each has a range of its own, so that
        an index serves each.
        """
        return self._ranges(written, encodings.in_window)

    def since_start(self, written: str) -> str:
        """SQL for "not before the window", as `in_window` says "within it"."""
        return self._ranges(written, encodings.since_start)

    def _ranges(self, written: str, within: Callable[[str, tuple[str, ...]], str]) -> str:
        ranges, before = [], ""
        for suffix, one in zip(STORED, self.all, strict=False):
            stored = f"{written}{suffix}" if written else one.stored
            for kind in one.kinds:
                ranges.append(f"({before}{within(stored, kind)})")
                before += f"{encodings.instant(stored, kind)} IS NULL AND "
        return f"({' OR '.join(ranges)})" if len(ranges) > 1 else ranges[0]

    def unread(self) -> str:
        """SQL for whether something stands there that can't be read, 1 or 0."""
        filled = " OR ".join(f"coalesce(trim({one.stored}), '') <> ''" for one in self.all)
        never = " AND ".join(f"NOT {encodings.never(one.stored)}" for one in self.all)
        is_meant = f"({filled}) AND {never}" if self.type == "instant" else f"({filled})"
        is_there = " OR ".join(f"{one.stored} IS NOT NULL" for one in self.all)
        return f"(({is_there}) AND {self.value()} IS NULL AND {is_meant})"

    def first(self, value: Callable[[BoundColumn], str]) -> str:
        """SQL for the first value; a number that may be a default counts behind all the others."""
        columns = self.all
        values = [value(column) for column in columns]
        if len(values) > 1 and self.type in NUMBER_TYPES:
            doubted = [found for found, one in zip(values, columns, strict=True) if one.zero]
            values = [
                f"nullif({found}, 0)" if one.zero else found
                for found, one in zip(values, columns, strict=True)
            ] + doubted
        return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]


@dataclass(frozen=True)
class Sums:
    """How a row that sums others is told: it names nothing, and has what those beside it come to.

    `name` and `amount` are logical columns, as is `at`, the time that tells the day; `currency` and
    `scope` are SQL of what the rows beside it must share.
    """

    name: str
    amount: str
    at: str
    currency: str
    scope: tuple[str, ...]


@dataclass(frozen=True)
class BoundTable:
    """A logical table, the physical one it stands on, and the columns found there.

    `only` is SQL for the rows that count, empty where all do. `none` is SQL for those that say that
    they are none, `said_by` the columns in which they do. `doubted` names, by logical column,
    the physical one that may hold it, in dollars or in cents; `unreadable` one that holds nothing
    that can be read. `one_per` are the logical columns of which several rows may share the values,
    `parts` the SQL of others: then the newest by `newest` counts. `entry` is SQL of the columns
    that tell one row from another, its number first, where the database lets several share them,
    and `entry_order` SQL by which the one that counts comes first. `sums` is how a row that sums
    others is told.
    `repeated` are some ids that several rows share; `alike` says that several ids share a name.
    """

    logical: str
    physical: str
    columns: Mapping[str, BoundColumn]
    has_rows: bool
    only: str = ""
    doubted: Mapping[str, str] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    none: str = ""
    said_by: tuple[str, ...] = ()
    one_per: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    newest: str = ""
    entry: tuple[str, ...] = ()
    entry_order: str = ""
    sums: Sums | None = None
    alike: bool = False
    repeated: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def unread(self, columns: Iterable[str]) -> Iterator[str]:
        """A sentence for each of some logical columns of which sampled cells can't be read."""
        for name in columns:
            for one in self.columns[name].all if name in self.columns else ():
                seen, column = one.seen, f"{self.physical}.{', '.join(identifiers(one.stored))}"
                if seen.unread:
                    yield (
                        f"{seen.unread:,} of {seen.cells:,} values seen in {column} can't be read, "
                        f"such as {' and '.join(seen.examples)}: they are in no total."
                    )

    def rows(self, among: str = "", *, once: bool = True, kept: str = "") -> str:
        """SQL, to stand behind FROM, of the rows that count.

        Each counts once `among` those that one condition keeps; then another one says which are
        `kept`. Without `once` a row that is there twice is met twice, and an index serves any
        order.
        """
        source = f"main.{quoted(self.physical)}"
        within = _where([self.only, among])
        if not (once and self.entry):
            return source + _where([self.only, among, kept])
        order = f" ORDER BY {self.entry_order}" if self.entry_order else ""
        shared = f"row_number() OVER (PARTITION BY {', '.join(self.entry)}{order})"
        first = f"(` entry` = 1 OR coalesce({self.entry[0]}, '') = '')"
        return f"(SELECT *, {shared} AS ` entry` FROM {source}{within})" + _where([first, kept])

    def is_sum(self, among: str, shift: str) -> str:
        """SQL for whether a row is the sum of others, `among` rows that a condition keeps.

        They are only read where a row names nothing, and then once. `shift` is the zone's offset
        as SQL of `{at}`.
        """
        if self.sums is None:
            return "0"
        sums, amount = self.sums, self.columns[self.sums.amount].value()
        named = f"{reading.text(self.columns[sums.name].value())} IS NOT NULL"
        day = f"{self.columns[sums.at].local_day(shift)} || {_BREAK} || {sums.currency}"
        key = day + "".join(f" || {_BREAK} || coalesce({one}, '')" for one in sums.scope)
        keys = dict.fromkeys([key, day + f" || {_BREAK}" * len(sums.scope)])
        rows = self.rows(among, kept=named)
        others = "\n    UNION ALL ".join(
            f"SELECT {one}, sum({amount}) FROM {rows} GROUP BY 1" for one in keys
        )
        return (
            f"CASE WHEN {named} THEN 0 ELSE EXISTS (\n"
            f"    WITH ` others` (` key`, ` sum`) AS MATERIALIZED ({others})\n"
            f"    SELECT 1 FROM ` others` WHERE ` key` = {key}\n"
            f"    AND abs(` sum` - {amount}) <= min({CENT}, abs({amount}) * {CENT}) + 1e-6\n"
            "  ) END"
        )

    def is_none(self, among: str) -> str:
        """SQL for whether a row is none: it says so, or it sums others `among` some; else empty."""
        sums = self.is_sum(among, "0") if self.sums else ""
        return " OR ".join(f"({one})" for one in [self.none, sums] if one)

    def paid(self, column: BoundColumn) -> str:
        """SQL for an amount in dollars.

        It counts if its column is called so, whatever currency the row names, else if that is
        the dollar.
        """
        in_dollars = self._in_dollars
        if not in_dollars:
            return column.value()
        return column.first(
            lambda one: one.number if one.dollars else f"iif({in_dollars}, {one.number}, NULL)"
        )

    def foreign(self, column: BoundColumn) -> str:
        """SQL for an amount that is in another currency than dollars, and nowhere in them."""
        others = [one for one in column.all if not one.dollars]
        if not self._in_dollars or not others:
            return "NULL"
        amount = replace(others[0], later=tuple(others[1:])).value()
        return f"iif({self._in_dollars} OR {self.paid(column)} IS NOT NULL, NULL, {amount})"

    def currency(self) -> str:
        """SQL for the currency of a row: dollars where its cost stands in a column of them."""
        named = self.columns["currency"].value()
        cost = self.columns.get("cost")
        certain = [one.number for one in cost.all if one.dollars] if cost else []
        if not certain:
            return named
        is_there = " OR ".join(f"{number} IS NOT NULL" for number in certain)
        return f"CASE WHEN {is_there} THEN 'usd' ELSE {named} END"

    @property
    def _in_dollars(self) -> str:
        """SQL for whether a row names the dollar or nothing; empty where none names a currency."""
        currency = self.columns.get("currency")
        return f"(coalesce({currency.value()}, 'usd') = 'usd')" if currency else ""


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
            if any(quoted(column) in one.stored for one in found.all)
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
        wanted = logical.columns[column]
        return _lacking(
            bound.physical, wanted, bound.doubted.get(column), bound.unreadable.get(column)
        )


def _where(conditions: Iterable[str]) -> str:
    """SQL that keeps the rows that fulfil all of some conditions; an empty one is fulfilled."""
    kept = " AND ".join(filter(None, conditions))
    return f"\n  WHERE {kept}" if kept else ""


def _lacking(table: str, column: LogicalColumn, doubted: str | None, unreadable: str | None) -> str:
    if unreadable:
        return unreadable
    if doubted:
        return f"a mapping that says whether {table}.{doubted} is in dollars or in cents"
    usual = [one for one in column.candidates if one not in column.apart] + list(column.apart)
    names = (", ".join(LogicalColumn.columns_of(candidate)) for candidate in usual)
    return _either(f"{table}.{name}" for name in names)


def _either(names: Iterable[str]) -> str:
    return " or ".join(list(dict.fromkeys(names))[:3])


def naming(model: Model, catalog: Catalog) -> dict[str, Statement]:
    """A statement for each logical table that others name: all that its rows go by.

    The columns are the id as it is written, then those identities that the table has, in the order
    of the model.
    """
    return {
        logical.name: Statement(
            f"SELECT {', '.join(expressions.values())} FROM main.{quoted(table.name)} "
            f"{_counts_where(logical, table)}LIMIT {NAMES_TRIED}"
        )
        for logical in model.tables.values()
        for table, expressions in [_named_by(logical, catalog)]
        if table and expressions
    }


def counting(model: Model, catalog: Catalog) -> dict[tuple[str, str], Statement]:
    """A statement that finds a row that counts, where not all do and another table would serve.

    It looks among the newest rows: by logical table and the name of the physical one in lower case.
    """
    found = {}
    for logical in model.tables.values():
        there = {name: table for name in logical.candidates if (table := catalog.meant(name))}
        for name, table in there.items() if len(there) > 1 else ():
            if where := _counts_where(logical, table, logical.only.get(name.lower(), "")):
                newest = f" ORDER BY {table.key} DESC" if table.key else ""
                rows = f"SELECT * FROM main.{quoted(table.name)}{newest} LIMIT {NAMES_TRIED}"
                sql = f"SELECT 1 AS counts FROM ({rows}) {where}LIMIT 1"
                found[logical.name, table.name.lower()] = Statement(sql)
    return found


def _counts_where(logical: LogicalTable, table: PhysicalTable, only: str = "") -> str:
    """SQL that leaves out the rows that say that they are none, or are of another kind."""
    needed = {name.lower(): table.called(name) for name in LogicalColumn.columns_in(only)}
    spelling = {name: there.spelt for name, there in needed.items() if there}
    of_kind = LogicalColumn.filled(only, spelling) if len(spelling) == len(needed) else ""
    columns = {
        name: column
        for name, wanted in logical.columns.items()
        if (column := _bound_column(wanted, table, {}))
    }
    left = (kept for _, kept in _left_out(logical, table, columns))
    kept = " AND ".join(filter(None, (of_kind, *left)))
    return f"WHERE {kept} " if kept else ""


AS_WRITTEN = "as written"
"""What the id as it is written is called among the names of a row."""


def _named_by(
    logical: LogicalTable, catalog: Catalog
) -> tuple[PhysicalTable | None, dict[str, str]]:
    """The first table that holds the rows, and SQL of each name that they go by."""
    found = filter(None, map(catalog.meant, logical.candidates if logical.identities else ()))
    table = next(found, None)
    columns = {
        by: _bound_column(logical.columns[identity.column_of(by)], table, {})
        for by in logical.identities
        if table
    }
    names = {by: identity.written(by, column.value()) for by, column in columns.items() if column}
    own = columns.get(identity.OWN)
    as_written = {AS_WRITTEN: replace(own, folds=False, later=()).value()} if own else {}
    return table, as_written | names


def bind(
    model: Model,
    catalog: Catalog,
    samples: Mapping[str, Rows],
    names: Mapping[str, Rows] | None = None,
    counted: Mapping[tuple[str, str], Rows] | None = None,
) -> Binding:
    """Each logical table on its best physical one: the first that has rows, else the first.

    A table without a sample is one that the database can't read. `names` are the rows of
    `naming`; without them every name of a row is taken for its id. `counted` are those of
    `counting`; without them every row counts.
    """
    tables, passed_over, others = {}, {}, {}
    values = sampling.values(model, catalog, samples)
    known = {name: _named(model, catalog, name, rows) for name, rows in (names or {}).items()}
    for logical in model.tables.values():
        options = {
            name: _identified(option, model, catalog, values, known)
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
    return Binding(model, tables, passed_over, others)


Names = Mapping[str, Sequence[str | None]]
"""What the rows of a table go by, row by row, for each of its identities."""

VERSIONS = ("version", "revision", "row_version")
"""Columns that number the versions of a row."""

SCOPES = ("org_id", "organization_id", "tenant_id", "account_id", "workspace_id", "company_id")
"""Columns that may stand beside an id in a key of two."""


@dataclass(frozen=True)
class _Named:
    """What the rows of a table that others name go by.

    `exact` says that case tells its ids apart, `scope` names the column without which an id may
    mean several rows: both are the first part of a key.
    """

    names: Names
    exact: bool
    scope: str = ""


def _named(model: Model, catalog: Catalog, name: str, rows: Rows) -> _Named:
    table, expressions = _named_by(model.tables[name], catalog)
    columns = zip(*rows.rows, strict=True) if rows.rows else [()] * len(expressions)
    names = {
        by: [None if value is None else str(value) for value in values]
        for by, values in zip(expressions, columns, strict=True)
    }
    own = _bound_column(model.tables[name].columns[identity.OWN], table, {}) if table else None
    column = table.column(own.stored) if table and own else None
    if table is None or column is None:
        return _Named(names, exact=False)
    if table.is_unique(column):
        return _Named(names, exact=_tells_case_apart(names[AS_WRITTEN]))
    there = (found.spelt for found in map(table.called, SCOPES) if found)
    scope = next((beside for beside in there if table.is_unique(beside, column)), "")
    return _Named(names, exact=False, scope=scope)


def _tells_case_apart(ids: Iterable[str | None]) -> bool:
    """Whether ids that differ in case alone are there, where no two rows may share an id."""
    written = {id_ for id_ in ids if id_}
    return len({reading.folded(id_) for id_ in written}) < len(written)


def _identified(
    option: BoundTable | str,
    model: Model,
    catalog: Catalog,
    values: Mapping[str, Values],
    known: Mapping[str, _Named],
) -> BoundTable | str:
    """The table with the identity by which each of its columns names rows of another."""
    if isinstance(option, str):
        return option
    table, met = catalog.tables[option.physical.lower()], values[option.physical.lower()]
    columns = dict(option.columns)
    for name, column in option.columns.items():
        wanted = model.tables[option.logical].columns[name]
        referred = model.referred(wanted)
        if referred and referred.name in known:
            named = known[referred.name]
            first, *later = (
                _naming_by(one, wanted.identity, referred.name, named, table, met)
                for one in column.all
            )
            columns[name] = replace(first, later=tuple(later))
    own = known.get(option.logical)
    if own is None:
        return replace(option, columns=columns)
    scope = quoted(own.scope) if own.scope else ""
    key = replace(columns[identity.OWN], folds=not own.exact, scope=scope)
    return replace(
        option,
        columns=columns | {identity.OWN: key},
        repeated=() if scope else _repeated(own.names),
        alike=_are_alike(own.names),
    )


def _naming_by(  # noqa: PLR0913, PLR0917  what a column is tried by
    column: BoundColumn,
    declared: str | None,
    referred: str,
    named: _Named,
    table: PhysicalTable,
    values: Values,
) -> BoundColumn:
    """The column with the identity that its sampled values meet.

    Where an id needs another column beside it, that of the same name is taken; without one, the id
    means the only row that has it.
    """
    met = _present(values.get(_plain(column.stored), ()))
    names = {
        by: {name for name in of_rows if name is not None}
        for by, of_rows in named.names.items()
        if by != AS_WRITTEN
    }
    found = identity.identified(referred, met, names, by=declared)
    scope = table.called(named.scope) if named.scope and found.is_own else None
    if named.scope and found.is_own and scope is None:
        found = replace(found, by=identity.BARE)
    return replace(
        column,
        identity=found,
        folds=not named.exact,
        scope=quoted(scope.spelt) if scope else "",
    )


def _repeated(names: Names) -> tuple[str, ...]:
    """Some ids that several rows of a table share."""
    count = Counter(id_ for id_ in names.get(identity.OWN, ()) if id_)
    return tuple(id_ for id_, times in count.items() if times > 1)[:_EXAMPLES]


def _are_alike(names: Names) -> bool:
    """Whether several ids share a name, so that it has to be told with the id."""
    pairs = set(zip(names.get(identity.OWN, ()), names.get("name", ()), strict=False))
    count = Counter(name for _, name in pairs if name)
    return any(times > 1 for times in count.values())


def _plain(stored: str) -> str:
    """The column that SQL of nothing but a column reads, in lower case."""
    return bare(stored).lower()


def _options(
    logical: LogicalTable,
    catalog: Catalog,
    samples: Mapping[str, Rows],
    values: Mapping[str, Values],
    counted: Mapping[tuple[str, str], Rows],
) -> dict[str, BoundTable | str]:
    """Every candidate that can be read, by its physical name, best first."""
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
    """The table as it is bound, or words for what it would need to be."""
    columns, doubted, unreadable = {}, {}, {}
    for wanted in logical.columns.values():
        column, doubt = _bound_column(wanted, table, values), _doubted(wanted, table)
        illegible = None if column else _unreadable(wanted, table, values)
        if column is not None:
            columns[wanted.name] = column
        elif wanted.required:
            return _lacking(table.name, wanted, doubt, illegible)
        elif illegible:
            unreadable[wanted.name] = illegible
        elif doubt:
            doubted[wanted.name] = doubt
    needed = {name.lower(): table.called(name) for name in LogicalColumn.columns_in(only)}
    for name, there in needed.items():
        if there is None:
            return f"{table.name}.{name}"
    spelling = {name: there.spelt for name, there in needed.items() if there}
    left_out = dict(_left_out(logical, table, columns))
    conditions = [LogicalColumn.filled(only, spelling), *left_out.values()]
    one_per, parts, newest = _one_per(logical, table, columns)
    entry = _entry(logical, table, columns)
    return BoundTable(
        logical.name,
        table.name,
        columns,
        has_rows,
        " AND ".join(filter(None, conditions)),
        doubted,
        unreadable,
        f"NOT ({' AND '.join(left_out.values())})" if left_out else "",
        tuple(left_out),
        one_per,
        parts,
        newest,
        entry,
        _entry_order(logical, table) if entry else "",
        _sums(logical, table, columns),
    )


def _left_out(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> Iterator[tuple[str, str]]:
    """Each column in which a row may say that it is none, with SQL for the rows that don't."""
    read = {one.stored for column in columns.values() for one in column.all}
    for name in logical.deleted:
        column = table.called(name)
        if column and quoted(column.spelt) not in read:
            yield column.spelt, f"NOT {encodings.is_set(quoted(column.spelt))}"
    status = columns.get("status")
    if status and status.type == "word":
        yield bare(status.stored), f"NOT {_is_void(status, columns.get('cost'), logical)}"
    totals = columns.get(logical.totals)
    for stored in [*([totals.stored] if totals else []), *_parts(logical, table)]:
        yield bare(stored), f"NOT {reading.among(reading.word(stored), TOTALS)}"


def _is_void(status: BoundColumn, cost: BoundColumn | None, logical: LogicalTable) -> str:
    """SQL for whether a row's status says that it is none; what was paid back counts below zero."""
    words, paid_back = (
        dict.fromkeys(DELETED + logical.void),
        reading.among(status.value(), PAID_BACK),
    )
    if cost is None or words.keys().isdisjoint(PAID_BACK):
        return reading.among(status.value(), words)
    others = reading.among(status.value(), [word for word in words if word not in PAID_BACK])
    return f"({others} OR {paid_back} AND coalesce({cost.value()}, 0) >= 0)"


def _parts(logical: LogicalTable, table: PhysicalTable) -> list[str]:
    """The columns, quoted, that part what a thing has into several rows."""
    return [quoted(column.spelt) for column in map(table.called, logical.parts) if column]


def _one_per(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """What several rows may share, logical and parts, and the instant that tells the newest."""
    newest = next((name for name in logical.newest if name in columns), "")
    named = logical.one_per or (logical.snapshot_of if newest else ())
    keys = tuple(name for name in named if name in columns)
    parts = _parts(logical, table)
    physical = [table.column(stored) for stored in [*(columns[k].stored for k in keys), *parts]]
    if not keys or table.is_unique(*filter(None, physical)):
        return (), (), ""
    return keys, tuple(map(reading.key, parts)), newest


def _entry(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> tuple[str, ...]:
    """The stored columns that tell one row from another; none where a key sees to it.

    The number alone doesn't: it may be that of an account, which has a row a day.
    """
    number = next(filter(None, map(table.called, logical.entry)), None)
    if number is None or table.is_unique(number.spelt):
        return ()
    named = (columns[name].all for name in logical.entry_of if name in columns)
    others = [one.stored for column in named for one in column]
    return tuple(dict.fromkeys([quoted(number.spelt), *others]))


def _entry_order(logical: LogicalTable, table: PhysicalTable) -> str:
    """SQL by which the row that changed last comes first; empty where nothing tells it."""
    changed = LogicalColumn("changed", "instant", logical.changed)
    times = [f"{one.own_value()} DESC" for one in _options_of(changed, table, {})]
    version = next(filter(None, map(table.called, VERSIONS)), None)
    return ", ".join([f"{quoted(version.spelt)} DESC", *times] if version else times)


def _sums(
    logical: LogicalTable, table: PhysicalTable, columns: Mapping[str, BoundColumn]
) -> Sums | None:
    """How a row that sums others is told, where it can be."""
    amount = next((name for name in logical.adds if name in columns), "")
    at = next((name for name, one in columns.items() if one.type == "instant"), "")
    if logical.totals not in columns or not amount or not at:
        return None
    currency = columns["currency"].value() if "currency" in columns else "NULL"
    others = (there for name in logical.scope if (there := table.called(name)))
    scope = [columns[name].value() for name in logical.scope if name in columns]
    scope += [reading.key(quoted(there.spelt)) for there in others]
    return Sums(
        logical.totals, amount, at, f"coalesce({currency}, 'usd')", tuple(dict.fromkeys(scope))
    )


def _doubted(wanted: LogicalColumn, table: PhysicalTable) -> str | None:
    """The column that may hold what is wanted, and isn't read because its unit is not known."""
    there = filter(None, map(table.called, wanted.doubtful))
    return next((column.spelt for column in there), None)


def _unreadable(wanted: LogicalColumn, table: PhysicalTable, values: Values) -> str | None:
    """What a column of times would need, of which no value can be read."""
    for one in _options_of(wanted, table, values):
        if _is_illegible(one):
            column = f"{table.name}.{bare(one.stored)}"
            return f"times that can be read in {column} (such as {' and '.join(one.seen.examples)})"
    return None


def _is_illegible(column: BoundColumn) -> bool:
    """Whether an instant's values were met, and none is a way of writing time that is known."""
    seen = column.seen
    return column.type == "instant" and seen.cells > 0 and seen.unread == seen.cells


def _bound_column(
    wanted: LogicalColumn, table: PhysicalTable, values: Values
) -> BoundColumn | None:
    """The column as it is read: from the first candidate that has a value, row by row.

    Of times, a later candidate is only read where the ones before it are seen to have none: each
    takes a range of its own.
    """
    found: dict[str, BoundColumn] = {}
    for one in _options_of(wanted, table, values):
        if not _is_illegible(one):
            found.setdefault(one.stored, one)
    if not found:
        return None
    first, *later = list(found.values())[:MOST_READ]
    if wanted.type == "instant":
        later = _needed(first, later, values)
    elif wanted.type in NUMBER_TYPES:
        later = _lacked(first, later, table)
    return replace(first, later=tuple(later))


def _lacked(
    first: BoundColumn, later: Sequence[BoundColumn], table: PhysicalTable
) -> list[BoundColumn]:
    """Those of the later columns of a number behind none that has a value in every row."""
    lacked: list[BoundColumn] = []
    for before, column in zip([first, *later], later, strict=False):
        names = identifiers(before.stored)
        if not before.zero and all(map(table.is_filled, names)):
            break
        lacked.append(column)
    return lacked


def _needed(first: BoundColumn, later: Sequence[BoundColumn], values: Values) -> list[BoundColumn]:
    """Those of the later columns of a time that are needed, since all before them lack values."""
    needed: list[BoundColumn] = []
    for before, column in zip([first, *later], later, strict=False):
        cells = values.get(_plain(before.stored), ())
        if not any(map(encodings.is_unset, _present(cells))):
            break
        needed.append(column)
    return needed


def _options_of(
    wanted: LogicalColumn, table: PhysicalTable, values: Values
) -> Iterator[BoundColumn]:
    """Every candidate that the table has, best first; a doubtful one only where none is certain."""
    certain = False
    for candidate in wanted.candidates:
        names = wanted.columns_of(candidate)
        found = {name.lower(): column for name in names if (column := table.called(name))}
        if len(found) < len({name.lower() for name in names}):
            continue
        declared = [column.declared for column in found.values()]
        doubtful = candidate in wanted.doubtful
        if doubtful and (certain or any(map(_WHOLE.search, declared))):
            continue
        certain = True
        one = _read_from(wanted, candidate, found, values, indexed=_tells_all(table, found))
        yield replace(one, dollars=_are_dollars(wanted, found, table))


def _read_from(
    wanted: LogicalColumn,
    candidate: str,
    found: Mapping[str, Column],
    values: Values,
    *,
    indexed: bool,
) -> BoundColumn:
    """One candidate as it is read, with what was seen in the sample."""
    spelling = {name: column.spelt for name, column in found.items()}
    numeric = all(_NUMERIC.search(column.declared) for column in found.values())
    hour = wanted.hour_in(candidate)
    worked_out = "{" in candidate and wanted.type == "instant"
    sampled = () if worked_out else (values.get(column.key, ()) for column in found.values())
    cells = [cell for cells in sampled for cell in _present(cells)]

    def number(column: str) -> str:
        texts = any(TEXTS in one.holds for one in found.values())
        if wanted.type == "code":
            return reading.code(column, texts=texts)
        read = reading.number(column, hour, texts=texts)
        return f"({read}) * iif({read} <= 1, 100, 1)" if are_shares else read

    are_shares = wanted.type == "percent" and _are_shares(candidate, cells)
    is_number = wanted.type in NUMBER_TYPES
    bound = BoundColumn(
        wanted.type,
        wanted.expression(candidate, spelling),
        numeric,
        number=wanted.expression(candidate, spelling, number) if is_number else "",
        zero=candidate not in wanted.apart and any(column.zero for column in found.values()),
        bytes_too=not all(_NO_BYTES.search(column.declared) for column in found.values()),
        seen=_seen(wanted.type, cells, hour),
    )
    if wanted.type != "instant":
        return bound
    holds = frozenset() if indexed else frozenset.union(*(c.holds for c in found.values()))
    return _timed(wanted, bound, cells, holds)


def _are_shares(candidate: str, cells: Iterable[Any]) -> bool:
    """Whether a column of per cent that doesn't name its unit holds shares of 1 instead."""
    numbers = [number for cell in cells if (number := reading.number_of(cell)) is not None]
    is_told = "{" in candidate or _PER_CENT.search(candidate)
    return (
        not is_told
        and all(0 <= number <= 1 for number in numbers)
        and any(0 < number < 1 for number in numbers)
    )


def _present(cells: Iterable[Any]) -> list[Any]:
    """The sampled cells of rows."""
    return [cell for cell in cells if cell is not NOT_LOOKED_FOR]


def _seen(type_: str, cells: Iterable[Any], hour: float | None) -> Seen:
    """What of some cells can be read as a type."""
    if type_ == "instant":
        filled = [cell for cell in cells if not encodings.is_unset(cell)]
        unread = [cell for cell in filled if not encodings.reads(cell)]
    else:
        filled = [cell for cell in cells if cell is not None and str(cell).strip()]
        unread = []
        if type_ in NUMBER_TYPES:
            read = reading.code_of if type_ == "code" else partial(reading.number_of, hour=hour)
            unread = [cell for cell in filled if read(cell) is None]
        elif type_ == "flag":
            unread = [cell for cell in filled if reading.flag_of(cell) is None]
    examples = dict.fromkeys(f"“{str(cell)[:40]}”" for cell in unread)
    return Seen(len(filled), len(unread), tuple(examples)[:_EXAMPLES])


def _are_dollars(wanted: LogicalColumn, found: Mapping[str, Column], table: PhysicalTable) -> bool:
    """Whether a column is in dollars though the row may name another currency.

    It is where its name says so, and another column holds the amount that the currency is of.
    """
    if wanted.type != "money" or not all(map(_OF_DOLLARS.search, found)):
        return False
    plain = (one for one in wanted.candidates if "{" not in one and not _OF_UNIT.search(one))
    return any(map(table.called, plain))


def _tells_all(table: PhysicalTable, found: Mapping[str, Column]) -> bool:
    """Whether the sample met every class of encodings, by an index."""
    return all(table.index_on(column.spelt) for column in found.values())


def _timed(
    wanted: LogicalColumn, column: BoundColumn, cells: Iterable[Any], holds: frozenset[str]
) -> BoundColumn:
    """The column of an instant with its encodings: as declared, as met, else as its type says.

    A column that is not declared as numbers may hold both numbers and texts. Where an index doesn't
    tell which, it is read for either.
    """
    if wanted.encoding:
        return replace(column, encodings=(wanted.encoding,), seen=Seen(0))
    assumed = "epoch_s" if column.numeric else "sqlite"
    met = encodings.encodings_of(cells) or (assumed,)
    also = encodings.others(met) if holds == ANYTHING and not column.numeric else ()
    return replace(column, encodings=met, also=also)
