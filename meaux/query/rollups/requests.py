"""Requests: the rows of the queries of Workers' logs, added up from those of `request_sums`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from meaux.query.answers import Ask
from meaux.query.rollups.lines import Row, Rows, grouped, inside, monday, total

DAY, WORKER, BUCKET, REQUESTS, ERRORS, UNTOLD, CPU_MS, LAST_REQUEST, LINES = range(9)
"""The columns of `request_sums`."""

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
    for key, of_key in grouped(inside(entry, rows), lambda line: (first(line[DAY]), line[BUCKET])):
        counts, compared = _counts(of_key), _counts(line for line in of_key if line[DAY] < end)
        if counts[1] is not None:  # A count of nothing is only unknown if all of it is.
            compared = (compared[0], compared[1] or 0, compared[2])
        found.append((*key, *counts, *compared, sum(line[LINES] for line in of_key)))
    return found


def by_duration(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_by_duration`."""
    groups = grouped(inside(entry, rows), lambda line: (line[BUCKET],))
    return [(*key, *_counts(of_key)) for key, of_key in groups]


def by_worker(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_by_worker`."""
    groups = grouped(inside(entry, rows), lambda line: (line[WORKER], line[BUCKET]))
    return [
        (*key, *_counts(of_key), max(line[LAST_REQUEST] for line in of_key))
        for key, of_key in groups
    ]


def use(entry: Ask, rows: Rows) -> Rows:
    """Return the row of `worker_use`, or none."""
    own = inside(entry, rows)
    return [(_counts(own)[0], total(line[CPU_MS] for line in own))] if own else []


def _counts(lines: Iterable[Row]) -> tuple[int, int | None, int]:
    """The requests, failures and unknown outcomes."""
    own = list(lines)
    requests, untold = sum(line[REQUESTS] for line in own), sum(line[UNTOLD] for line in own)
    return requests, total(line[ERRORS] for line in own), untold
