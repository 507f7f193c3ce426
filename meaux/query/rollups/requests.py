"""Requests: the rows of the queries of Workers' logs, added up from those of `request_sums`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from meaux.query.answers import Ask
from meaux.query.rollups.lines import Rows, grouped, inside, monday, total


class Line(NamedTuple):
    """A row of `request_sums`."""

    day: str
    worker: str | None
    bucket: int | None
    requests: int
    errors: int | None
    untold: int
    cpu_ms: float | None
    last_request: float
    lines: int


FIRST_DAYS: Mapping[str, Callable[[str], str]] = {
    "day": str,
    "week": monday,
    "month": lambda day: f"{day[:7]}-01",
}
"""The first day of a day's step, by granularity."""


def over_time(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_over_time`."""
    end = entry.selection.parameters()["comparable_end"]
    first = FIRST_DAYS[entry.selection.drawn_grain]
    found: Rows = []
    for key, of_key in grouped(_inside(entry, rows), lambda line: (first(line.day), line.bucket)):
        counts, compared = _counts(of_key), _counts(line for line in of_key if line.day < end)
        if counts[1] is not None:  # A count of nothing is only unknown if all of it is.
            compared = (compared[0], compared[1] or 0, compared[2])
        found.append((*key, *counts, *compared, sum(line.lines for line in of_key)))
    return found


def by_duration(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_by_duration`."""
    groups = grouped(_inside(entry, rows), lambda line: (line.bucket,))
    return [(*key, *_counts(of_key)) for key, of_key in groups]


def by_worker(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_by_worker`."""
    groups = grouped(_inside(entry, rows), lambda line: (line.worker, line.bucket))
    return [
        (*key, *_counts(of_key), max(line.last_request for line in of_key))
        for key, of_key in groups
    ]


def use(entry: Ask, rows: Rows) -> Rows:
    """Return the row of `worker_use`, or none."""
    own = _inside(entry, rows)
    return [(_counts(own)[0], total(line.cpu_ms for line in own))] if own else []


def _inside(entry: Ask, rows: Rows) -> list[Line]:
    return [Line._make(row) for row in inside(entry, rows)]


def _counts(lines: Iterable[Line]) -> tuple[int, int | None, int]:
    """The requests, failures and unknown outcomes."""
    own = list(lines)
    requests, untold = sum(line.requests for line in own), sum(line.untold for line in own)
    return requests, total(line.errors for line in own), untold
