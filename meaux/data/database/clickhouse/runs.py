"""Runs: what the loader notes of its runs; see `meaux.data.warehouse.tables`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from meaux.data.database.protocol import Loaded

RUNS = "meaux_runs"
LAST = "maxIf(started, complete = 1), argMax(left, (started, ended))"
"""When the last complete run began, and what the last run has left."""

_NEVER = datetime(1971, 1, 1, tzinfo=UTC)
"""ClickHouse's maximum of no times is the start of 1970."""


def last_run(row: Sequence[Any]) -> Loaded | None:
    """Read the row of `LAST`; None if there was no run."""
    started, left = row
    at = started.replace(tzinfo=UTC)
    if at < _NEVER:
        return Loaded(None, tuple(left)) if left else None
    return Loaded(at, tuple(left))
