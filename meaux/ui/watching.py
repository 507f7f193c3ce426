"""Watching: reads the rows of the running day again for a live page, if there may be new ones.

Each refresh first reads the number of the latest row of each table: one row of each. Only if a
number has changed, or five minutes have passed, are today's rows of the queries read that use the
table. If these are many, the next ones wait for so many intervals that no more than `ROWS_EACH`
are read per interval. Rows that are read for one session serve all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from meaux.data.database import Fetched, Outcome, Statement
from meaux.errors import DatabaseError
from meaux.query.answers import Ask
from meaux.query.today import Part, ends_of, parts_of, probe, spliced
from meaux.ui import data

ROWS_EACH = 200
"""Rows that a live page may read per interval, on average."""
SHARED = 0.9
"""The part of an interval during which another session's reading is new enough."""


@dataclass
class Watch:
    """What a session has read of the running day.

    - `checked`: when the database was asked last. `changed`: when it last had something new.
    - `resumes`: before that time, only the probe is read. `failed`: why the last refresh failed.
    - `read`: when each part was read last. `ends`: the latest rows of its tables at that time.
    """

    checked: datetime | None = None
    changed: datetime | None = None
    resumes: datetime | None = None
    failed: str = ""
    read: dict[Statement, datetime] = field(default_factory=dict)
    ends: dict[Statement, Mapping[str, object]] = field(default_factory=dict)


def refresh(watch: Watch, asks: Sequence[Ask], interval: timedelta) -> bool:
    """Read again what may have changed of some asks; return whether any rows are different."""
    opened, now = data.current_source(), datetime.now(UTC)
    parts = parts_of(asks, opened)
    tables = sorted(frozenset().union(*(part.tables for part in parts)))
    asked = probe(tables, opened)
    try:
        found = _one(data.read_since(now - interval * SHARED, [asked])) if asked else None
        ends = ends_of(tables, opened, found)
        due = [part for part in parts if _is_due(watch, part, ends, now, found)]
        watch.checked, watch.failed = now, ""
        if not due or (watch.resumes and now < watch.resumes):
            return False
        kept = {part.whole: data.cached(part.whole) for part in due}
        again = _read(due, found.at if found else now)
    except DatabaseError as error:
        watch.failed = str(error)
        return False
    spent = _rows(list(again.values())), _rows([found] if found else [])
    watch.resumes = now + interval * (_intervals(*spent) - 1)
    for part in due:
        watch.read[part.whole], watch.ends[part.whole] = now, ends
    is_new = _splice(due, kept, again)
    watch.changed = now if is_new else watch.changed
    return is_new


def _is_due(
    watch: Watch,
    part: Part,
    ends: Mapping[str, object],
    now: datetime,
    probed: Fetched | None,
) -> bool:
    """Return whether to read a part: it may have new rows, or changed ones, or reading is free."""
    before = watch.ends.get(part.whole)
    if before is None or now - watch.read[part.whole] > data.FRESH:
        return True
    if probed is None or probed.rows.meta.rows_read is None or not part.tables <= ends.keys():
        return True
    return any(before.get(table) != ends[table] for table in part.tables)


def _read(due: Sequence[Part], since: datetime) -> dict[Statement, Fetched]:
    """Return the rows of the running day, by statement."""
    statements = list(dict.fromkeys(part.part for part in due))
    outcomes = data.read_since(since, statements)
    return {s: _one([outcome]) for s, outcome in zip(statements, outcomes, strict=True)}


def _one(outcomes: Sequence[Outcome]) -> Fetched:
    [outcome] = outcomes
    if isinstance(outcome, DatabaseError):
        raise outcome.with_traceback(None)
    return outcome


def _splice(
    due: Sequence[Part],
    kept: Mapping[Statement, Fetched | None],
    again: Mapping[Statement, Fetched],
) -> bool:
    """Put the rows into the kept answers; return whether any are different."""
    made = {
        part.whole: spliced(part, before, again[part.part])
        for part in due
        if (before := kept[part.whole]) is not None
    }
    data.replace_cached(made)
    return any(one.rows.rows != before.rows.rows for s, one in made.items() if (before := kept[s]))


def _rows(found: Sequence[Fetched]) -> int:
    return sum(one.rows.meta.rows_read or 0 for one in found)


def _intervals(rows: int, probed: int) -> int:
    """Return for how many intervals some rows are enough."""
    return max(1, ceil(rows / max(1, ROWS_EACH - probed)))
