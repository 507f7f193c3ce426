"""Findings: what can be said of a database, its tables, columns, costs, queries and indexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from meaux.data.faults import Fault
from meaux.data.schema import Size
from meaux.data.schema.identity import Identity
from meaux.wording import percent

NOT_NEEDED = "Not needed"
"""What becomes of a table that is missing where others hold all that it could."""


@dataclass(frozen=True)
class TableHealth:
    """A table that the product may read.

    `read_as` names the logical tables that stand on it, `spare_for` those that it would do for.
    `kind` and `size` are None where it is missing; `newest` is a local time, or empty. `replaced`
    says that a mapping names others in its place. `wanted` names the logical tables that stand on
    nothing and could stand on it; where it is not read, `queries` and `pages` are theirs. `none_by`
    names the columns in which a row may say that it is none.
    """

    name: str
    kind: str | None
    read_as: tuple[str, ...]
    spare_for: tuple[str, ...]
    size: Size | None
    newest: str
    queries: tuple[str, ...]
    pages: tuple[str, ...]
    replaced: bool = False
    wanted: tuple[str, ...] = ()
    none_by: str = ""

    @property
    def state(self) -> str:
        """In a word or two, what becomes of it."""
        if self.kind is None:
            return "Missing" if self.wanted else NOT_NEEDED
        if self.read_as:
            return "Read"
        if self.spare_for:
            return "Spare"
        return "Replaced" if self.replaced else "Not fit"


@dataclass(frozen=True)
class ColumnHealth:
    """A logical column: the SQL that reads it, or what it would need.

    `told_by` says what tells the encodings of an instant, `identity` by what a key names its rows,
    `values_read` how many of the sampled values are read, `passed_over` which other columns of the
    same name might be, and why they are not.
    """

    name: str
    type: str
    required: bool
    stored: str
    encodings: tuple[str, ...]
    needs: str
    queries: tuple[str, ...]
    told_by: str = ""
    identity: Identity | None = None
    values_read: str = ""
    passed_over: tuple[str, ...] = ()

    @property
    def named_by(self) -> str:
        """By what a key names a row of another table, and the share of the values that do."""
        if self.identity is None:
            return ""
        by = f"{self.identity.by} of {self.identity.table}"
        share = self.identity.matched
        return f"{by}, no value to try" if share is None else f"{by}, {int(100 * share)}% found"


@dataclass(frozen=True)
class LogicalHealth:
    """A logical table: the physical one that it stands on, or what it would need."""

    name: str
    physical: str | None
    has_rows: bool
    needs: str
    columns: tuple[ColumnHealth, ...]
    queries: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True)
class CostHealth:
    """A category of the cost ledger: the table that feeds it, or what it would need.

    `left_out` names the tables that see the same spend from elsewhere and are not added to it.
    """

    category: str
    source: str | None
    needs: str
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class QueryHealth:
    """A query: whether it can be answered, why not, and what it is answered without."""

    name: str
    answerable: bool
    reason: str = ""
    without: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeriodIndex:
    """A column that queries compare with the period, and the index that serves it.

    Where there is none, each such query reads the whole table; `statement` makes one.
    """

    table: str
    column: str
    size: Size
    queries: tuple[str, ...]
    index: str
    statement: str


@dataclass(frozen=True)
class Note:
    """Something about the data that is worth knowing."""

    about: str
    sentence: str


@dataclass(frozen=True)
class Suggestion:
    """A table that could hold a kind of row that was not found; nothing of it is bound.

    `place` is 1 for the best one, `score` a share of 1. `reads` says what each logical column
    would be read from, `found_by` what tells so: its spelling, words of its name, or values.
    `caution` says which rows would count, where not all do; `newest` is a day, or empty where no
    row was looked at. `mapping` are the lines of `schema.toml` that have it read.
    """

    logical: str
    about: str
    table: str
    place: int
    score: float
    reads: Mapping[str, str]
    found_by: Mapping[str, str]
    lacks: tuple[str, ...]
    caution: str
    size: Size | None
    newest: str
    pages: tuple[str, ...]
    mapping: str

    @property
    def why(self) -> str:
        """What it has: `model, cost_usd, created_at; 1,204 rows, newest today`."""
        columns = [source for source in self.reads.values() if source != "rowid"]
        rows = f"{self.size} rows" if self.size and self.size.rows is not None else ""
        newest = f"newest {self.newest}" if self.newest else ""
        known = ", ".join(filter(None, [rows, newest]))
        return "; ".join(filter(None, [", ".join(dict.fromkeys(columns)), known]))

    @property
    def percent(self) -> str:
        """How well it fits: `85%`."""
        return percent(self.score)

    @property
    def told_by(self) -> str:
        """What tells it: `5 by spelling; model by words`; spellings are many and only counted."""
        ways = {
            way: [column for column, how in self.found_by.items() if how == way]
            for way in ("words", "values")
        }
        spelt = len(self.found_by) - sum(map(len, ways.values()))
        others = [f"{', '.join(columns)} by {way}" for way, columns in ways.items() if columns]
        return "; ".join([f"{spelt} by spelling", *others])


@dataclass(frozen=True)
class Health:
    """All that was found."""

    tables: list[TableHealth]
    logical: list[LogicalHealth]
    costs: list[CostHealth]
    queries: list[QueryHealth]
    indexes: list[PeriodIndex]
    notes: list[Note]
    mapping: str
    suggestions: list[Suggestion] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    """What of the user's files, and of the budgets in the database, can't be used."""

    @property
    def missing_indexes(self) -> list[PeriodIndex]:
        """The columns that no index serves."""
        return [column for column in self.indexes if column.statement]

    @property
    def problems(self) -> int:
        """How many tables are missing, queries can't be answered, and entries can't be used."""
        missing = sum(table.physical is None for table in self.logical)
        return missing + sum(not query.answerable for query in self.queries) + len(self.faults)
