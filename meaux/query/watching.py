"""Watching: reads the rows of the running day again for a live page, if there may be new ones.

Each refresh first reads the number of the latest row of each table: one row of each. Only if a
number has changed, or five minutes have passed, are today's rows of the queries read that use the
table: those that were read longest ago first, and no more than `ROWS_EACH` together, by what they
cost the last time. If one costs more, the next ones wait for as many intervals as it is worth.
Rows that are read for one session serve all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Protocol

from meaux.data.database import Fetched, Outcome, Statement
from meaux.data.source import Source
from meaux.errors import DatabaseError
from meaux.query.today import Part, ends_of, probe, spliced

ROWS_EACH = 200
"""Rows that a live page may read per interval, on average."""
LATEST = timedelta(minutes=5)
"""After this time rows are read again without a sign of new ones: some may have changed."""
NEVER = datetime.min.replace(tzinfo=UTC)
SHARED = 0.9
"""The part of an interval during which another session's reading is new enough."""


@dataclass
class Watch:
    """What a session has read of the running day.

    - `checked`: when the database was asked last. `changed`: when it last had something new.
    - `resumes`: before that time, only the probe is read. `failed`: why the last refresh failed.
    - `read`: when each part was read last. `ends`: the latest rows of its tables at that time.
    - `cost`: the rows that each part read the last time.
    """

    checked: datetime | None = None
    changed: datetime | None = None
    resumes: datetime | None = None
    failed: str = ""
    read: dict[Statement, datetime] = field(default_factory=dict)
    ends: dict[Statement, Mapping[str, object]] = field(default_factory=dict)
    cost: dict[Statement, int] = field(default_factory=dict)


class Shelf(Protocol):
    """Where answers are kept, and how the database is read."""

    def read_since(self, since: datetime, statements: Sequence[Statement]) -> Sequence[Outcome]:
        """Return the outcome of each statement, read since then."""

    def cached(self, statement: Statement) -> Fetched | None:
        """Return the kept answer, whatever its age."""

    def replace_cached(self, answers: Mapping[Statement, Fetched]) -> None:
        """Keep these answers instead."""


def refresh(  # noqa: PLR0913  where from, where to, and when
    watch: Watch,
    parts: Sequence[Part],
    source: Source,
    shelf: Shelf,
    *,
    interval: timedelta,
    now: datetime,
) -> bool:
    """Read again what may have changed; return whether any rows are different."""
    tables = sorted(frozenset().union(*(part.tables for part in parts)))
    asked = probe(tables, source)
    try:
        probed = _one(shelf.read_since(now - interval * SHARED, [asked])) if asked else None
        ends = ends_of(tables, source, probed)
        watch.checked, watch.failed = now, ""
        due = [part for part in parts if _is_due(watch, part, ends, now, probed)]
        if not due or (watch.resumes and now < watch.resumes):
            return False
        kept = {part.whole: shelf.cached(part.whole) for part in due}
        due = _affordable(watch, due, kept, ROWS_EACH - _rows([probed] if probed else []))
        again = _read(shelf, due, probed.at if probed else now)
    except DatabaseError as error:
        watch.failed = str(error)
        return False
    intervals = _intervals(_rows(again.values()), _rows([probed] if probed else []))
    watch.resumes = now + interval * (intervals - 1 + SHARED)
    for part in due:
        watch.read[part.part], watch.ends[part.part] = now, ends
        watch.cost[part.part] = _rows([again[part.part]])
    made = _made(due, kept, again)
    shelf.replace_cached(made)
    is_new = any((before := kept[s]) and _differ(one, before) for s, one in made.items())
    watch.changed = now if is_new else watch.changed
    return is_new


def _affordable(
    watch: Watch, due: Sequence[Part], kept: Mapping[Statement, Fetched | None], rows: int
) -> list[Part]:
    """Return what is read now: at least one part, and then as many as these rows are enough for.

    What a part costs that was never read is estimated: the kept answer's rows read per day.
    """

    def cost(part: Part) -> int:
        if part.part in watch.cost:
            return watch.cost[part.part]
        whole = kept[part.whole]
        days = 1 if part.part == part.whole else part.ask.selection.period.days
        return _rows([whole] if whole else []) // days

    longest_ago = sorted(due, key=lambda part: watch.read.get(part.part, NEVER))
    costs = dict.fromkeys(part.part for part in longest_ago)
    left, chosen = rows, list[Statement]()
    for part in longest_ago:
        if part.part in costs and (not chosen or cost(part) <= left):
            left -= cost(part)
            chosen.append(part.part)
            del costs[part.part]
    return [part for part in due if part.part in chosen]


def _made(
    parts: Sequence[Part],
    kept: Mapping[Statement, Fetched | None],
    again: Mapping[Statement, Fetched],
) -> dict[Statement, Fetched]:
    """Return the kept answers with the rows that were read again and are newer."""
    made: dict[Statement, Fetched] = {}
    for part in parts:
        before, now = kept[part.whole], again[part.part]
        if before is not None and before.at < now.at:
            made[part.whole] = spliced(part, made.get(part.whole, before), now)
    return made


def _differ(one: Fetched, other: Fetched) -> bool:
    """Return whether two answers have different rows, in any order."""
    return Counter(map(tuple, one.rows.rows)) != Counter(map(tuple, other.rows.rows))


def _is_due(
    watch: Watch,
    part: Part,
    ends: Mapping[str, object],
    now: datetime,
    probed: Fetched | None,
) -> bool:
    """Return whether to read a part: it may have new rows, or changed ones, or reading is free."""
    before = watch.ends.get(part.part)
    if before is None or now - watch.read[part.part] > LATEST:
        return True
    if probed is None or probed.rows.meta.rows_read is None or not part.tables <= ends.keys():
        return True
    return any(before.get(table) != ends[table] for table in part.tables)


def _read(shelf: Shelf, due: Sequence[Part], since: datetime) -> dict[Statement, Fetched]:
    """Return the rows of the running day, by statement."""
    statements = list(dict.fromkeys(part.part for part in due))
    outcomes = shelf.read_since(since, statements)
    return {s: _one([outcome]) for s, outcome in zip(statements, outcomes, strict=True)}


def _one(outcomes: Sequence[Outcome]) -> Fetched:
    [outcome] = outcomes
    if isinstance(outcome, DatabaseError):
        raise outcome.with_traceback(None)
    return outcome


def _rows(found: Iterable[Fetched]) -> int:
    return sum(one.rows.meta.rows_read or 0 for one in found)


def _intervals(rows: int, probed: int) -> int:
    """Return for how many intervals some rows are enough."""
    return max(1, ceil(rows / max(1, ROWS_EACH - probed)))
