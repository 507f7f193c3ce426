"""Time zones: when local days begin, and the UTC offsets between two instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from meaux.query.filters.period import Period

STEP = 7 * 24 * 3600
"""Offsets are sampled weekly: no zone changes and changes back within a week twice a year."""


@dataclass(frozen=True)
class Offset:
    """Seconds to add to UTC for local time, up to the instant `until` (None: from then on)."""

    seconds: int
    until: int | None


def bounds(period: Period, zone: str) -> tuple[int, int]:
    """Return the instants, in epoch seconds, at which the period starts and ends in `zone`."""
    return midnight(period.start, zone), midnight(period.end, zone)


def midnight(day: date, zone: str) -> int:
    """Return the instant at which a local day begins, in epoch seconds."""
    return int(datetime.combine(day, time.min, ZoneInfo(zone)).timestamp())


@lru_cache(maxsize=256)
def offsets(period: Period, zone: str) -> tuple[Offset, ...]:
    """Return the offsets within the period, oldest first."""
    start, end = bounds(period, zone)
    found: list[Offset] = []
    at, before = start, _offset(start, zone)
    while at < end:
        later = min(at + STEP, end)
        after = _offset(later, zone)
        if after != before:
            found.append(Offset(before, _transition(at, later, zone)))
        at, before = later, after
    return (*found, Offset(before, None))


def _offset(instant: int, zone: str) -> int:
    shift = datetime.fromtimestamp(instant, ZoneInfo(zone)).utcoffset()
    return int(shift.total_seconds()) if shift else 0


def _transition(low: int, high: int, zone: str) -> int:
    before = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high
