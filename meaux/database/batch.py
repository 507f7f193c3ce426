"""Batches: several statements in one call, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from meaux.database.protocol import Database, Meta, Rows, Statement
from meaux.errors import DatabaseError, QueryError


@dataclass(frozen=True)
class Fetched:
    """Rows and the moment at which they were read."""

    rows: Rows
    at: datetime


Outcome = Fetched | DatabaseError


def fetch_each(database: Database, statements: Sequence[Statement]) -> list[Outcome]:
    """All in one call; each by itself where the database refuses one of them."""
    if not statements:
        return []
    try:
        rows = database.fetch(statements)
    except QueryError as error:
        if len(statements) == 1:
            return [error]
    except DatabaseError as error:
        return [error] * len(statements)
    else:
        now = datetime.now(UTC)
        return [Fetched(one, now) for one in rows]
    return [outcome for one in statements for outcome in fetch_each(database, [one])]


def together(outcomes: Iterable[Outcome]) -> Fetched | None:
    """What several answers took together, without their rows; None where there is none."""
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
    return Fetched(Rows((), [], meta), min(one.at for one in found))
