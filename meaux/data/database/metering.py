"""Metering: the rows that a database has read today, and the limit after which it reads no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from meaux.data.database.protocol import Database, Rows, Statement
from meaux.errors import RowsUsedUp


class Meter:
    """The rows read on the current day in UTC, on which D1's own limit starts anew too.

    It counts for this process, from its start. A call that has begun is counted when it ends, so
    calls at the same time can exceed a limit by their own rows.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = Lock()
        self._day = date.min
        self._used = 0

    @property
    def used(self) -> int:
        """Rows read today."""
        with self._lock:
            return self._used if self._day == self._clock().date() else 0

    def add(self, rows: int) -> None:
        """Count some rows."""
        with self._lock:
            today = self._clock().date()
            self._used = rows + (self._used if self._day == today else 0)
            self._day = today

    def check(self, limit: int | None) -> None:
        """Do nothing while rows are left.

        Raises:
            RowsUsedUp: the limit is reached.
        """
        if limit is not None and self.used >= limit:
            raise RowsUsedUp(limit, self.left)

    @property
    def left(self) -> float:
        """Seconds until 00:00 UTC."""
        now = self._clock()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        return (midnight - now).total_seconds()


ROWS = Meter()
"""The rows that this process has read today."""


@dataclass(frozen=True)
class Metered:
    """A database whose rows are counted, and which isn't read once the day's rows are used up."""

    inside: Database
    limit: int | None = None
    meter: Meter = ROWS

    @property
    def name(self) -> str:
        """The same as that of the database."""
        return self.inside.name

    @property
    def title(self) -> str:
        """The same as that of the database."""
        return self.inside.title

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Fetch from the database, and count the rows that it read.

        Raises:
            RowsUsedUp: the day's rows are used up.
        """
        self.meter.check(self.limit)
        found = self.inside.fetch(statements)
        self.meter.add(sum(one.meta.rows_read or 0 for one in found))
        return found
