"""Rows: what a number is made of.

A source is a kind of row, such as cost entries. It has a query for a page of each of its tables,
and one for the sums of all of its rows per group. Both read the views that the number itself is
computed from, so they count the same rows with the same amounts. Rows that the number leaves out
have a kind, such as unpriced; they are counted and listed apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from meaux.data.access import Right
from meaux.data.schema import Binding
from meaux.data.schema.bound import MARKED, REFUNDED, REPEATED, SUMMED
from meaux.query import queries
from meaux.query.filters import Selection
from meaux.query.queries import Query

Groups = tuple[tuple[str, str], ...]
"""Pairs of a group's name and a value, such as project and an id; empty for rows without one."""

DAYS, LEFT = "days", "left"
"""The groups of all sources: the days as `START..END`, and the kind of the rows left out."""

SIDE = "side"
"""The group that names the part of a ratio that the rows make up."""

PARAMETERS = {
    "project": "of_project",
    "person": "of_person",
    "team": "of_team",
    "service": "of_service",
    "model": "of_service",
    "workflow": "of_service",
    "worker": "of_service",
    "bucket": "of_service",
    "billable": "of_kind",
    "outcome": "of_kind",
    "action": "of_kind",
    "state": "of_kind",
    "severity": "names",
    "step": "names",
}
"""The parameter that limits a query to values of a group."""

NAMING = {
    "project": queries.named_projects,
    "person": queries.named_people,
    "team": queries.team_choices,
}
"""The query for the names of a group: its first column is the value, and one is `name`."""

NOT_COUNTED = {
    MARKED: "marked as deleted, void, a test or a total",
    REFUNDED: "refunded, without an entry for the refund",
    REPEATED: "that repeat another",
    SUMMED: "with the sum of others",
}
"""What rows of each kind are that a table has but that no number contains."""

Apart = Mapping[str, tuple[tuple[str, str], ...]]
"""For each kind of rows that no number contains, the tables that may have some, each with it."""


@dataclass(frozen=True, eq=False)
class Source:
    """A kind of row.

    - `tables`: the query for a page of each table, by its value in the column `by`.
    - `sums`: the query for the number of rows (`lines`) and their amounts, per group. If it has a
      column `apart`, that is the kind of the rows that the number leaves out; NULL for the others.
    - `groups`: the columns by which the rows can be narrowed. `columns`: those that are shown.
    - `lacking`: for each kind of left-out rows, what they are, in words.
    - `abroad`: the query for entries in other currencies, which aren't listed.
    - `of`: the logical tables whose deleted, duplicate and subtotal rows are counted and listed.
    - `right`: what a visitor needs to see them, besides the right to files.
    """

    noun: str
    tables: Mapping[str, Query]
    sums: Query
    by: str
    groups: tuple[str, ...]
    columns: tuple[str, ...]
    lacking: Mapping[str, str] = field(default_factory=dict)
    abroad: Query | None = None
    of: tuple[str, ...] = ()
    right: Right = "files"

    @property
    def queries(self) -> tuple[Query, ...]:
        """Return every query that it may run."""
        abroad = (self.abroad,) if self.abroad else ()
        return (*self.tables.values(), self.sums, *NAMING.values(), *abroad)

    @property
    def kinds(self) -> Mapping[str, str]:
        """Return every kind of rows that are listed apart, in words."""
        return {**self.lacking, **(NOT_COUNTED if self.of else {})}

    def apart_in(self, binding: Binding) -> Apart:
        """Return the kinds of rows that the tables of a database may have but no number contains.

        The other tables of a kind have no rows.
        """
        bound = [binding.tables[name] for name in self.of if name in binding.tables]
        kinds = dict.fromkeys(kind for table in bound for kind in table.kinds_apart)
        return {kind: tuple((table.logical, kind) for table in bound) for kind in kinds}


def _same(selection: Selection) -> Selection:
    return selection


@dataclass(frozen=True, eq=False)
class Behind:
    """The rows behind a metric: its value is the sum of the column `amount`, or their number.

    - `of` limits them to some groups. Rows without a value in a group of `given` don't count.
    - `over` makes the selection that the metric is computed over from that of the page.
    - `otherwise`: the rows that it is made of if these have none in the period.
    - `note`: what else the number is made of, in a sentence.
    """

    source: Source
    amount: str = "lines"
    of: Groups = ()
    given: tuple[str, ...] = ()
    over: Callable[[Selection], Selection] = _same
    otherwise: Behind | None = None
    note: str = ""

    @property
    def sides(self) -> Mapping[str, Behind]:
        """The parts of a ratio: none, as this is a sum or a count."""
        return {}

    def side(self, _name: str | None) -> Behind:
        """Return the rows of a part of a ratio: all of them."""
        return self

    @property
    def options(self) -> Iterator[Behind]:
        """Yield these rows, and those that it is made of if these have none."""
        yield self
        if self.otherwise:
            yield from self.otherwise.options

    @property
    def sources(self) -> Iterator[Source]:
        """Yield every source that the rows may come from."""
        return (one.source for one in self.options)


@dataclass(frozen=True, eq=False)
class Ratio:
    """The rows behind a ratio: those above and below its line, by their names, in this order.

    A single side is above the line; its note says what it is divided by.
    """

    sides: Mapping[str, Behind]

    def side(self, name: str | None) -> Behind:
        """Return the rows of one of its sides, by default the first."""
        return self.sides.get(name or "") or next(iter(self.sides.values()))

    @property
    def sources(self) -> Iterator[Source]:
        """Yield every source that the rows may come from."""
        return (source for side in self.sides.values() for source in side.sources)


@dataclass(frozen=True)
class Opening:
    """The rows to open: those behind the metric of this name, in some groups."""

    metric: str
    of: Groups = ()

    def value(self, group: str) -> str | None:
        """Return the chosen value of a group; None for all or several."""
        chosen = [value for name, value in self.of if name == group]
        return chosen[0] if len(chosen) == 1 else None

    def choosing(self, group: str, value: str | None) -> Opening:
        """Return the same rows with another value of a group; None for all."""
        others = tuple(pair for pair in self.of if pair[0] != group)
        return replace(self, of=others if value is None else (*others, (group, value)))
