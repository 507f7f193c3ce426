"""Findings about a database: its tables, columns, costs, queries and indexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from meaux.data.faults import Fault
from meaux.data.schema import Size
from meaux.data.schema.identity import Identity
from meaux.wording import percent

UNUSABLE = "Unusable"
"""The state of a table that lacks a required column or can't be read."""

NOT_NEEDED = "Not needed"
"""The state of a missing table if other tables have all of its data."""


@dataclass(frozen=True)
class TableHealth:
    """A table that the dashboard can read.

    - `read_as`: the logical tables mapped to it. `spare_for`: those that it is an alternative for.
    - `kind`, `size`: None if the table is missing. `newest`: a local time, or empty.
    - `replaced`: whether a mapping uses other tables instead.
    - `wanted`: the unmapped logical tables that it could serve; if the table isn't in use,
      `queries` and `pages` are theirs.
    - `none_by`: the columns that mark a row as deleted, void or a subtotal.
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
        """The state of the table in a word or two."""
        if self.kind is None:
            return "Missing" if self.wanted else NOT_NEEDED
        if self.read_as:
            return "In use"
        if self.spare_for:
            return "Alternative"
        return "Replaced" if self.replaced else UNUSABLE


@dataclass(frozen=True)
class ColumnHealth:
    """A logical column: the SQL that reads it, or what it needs.

    - `told_by`: how the encoding of a timestamp was detected.
    - `identity`: how a foreign key is matched.
    - `values_read`: how many sampled values are readable.
    - `passed_over`: columns with a known name that aren't used, with the reasons.
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
        """The column that a foreign key is matched by, and the share of sampled values matched."""
        if self.identity is None:
            return ""
        by = f"{self.identity.table}.{self.identity.by}"
        share = self.identity.matched
        return f"{by}, no values sampled" if share is None else f"{by}, {int(100 * share)}% matched"


@dataclass(frozen=True)
class LogicalHealth:
    """A logical table: the physical table that it is mapped to, or what it needs."""

    name: str
    physical: str | None
    has_rows: bool
    needs: str
    columns: tuple[ColumnHealth, ...]
    queries: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True)
class CostHealth:
    """A cost category: the table that feeds it, or what it needs.

    `left_out` names other tables that record the same spend; they are not added.
    """

    category: str
    source: str | None
    needs: str
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class QueryHealth:
    """A query: whether it can be answered, the reason if not, and what is missing if it can."""

    name: str
    answerable: bool
    reason: str = ""
    without: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeriodIndex:
    """A date column used by the period filter, and its index.

    Without an index, each query scans the whole table; `statement` creates one.
    """

    table: str
    column: str
    size: Size
    queries: tuple[str, ...]
    index: str
    statement: str


@dataclass(frozen=True)
class Note:
    """A data quality issue to know about."""

    about: str
    sentence: str


@dataclass(frozen=True)
class Suggestion:
    """A table that could fill an unmapped logical table; it isn't used until it is mapped.

    - `place`: 1 for the best one. `score`: a share of 1.
    - `reads`: the source of each logical column. `found_by`: how it was found: by its exact name,
      by words of its name, or by values.
    - `caution`: which rows would count, if not all do.
    - `newest`: a day, or empty if no row was sampled.
    - `mapping`: the lines for `schema.toml`.
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
        """Its columns and rows: `model, cost_usd, created_at; 1,204 rows, newest today`."""
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
        """How its columns were found: `5 by exact name; model by words`."""
        ways = {
            way: [column for column, how in self.found_by.items() if how == way]
            for way in ("words", "values")
        }
        spelt = len(self.found_by) - sum(map(len, ways.values()))
        others = [f"{', '.join(columns)} by {way}" for way, columns in ways.items() if columns]
        return "; ".join([f"{spelt} by exact name", *others])


@dataclass(frozen=True)
class Health:
    """All findings about a database."""

    tables: list[TableHealth]
    logical: list[LogicalHealth]
    costs: list[CostHealth]
    queries: list[QueryHealth]
    indexes: list[PeriodIndex]
    notes: list[Note]
    mapping: str
    suggestions: list[Suggestion] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    """Invalid entries of the user's files, and invalid budgets in the database."""

    @property
    def missing_indexes(self) -> list[PeriodIndex]:
        """The date columns without an index."""
        return [column for column in self.indexes if column.statement]

    @property
    def problems(self) -> int:
        """The number of missing tables, unanswerable queries and invalid entries."""
        missing = sum(table.physical is None for table in self.logical)
        return missing + sum(not query.answerable for query in self.queries) + len(self.faults)
