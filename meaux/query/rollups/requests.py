"""Requests: the rows of the queries of Workers' logs, added up from those of `request_sums`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from meaux.query.answers import Ask
from meaux.query.rollups.lines import Key, Row, Rows, inside, monday, summed

(
    DAY,
    SOURCE,
    WORKER,
    BUCKET,
    REQUESTS,
    TIMED,
    ERRORS,
    UNTOLD,
    CPU_MS,
    LAST_REQUEST,
    LINES,
    DURATIONS,
) = range(12)
"""The columns of `request_sums`."""
COUNTS = (REQUESTS, TIMED, ERRORS, UNTOLD)

_PACKED = re.compile(r"(\d+)\{([^{}]*)\}")
_COUNT = re.compile(r"(-?\d+):(\d+)(?![^,])")
_BUCKETS = range(-178, 1_001)
"""The buckets that are read, as in `tracked_duration`."""

FIRST_DAYS: Mapping[str, Callable[[str], str]] = {
    "day": str,
    "week": monday,
    "month": lambda day: f"{day[:7]}-01",
}
"""The first day of a day's step, by granularity."""


def over_time(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_over_time`."""
    end = entry.selection.parameters()["comparable_end"]
    first, own = FIRST_DAYS[entry.selection.drawn_grain], _unpacked(entry, rows)

    def key(row: Row) -> Key:
        return first(row[DAY]), row[SOURCE], row[BUCKET]

    compared = summed((row for row in own if row[DAY] < end), key, *COUNTS)
    days: dict[Key, list[str]] = {}
    for row in own:
        days.setdefault(key(row), []).append(row[DAY])
    found: Rows = []
    for of, (*counts, lines) in summed(own, key, *COUNTS, LINES).items():
        requests, timed, errors, untold = compared.get(of, (0, 0, None, 0))
        if counts[2] is not None:  # Failures are unknown only if all of the key's are.
            errors = errors or 0
        ends = min(days[of]), max(days[of])
        found.append((*of, *counts, requests, timed, errors, untold, lines, *ends))
    return found


def by_duration(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_by_duration`."""
    counted = summed(_unpacked(entry, rows), lambda row: (row[SOURCE], row[BUCKET]), *COUNTS)
    return [(*key, *counts) for key, counts in counted.items()]


def by_worker(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_by_worker`."""
    own = _unpacked(entry, rows)
    last: dict[Key, float] = {}
    for row in own:
        if row[LAST_REQUEST] is not None:
            key = _worker(row)
            last[key] = max(last.get(key, row[LAST_REQUEST]), row[LAST_REQUEST])
    counted = summed(own, _worker, *COUNTS)
    return [(*key, *counts, last.get(key)) for key, counts in counted.items()]


def by_worker_day(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of `requests_by_worker_day`."""
    counted = summed(
        inside(entry, rows), lambda row: (row[DAY], row[WORKER]), REQUESTS, ERRORS, UNTOLD
    )
    return [(*key, *sums) for key, sums in counted.items()]


def _worker(row: Row) -> Key:
    return row[WORKER], row[SOURCE], row[BUCKET]


def use(entry: Ask, rows: Rows) -> Rows:
    """Return the row of `worker_use`, or none."""
    counted = summed(inside(entry, rows), lambda _: (), REQUESTS, CPU_MS)
    return [tuple(sums) for sums in counted.values()]


def _unpacked(entry: Ask, rows: Rows) -> Rows:
    """Return the rows of an ask's days; packed durations are in rows of their own."""
    own = inside(entry, rows)
    return [*own, *(line for row in own if row[DURATIONS] for line in _durations(row))]


def _durations(row: Row) -> Iterator[Row]:
    """Yield a row per bucket of a row's durations; only its `timed` is not zero."""
    counts: Counter[int] = Counter()
    for requests, packed in _PACKED.findall(row[DURATIONS]):
        most = int(requests)
        for bucket, told in _COUNT.findall(packed):
            if int(bucket) in _BUCKETS and 1 <= (count := int(told)) <= most:
                counts[int(bucket)] += count
    for bucket, count in counts.items():
        of = row[DAY], row[SOURCE], row[WORKER], bucket
        yield (*of, 0, count, None, 0, None, None, 0, None)
