"""Limits: how often each caller may ask in a minute, and how many rows it may read in a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from meaux.api import problems
from meaux.data.database import Meter
from meaux.data.serving import Serving
from meaux.errors import RowsUsedUp

MINUTE = 60.0


class Limits:
    """What each caller has used; it counts for this process, from its start."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        meter: Callable[[], Meter] = Meter,
    ) -> None:
        self._clock = clock
        self._meter = meter
        self._lock = Lock()
        self._since = clock()
        self._asked: dict[str, int] = {}
        self._rows: dict[str, Meter] = {}

    def count(self, caller: str, limit: int) -> None:
        """Count a request.

        Raises:
            ProblemError: the caller has used up its requests of this minute.
        """
        with self._lock:
            now = self._clock()
            if now - self._since >= MINUTE:
                self._since, self._asked = now, {}
            self._asked[caller] = asked = self._asked.get(caller, 0) + 1
            left = self._since + MINUTE - now
        if asked > limit:
            raise problems.of_minute(limit, left)

    def rows(self, caller: str) -> Meter:
        """Return the meter of a caller's rows."""
        with self._lock:
            return self._rows.setdefault(caller, self._meter())

    def barred(self, caller: str, serving: Serving) -> RowsUsedUp | None:
        """Return why nothing may be read for a caller; None if it may."""
        limit, meter = serving.rows_per_day, self.rows(caller)
        if limit is None or meter.used < limit:
            return None
        return RowsUsedUp(limit, meter.left, of_key=True)
