"""Batches: several statements in one call, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from meaux.database.protocol import Database, Rows, Statement
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
