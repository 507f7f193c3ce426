"""Scheduling: what runs when, from `[[schedule]]` in meaux.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from meaux.data.declared import key, keys
from meaux.data.entries import UnusableError, read_all, read_keys
from meaux.data.faults import Fault
from meaux.data.readers import WEEKDAYS, one_of, text

Runs = Literal["alerts", "collect"]
RUNS: tuple[Runs, ...] = get_args(Runs)

TABLE = "schedule"
UNTIL_THEN = "It is not run until corrected."
EXAMPLES = "every 15 minutes, hourly, daily 08:00, weekdays 08:00, Mon 08:00, monthly 08:00"

BACK = (2, 26, 24 * 32, 24 * 367, 24 * 367 * 8)
"""Hours that are searched for the latest due time, one after the other."""

_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_EVERY = re.compile(r"every (\d+) (minute|hour)s?")
_AT = re.compile(rf"(daily|weekdays|monthly|(?:weekly )?({'|'.join(WEEKDAYS).lower()})) {_CLOCK}")
_OF = {"minute": 60, "hour": 24}
_DAYS = {"daily": "* * *", "weekdays": "* * 1-5", "monthly": "1 * *"}


@dataclass(frozen=True)
class Times:
    """When something runs: a cron expression, and the words that it was written in."""

    cron: str
    words: str

    def __str__(self) -> str:
        return self.words

    def latest(self, now: int, zone: str) -> int:
        """Return the latest due instant until now, in epoch seconds; 0 for none in years."""
        # Forwards, because backwards the library skips the second of two equal hours.
        for hours in BACK:
            found = CronSim(self.cron, _local(now - hours * 3600, zone))
            times = takewhile(lambda at: at <= now, (int(one.timestamp()) for one in found))
            if last := max(times, default=0):
                return last
        return 0

    def following(self, now: int, zone: str) -> int:
        """Return the next due instant after now."""
        return int(next(CronSim(self.cron, _local(now, zone))).timestamp())


def _local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))


def _times(value: Any) -> Times:
    words = " ".join(text(value).split())
    cron = _cron(words.lower()) or words
    try:
        next(CronSim(cron, datetime.now(UTC)))
    except (CronSimError, StopIteration):
        raise ValueError(
            f"{words!r} is not a time; write a cron expression, or words: {EXAMPLES}"
        ) from None
    return Times(cron, words)


def _cron(words: str) -> str:
    """Return the cron expression of plain words; empty if they are none."""
    if words == "hourly":
        return "0 * * * *"
    if found := _EVERY.fullmatch(words):
        count, unit = int(found[1]), found[2]
        if not count or _OF[unit] % count:
            raise ValueError(f"{count} doesn't divide {_OF[unit]} {unit}s evenly")
        return f"*/{count} * * * *" if unit == "minute" else f"0 */{count} * * *"
    if found := _AT.fullmatch(words):
        day, weekday, hour, minute = found.groups()
        days = f"* * {weekday}" if weekday else _DAYS[day]
        return f"{int(minute)} {int(hour)} {days}"
    return ""


@dataclass(frozen=True)
class Job:
    """Something that runs at times: `run` names it."""

    name: str = key("", text, "Name of the job, unique.")
    run: Runs | None = key(None, one_of(RUNS), "What runs: alerts (with `--deliver`) or collect.")
    at: Times | None = key(
        None,
        _times,
        f"When, in the time zone of the settings: a cron expression, or words: {EXAMPLES}.",
    )

    @property
    def times(self) -> Times:
        """When it runs; every read job has it."""
        if self.at is None:
            raise ValueError("a job without times")
        return self.at


KEYS = keys(Job)


def read_schedule(given: Mapping[str, Any], file: str) -> tuple[tuple[Job, ...], list[Fault]]:
    """Read `[[schedule]]` of a parsed file; return the valid jobs, and the mistakes."""
    return read_all(given, TABLE, _job, file, UNTIL_THEN)


def _job(given: Mapping[str, Any]) -> Job:
    job = Job(**read_keys(given, KEYS))
    for name in ("run", "at"):
        if getattr(job, name) is None:
            raise UnusableError(f"{name} is missing")
    return job
