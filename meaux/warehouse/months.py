"""Months: the parts in which a table is loaded, as numbers such as 202611; 0 has no time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from meaux.query.filters import Period

UNDATED = 0
"""The month of rows without a time, and of all rows of a table that is loaded as a whole."""

MOST = 60
"""The maximum number of months that are loaded together: ClickHouse takes 100 in a block."""

EVER = Period(date(1973, 1, 1), date(2100, 1, 1))
"""A period with every time that can be read."""


def number(day: str | None) -> int:
    """Return the month of a day such as `2026-11-22`, or of `2026-11`."""
    return int(day[:4]) * 100 + int(day[5:7]) if day else UNDATED


def period(first: int, last: int) -> Period:
    """Return the days from the first month to the last one."""
    return Period(_start(first), _start(_after(last)))


def _start(month: int) -> date:
    return date(month // 100, month % 100, 1)


def _after(month: int) -> int:
    return month + 1 if month % 100 < 12 else month + 89  # noqa: PLR2004  December


def batches(rows: Iterable[tuple[int, int]], most: int) -> Iterator[list[int]]:
    """Yield runs of neighbouring months that have at most so many rows together.

    `rows` are the months with their numbers of rows. A larger month is alone, and so is the one
    without a time. A month that is missing in between ends a run.
    """
    batch: list[int] = []
    total = 0
    for month, count in sorted(rows):
        is_next = bool(batch) and batch[-1] != UNDATED and month == _after(batch[-1])
        if batch and not (is_next and total + count <= most and len(batch) < MOST):
            yield batch
            batch, total = [], 0
        batch.append(month)
        total += count
    if batch:
        yield batch
