"""Batches: several statements in one call, with an outcome for each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meaux.data.database import deadline
from meaux.data.database.protocol import Database, Meta, Rows, Statement
from meaux.data.database.retries import ends_the_batch
from meaux.errors import DatabaseError, MissingColumn, MissingTable, QueryError


@dataclass(frozen=True)
class Fetched:
    """Rows and the time at which they were read; `before` is that of those read earlier, if any."""

    rows: Rows
    at: datetime
    before: datetime | None = None

    @property
    def oldest(self) -> datetime:
        """When the oldest of the rows were read."""
        return self.before or self.at


Outcome = Fetched | DatabaseError


def fetched(rows: Rows) -> Fetched:
    """Return an answer that has just come, with the time at which the database was read."""
    return Fetched(rows, datetime.now(UTC) - timedelta(seconds=rows.meta.age))


def fetch_each(
    database: Database,
    statements: Sequence[Statement],
    ends: Callable[[DatabaseError], bool] = ends_the_batch,
) -> list[Outcome]:
    """Fetch all statements in one call; in smaller calls if the database rejects one of them.

    The rejected statements are found by the name in the error, otherwise by halving the batch. If
    the page has no calls left, all possibly rejected statements have failed. `ends` returns whether
    a failure applies to all statements.
    """
    outcomes: dict[Statement, Outcome] = {}
    parts: deque[tuple[list[Statement], DatabaseError | None]] = deque()
    if statements:
        parts.append((list(dict.fromkeys(statements)), None))
    while parts:
        asked, refusal = parts.popleft()
        if refusal and not deadline.now().calls.left:
            outcomes |= dict.fromkeys(asked, _one_of(asked, refusal))
            continue
        try:
            rows = database.fetch(asked)
        except DatabaseError as error:
            if ends(error):
                outcomes |= dict.fromkeys(asked, error)
                outcomes |= dict.fromkeys((one for part, _ in parts for one in part), error)
                break
            meant, rest = _told_apart(asked, error)
            outcomes |= dict.fromkeys(meant, error)
            parts.extend((part, error) for part in rest if part)
        else:
            outcomes |= {s: fetched(one) for s, one in zip(asked, rows, strict=True)}
    return [outcomes[statement] for statement in statements]


def _told_apart(
    asked: list[Statement], error: DatabaseError
) -> tuple[list[Statement], list[list[Statement]]]:
    """Return the statements that an error may concern, and the smaller batches to run next."""
    named = [one for one in asked if _names(one, error)]
    rest = [one for one in asked if not _names(one, error)]
    if len(asked) == 1 or (named and isinstance(error, MissingTable)):
        return named or asked, [rest] if named else []
    if named and rest:
        return [], [rest, named]
    half = len(asked) // 2
    return [], [asked[:half], asked[half:]]


def _names(statement: Statement, error: DatabaseError) -> bool:
    """Return whether a statement contains the missing name of an error."""
    match error:
        case MissingTable():
            name, before = error.table, r"\b(from|join)\s+[\w.\"]*"
        case MissingColumn():
            name, before = error.column, ""
        case _:
            return False
    last = re.escape(name.rpartition(".")[2])
    return bool(re.search(rf"{before}(?<!\w){last}(?!\w)", statement.sql, re.IGNORECASE))


def _one_of(asked: Sequence[Statement], refusal: DatabaseError) -> DatabaseError:
    """Build the error for several statements if it is unknown which one was rejected."""
    reason = refusal.message if isinstance(refusal, QueryError) else str(refusal)
    if len(asked) == 1:
        return refusal
    return QueryError(
        reason,
        f"The database rejected one of {len(asked)} queries: {reason.rstrip('.')}. "
        "Try again in a moment.",
    )


def together(outcomes: Iterable[Outcome]) -> Fetched | None:
    """Return the total cost of several answers, without their rows; None if there is none."""
    found = [outcome for outcome in outcomes if isinstance(outcome, Fetched)]
    if not found:
        return None
    metas = [one.rows.meta for one in found]
    counts = [meta.rows_read for meta in metas if meta.rows_read is not None]
    meta = Meta(
        sum(counts) if counts else None,
        sum(meta.duration_ms for meta in metas),
        metas[0].served_by,
    )
    oldest = min(one.oldest for one in found)
    return Fetched(Rows((), [], meta), min(one.at for one in found), oldest)
