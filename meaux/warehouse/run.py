"""Run: find the months that have changed, and load them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from meaux.data.database import Statement
from meaux.data.source import Source
from meaux.data.warehouse import MONTH, CopiedTable, Evidence, copied, copied_apart
from meaux.warehouse import months
from meaux.warehouse.columns import columns
from meaux.warehouse.reading import Reader, Rows, ahead
from meaux.warehouse.statements import Statements, digest
from meaux.warehouse.target import Loaded, Target

BATCH = 1_000_000
"""The maximum number of rows that are read by one statement; a larger month is alone."""

Progress = Callable[[str, float], None]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Due:
    """The months of a table that have changed, with how each is read, and its rows at the source.

    `gone` are loaded months that the source has no longer.
    """

    table: CopiedTable
    place: str
    recipes: Mapping[int, str]
    rows: Mapping[int, int]
    gone: tuple[int, ...] = ()

    def batches(self) -> Iterator[list[int]]:
        """Yield the months that one statement reads."""
        return months.batches(((month, self.rows[month]) for month in self.recipes), BATCH)


@dataclass
class Outcome:
    """What a run did: the months that it loaded or emptied, the rows of each table, and seconds."""

    tables: dict[str, int] = field(default_factory=dict)
    months: int = 0
    rows: int = 0
    seconds: float = 0.0


def load(
    opened: Source,
    reader: Reader,
    target: Target,
    evidence: Evidence,
    progress: Progress = lambda _label, _share: None,
) -> Outcome:
    """Load what has changed since the last run.

    `reader` reads the file of the opened source. `evidence` is what the binding was made from.
    If that lacks new rows of a table, the copy is no newer than it was.

    Raises:
        DatabaseError: The source can't be read; what was loaded before stays.
        TargetError: ClickHouse refused something; what was loaded before stays.
    """
    started, clock = reader.began, time.perf_counter()
    statements = Statements(opened.binding, opened.catalog)
    tables = copied(opened.binding) | copied_apart(opened.binding)
    target.prepare()
    places, loaded = target.places(tables.values()), target.loaded()
    outcome, due = Outcome(), []
    read: dict[Statement, Rows] = {}

    def rows(statement: Statement) -> Rows:
        """Read each statement once: several tables of the copy may have the rows of one."""
        if statement not in read:
            read[statement] = reader.rows(statement)
        return read[statement]

    for number, (name, table) in enumerate(tables.items()):
        progress(f"Comparing {table.title}", number / len(tables))
        place = places[name]
        due.append(_due(table, place, statements, rows, loaded.get(place, {})))

    def tell(left: Sequence[str]) -> None:
        now = datetime.now(UTC)
        done = [outcome.months, outcome.rows, not left]
        target.ran([started, now, evidence.source, *done, list(left)])

    _Loading(statements, reader, target, outcome, progress, tell).run(due)
    target.swap(places)
    target.finish(evidence, tables, started)
    outcome.seconds = time.perf_counter() - clock
    tell(reader.unread)
    return outcome


def _due(
    table: CopiedTable,
    place: str,
    statements: Statements,
    rows: Callable[[Statement], Rows],
    loaded: Mapping[int, Loaded],
) -> Due:
    """Compare the months of a table at the source with those that are loaded."""
    found = [
        (months.number(month), count, total)
        for month, count, total in rows(statements.signatures(table))
    ]
    if not table.time:
        found = found or [(months.UNDATED, 0, 0)]
    how = digest(statements.recipe(table), *map(rows, statements.lookups(table)))
    recipes = {month: digest(how, said) for month, said in _signatures(table, statements, found)}
    return Due(
        table,
        place,
        {
            month: recipe
            for month, recipe in recipes.items()
            if month not in loaded or loaded[month].recipe != recipe
        },
        {month: count for month, count, _ in found},
        tuple(month for month in loaded if month not in recipes),
    )


def _signatures(
    table: CopiedTable, statements: Statements, found: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield what each month's rows depend on: themselves, and for charges also later months."""
    newest_first = sorted(found, reverse=True)
    said = [(rows, total) for _, rows, total in newest_first]
    if statements.shares(table):
        said = list(accumulate(said, lambda one, other: (one[0] + other[0], one[1] + other[1])))
    return zip((month for month, _, _ in newest_first), said, strict=True)


@dataclass
class _Loading:
    """Loads what is due, and tells how far it is, and before each table what is left."""

    statements: Statements
    reader: Reader
    target: Target
    outcome: Outcome
    progress: Progress
    tell: Callable[[Sequence[str]], None]
    done: int = 0
    total: int = 0
    began: float = field(default_factory=time.perf_counter)

    def run(self, due: Sequence[Due]) -> None:
        self.total = sum(one.rows[month] for one in due for month in one.recipes)
        changed = [one for one in due if one.recipes or one.gone]
        for place, one in enumerate(changed):
            self.tell(list(dict.fromkeys(left.table.logical for left in changed[place:])))
            for batch in one.batches():
                self._load(one, {month: one.recipes[month] for month in batch})
            if one.gone:
                self.target.replace(one.place, (), dict.fromkeys(one.gone, ""), ())
                self.outcome.months += len(one.gone)

    def _load(self, one: Due, recipes: Mapping[int, str]) -> None:
        batch = sorted(recipes)
        names = [MONTH, *(column.name for column in one.table.columns)]
        blocks = self._blocks(one, batch)
        rows = self.target.replace(one.place, names, recipes, blocks)
        if rows or not one.table.kinds:
            tables, title = self.outcome.tables, one.table.title
            tables[title] = tables.get(title, 0) + rows
        self.outcome.months += len(batch)
        self.outcome.rows += rows

    def _blocks(self, one: Due, batch: list[int]) -> Iterator[Sequence[Sequence[Any]]]:
        before, size = self.done, sum(one.rows[month] for month in batch)
        for statement in self.statements.rows(one.table, batch):
            for block in ahead(self.reader.blocks(statement)):
                yield columns(one.table, block)
                self.done = min(self.done + len(block), before + size)
                self._tell(one.table.title)
        self.done = before + size
        self._tell(one.table.title)

    def _tell(self, table: str) -> None:
        share = self.done / self.total if self.total else 1.0
        left = (time.perf_counter() - self.began) * (1 - share) / share if share else 0.0
        self.progress(f"{table}: {self.done:,} of {self.total:,} rows, {_time(left)} left", share)


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004
