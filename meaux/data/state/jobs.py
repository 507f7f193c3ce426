"""Jobs in the state file: which due time of each has been run."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """A job's last run: the time that it was due, when it ended, and its exit code."""

    name: str
    due: int
    ended: int | None = None
    code: int | None = None


class Jobs:
    """Reads and writes the rows of jobs."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, Ran]:
        """Return the last run of every job, by its name."""
        rows = self._connection.execute("SELECT name, due, ended, code FROM jobs").fetchall()
        return {row[0]: Ran(*row) for row in rows}

    def put(self, one: Ran) -> None:
        """Write the last run of a job."""
        self._connection.execute(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?)",
            (one.name, one.due, one.ended, one.code),
        )
