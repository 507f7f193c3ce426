"""Jobs in the state file: when each was last due, and what came of it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """A job as the file has it; times are epoch seconds.

    - `due`: the last time that counts as done. A new job begins with the last one before it was
      first seen, so it doesn't make up for what came before.
    - `started`: when a run began that hasn't ended; None if there is none. If nothing is at work,
      that run was killed.
    - `tries`, `next_try`, `error`: how often it has failed in a row, when it is tried again, why.
    """

    name: str
    due: int
    started: int | None = None
    ended: int | None = None
    tries: int = 0
    next_try: int | None = None
    error: str = ""


class Jobs:
    """Reads and writes the rows of jobs; a caller groups the writes into steps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, Ran]:
        """Return all known jobs by name."""
        rows = self._connection.execute(
            "SELECT name, due, started, ended, tries, next_try, error FROM jobs ORDER BY name"
        )
        return {row[0]: Ran(*row) for row in rows.fetchall()}

    def put(self, job: Ran) -> None:
        """Write a job."""
        self._connection.execute(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(job.name, job.due, job.started, job.ended),
                *(job.tries, job.next_try, job.error),
            ),
        )
