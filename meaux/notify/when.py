"""When: the instants at which a destination may be told, in the zone of the settings.

Times of day become instants before they are compared, so that an hour that a zone skips or repeats
is passed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meaux.data.notifying import Notify
from meaux.data.readers import WEEKDAYS

DAY = timedelta(days=1)
SLACK = 600
"""Seconds by which a repeat may be early: a scheduler isn't exact, and would else skip a day."""
FIRST = 7_200
"""Seconds after the time of a digest in which a new destination still gets that of today."""
MOST_STEPS = 20
"""Of quiet hours that follow each other: a week of quiet days, and the hours between."""


def due(
    entry: Notify, now: int, zone: str, *, before: int | None = None, is_critical: bool = False
) -> int:
    """Return from when on a destination may be told of something that is found now.

    `before` is when the destination was last looked at. A digest is due in the first run after its
    time of day.
    """
    if entry.critical_at_once and is_critical:
        return now
    return after_quiet(entry, _digest(entry, now, zone, before), zone)


def _digest(entry: Notify, now: int, zone: str, before: int | None) -> int:
    if entry.digest is None:
        return now
    today = local(now, zone).date()
    times = [instant(today + n * DAY, entry.digest, zone) for n in (-1, 0, 1, 2)]
    last = max(at for at in times if at <= now)
    is_open = last > before if before is not None else now - last <= FIRST
    return now if is_open else min(at for at in times if at > now)


def after_quiet(entry: Notify, at: int, zone: str) -> int:
    """Return an instant, or else the end of the quiet hours in which it is."""
    for _ in range(MOST_STEPS):
        ends = [end for start, end in _quiet_around(entry, at, zone) if start <= at < end]
        if not ends:
            return at
        at = max(ends)
    return at


def _quiet_around(entry: Notify, at: int, zone: str) -> Iterator[tuple[int, int]]:
    today = local(at, zone).date()
    for day in (today - DAY, today):
        if entry.quiet:
            start, end = entry.quiet
            last = day if start < end else day + DAY
            yield instant(day, start, zone), instant(last, end, zone)
        if WEEKDAYS[day.weekday()] in entry.quiet_days:
            yield instant(day, time.min, zone), instant(day + DAY, time.min, zone)


def repeats_from(entry: Notify, first: int, last: int, zone: str) -> int | None:
    """Return from when on a lasting alert is told again; None for never.

    That is at the time of day of the digest or of its first message, on a later day than its last
    one.
    """
    if not entry.repeat_days:
        return None
    day = local(last, zone).date() + entry.repeat_days * DAY
    return instant(day, entry.digest or local(first, zone).time(), zone) - SLACK


def instant(day: date, at: time, zone: str) -> int:
    """Return a local time as epoch seconds: of a repeated hour the first, after a skipped one."""
    local = datetime.combine(day, at.replace(microsecond=0, fold=0), ZoneInfo(zone))
    return int(local.timestamp())


def local(at: int, zone: str) -> datetime:
    """Return an instant as local time."""
    return datetime.fromtimestamp(at, ZoneInfo(zone))
