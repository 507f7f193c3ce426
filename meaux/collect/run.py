"""Run: read each source from where its tables end, and write what is new."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from meaux.collect import fitting
from meaux.collect.fitting import Fitted
from meaux.collect.service import Service
from meaux.collect.sources.source import Account, Source
from meaux.collect.tables import Row, Table
from meaux.collect.target import Target
from meaux.data.database import Statement
from meaux.data.schema import Model
from meaux.errors import (
    DatabaseError,
    MeauxError,
    NotPermitted,
    QueryError,
    RateLimited,
    TargetError,
)
from meaux.wording import enumerated

Answer = TypeVar("Answer")
Progress = Callable[[str, float], None]

STATEMENTS = 10
"""The maximum number of statements in a call."""
SHOWN = 3
"""How many rows of a table `--dry-run` shows."""
NO_TOKEN = {
    "cloudflare": "There is no token to read Cloudflare with. Set MEAUX_COLLECT_TOKEN.",
    "openai": "There is no key to read OpenAI with. Set OPENAI_ADMIN_KEY.",
}
LONGEST_WAIT = 330.0
"""The longest pause in seconds if D1 refuses more calls."""


@dataclass
class Outcome:
    """What came of a source: rows read and written, their days, notes, and what went wrong.

    In a dry run, `written` counts the rows that would be inserted or changed, and `sample` has the
    first of them per table, as they would be stored, by column.
    """

    source: str
    read: int = 0
    written: int = 0
    first: date | None = None
    last: date | None = None
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    sample: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def took(self, days: Iterable[date]) -> None:
        """Widen the days by those of some rows."""
        known = [day for day in (self.first, self.last, *days) if day]
        self.first, self.last = min(known, default=None), max(known, default=None)


@dataclass(frozen=True)
class Run:
    """One run: what is filled, and how."""

    target: Target
    model: Model
    now: datetime
    create: bool = False
    dry: bool = False
    sleep: Callable[[float], None] = time.sleep

    def collect(self, source: Source, service: Service, account: str, outcome: Outcome) -> None:
        """Read a source and write its rows.

        Raises:
            MeauxError: The source or the database failed; what was written before stays.
        """
        tables = {table.name: self._ready(table) for table in source.tables}
        since = self._since(source, tables.values())
        for one in tables.values():
            self._refuse_sums(one, since, self._farthest(source))
        for batch in source.read(Account(service, account, outcome.notes), since, self.now):
            for name, rows in batch.items():
                self._take(tables[name], rows, outcome)
        if source.after and outcome.read and not self.dry:
            outcome.written += self._write([source.after(tables)])

    def _take(self, one: Fitted, rows: Sequence[Row], outcome: Outcome) -> None:
        outcome.read += len(rows)
        outcome.took(_day(row[one.table.day]) for row in rows if one.table.day)
        kept = one.summed(rows)
        if self.dry:
            self._compare(one, kept, outcome)
            return
        for statements in _parts(list(one.upserts(kept))):
            outcome.written += self._write(statements)

    def _compare(self, one: Fitted, rows: Sequence[Row], outcome: Outcome) -> None:
        """Count the rows that are new or differ from the stored ones, and keep the first."""
        seen = outcome.sample.setdefault(one.name, [])
        columns = [place.column for place in one.places.values()]
        changed = self._changed(one, rows)
        outcome.written += len(changed)
        seen += [dict(zip(columns, row, strict=True)) for row in changed[: SHOWN - len(seen)]]

    def _changed(self, one: Fitted, rows: Sequence[Row]) -> list[list[Any]]:
        """Return the rows, as they would be stored, that the database doesn't have like that."""
        if one.is_planned:
            return [one.stored(row) for row in rows]
        found: list[list[Any]] = []
        for statement in one.changes(rows):
            found += [json.loads(row) for (row,) in self._read(statement)]
        return found

    def _ready(self, table: Table) -> Fitted:
        """Return a table that can be filled; make it or its index first if that is allowed."""
        physical = fitting.found(table, self._patiently(self.target.catalog), self.model)
        if physical is None:
            if not self.create:
                raise TargetError(
                    f"There is no table {table.name}. Run with --create to make it, or map another."
                )
            if self.dry:
                return fitting.as_made(table)
            self._write(fitting.made(table))
            return self._ready(table)
        one = fitting.fitted(table, physical, self.model)
        if not fitting.is_keyed(one, physical):
            if not self.create:
                raise TargetError(
                    f"The table {one.name} has no unique index by which a row is found again. "
                    f"Run once with --create, or run this: {one.index}."
                )
            if not self.dry:
                self._index(one)
        return one

    def _index(self, one: Fitted) -> None:
        try:
            self._write([Statement(one.index)])
        except QueryError as refusal:
            if "unique" not in refusal.message.lower():
                raise
            columns = enumerated(one.key)
            raise TargetError(
                f"The table {one.name} has rows with the same {columns}. Remove the duplicates; "
                "then run again with --create."
            ) from None

    def _since(self, source: Source, tables: Iterable[Fitted]) -> date:
        """Return the first day to read: where the tables end, less an overlap."""
        today, farthest = self.now.astimezone(UTC).date(), self._farthest(source)
        newest = [self._newest(one) for one in tables if one.table.day]
        ends = [day for day in newest if day]
        if not ends or len(ends) < len(newest):
            return farthest
        return max(farthest, min(*ends, today) - timedelta(days=source.overlap))

    def _farthest(self, source: Source) -> date:
        return self.now.astimezone(UTC).date() - timedelta(days=source.days)

    def _refuse_sums(self, one: Fitted, since: date, farthest: date) -> None:
        """Refuse a table in which the sum of a day would stand beside its parts."""
        unsplit = None if one.is_planned else one.unsplit(since, farthest)
        if unsplit and self._read(unsplit[0]):
            raise TargetError(
                f"The table {one.name} has rows without {one.places[one.table.splits[0]].column}: "
                "each is the sum of a day, and would count twice. Delete them, then run again: "
                f"{unsplit[1]}."
            )

    def _newest(self, one: Fitted) -> date | None:
        if one.is_planned:
            return None
        [(stored,)] = self._read(one.newest())
        return one.day(stored) if stored is not None else None

    def _read(self, statement: Statement) -> list[tuple[Any, ...]]:
        return self._patiently(lambda: self.target.read(statement))

    def _write(self, statements: Sequence[Statement]) -> int:
        return self._patiently(lambda: self.target.write(statements))

    def _patiently(self, call: Callable[[], Answer]) -> Answer:
        """Call the database; if it refuses more calls, wait once for as long as it says."""
        try:
            return call()
        except RateLimited as limited:
            wait = LONGEST_WAIT if limited.retry_after is None else limited.retry_after
            if wait > LONGEST_WAIT:
                raise
        self.sleep(wait)
        return call()


def collect(
    run: Run,
    sources: Sequence[Source],
    services: Mapping[str, Service],
    account: str,
    progress: Progress = lambda _label, _share: None,
) -> list[Outcome]:
    """Collect each source; a failing source doesn't keep the others from being collected.

    If the database itself fails, the sources after it are not read.
    """
    outcomes, lost = [], ""
    for number, source in enumerate(sources):
        progress(source.name, number / len(sources))
        unset = "" if source.service in services else NO_TOKEN[source.service]
        outcomes.append(outcome := Outcome(source.name, problem=lost or unset))
        if outcome.problem:
            continue
        try:
            run.collect(source, services[source.service], account, outcome)
        except NotPermitted as refused:
            outcome.problem = f"{refused} It needs the permission {source.permission}."
        except MeauxError as error:
            outcome.problem = str(error)
            if isinstance(error, DatabaseError) and not isinstance(error, QueryError):
                lost = outcome.problem
    return outcomes


def _parts(statements: Sequence[Statement]) -> Iterator[Sequence[Statement]]:
    for start in range(0, len(statements), STATEMENTS):
        yield statements[start : start + STATEMENTS]


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at
