"""Times: when a job is due, in plain words or cron syntax, in a time zone.

The rules of daylight saving are those of Debian's cron: a time that the clock skips comes right
after the gap; a time that it repeats comes once; what is due every hour or more often comes in
every hour that passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DAYS = {
    "daily": "* * *",
    "day": "* * *",
    "weekdays": "* * 1-5",
    "weekly": "* * 1",
    "monthly": "1 * *",
    **{name: f"* * {number}" for number, name in enumerate(WEEKDAYS)},
}
"""The words for days, and their days of the month, months and weekdays in cron syntax."""
STEPS = {"minute": 60, "hour": 24}
"""How many steps of each unit make up the next larger one, which they must divide."""
MIDNIGHT = "00:00"
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
EVERY = re.compile(r"every (?:(\d+) )?(minute|hour)s?")
HELP = (
    "use words, such as “every 15 minutes”, “hourly”, “daily 08:00”, “weekdays 08:00”, "
    "“monday 07:30”, “monthly 08:00” (on its first day), or cron syntax, such as “0 8 * * 1”"
)


@dataclass(frozen=True)
class Times:
    """The times at which something is due: as written, and in cron syntax."""

    words: str
    cron: str = field(compare=False)

    def after(self, at: datetime, zone: str) -> datetime:
        """Return the first time after an instant."""
        return next(CronSim(self.cron, at.astimezone(ZoneInfo(zone))))

    def until(self, at: datetime, zone: str) -> datetime:
        """Return the last time up to an instant, itself included."""
        local = at.astimezone(ZoneInfo(zone))
        found = next(CronSim(self.cron, local, reverse=True))
        # Backwards, a time in the hour that the clock repeats is passed over.
        for following in CronSim(self.cron, found):
            if following > at:
                break
            found = following
        return found


def times(text: str) -> Times:
    """Read times from plain words or cron syntax.

    Raises:
        ValueError: it is neither; the text says what to write.
    """
    words = " ".join(text.lower().split())
    cron = _of_words(words) or words
    try:
        CronSim(cron, datetime(2026, 1, 1))  # noqa: DTZ001  only the syntax matters here
    except CronSimError:
        raise ValueError(f"{text!r} is not a time; {HELP}") from None
    return Times(words, cron)


def _of_words(words: str) -> str:
    """Return plain words in cron syntax; empty if they aren't known."""
    if words == "hourly":
        return "0 * * * *"
    if every := EVERY.fullmatch(words):
        return _every(int(every[1] or 1), every[2])
    days, _, at = re.sub(r"\b(every|on|at) ", "", words).rpartition(" ")
    if not days:
        days, at = at, MIDNIGHT
    time = TIME.fullmatch(at)
    place = DAYS.get(days) or DAYS.get(days.removesuffix("s"))
    return f"{int(time[2])} {int(time[1])} {place}" if time and place else ""


def _every(count: int, unit: str) -> str:
    """Return every so many minutes or hours in cron syntax; empty if they don't divide a day."""
    if not 0 < count <= STEPS[unit] or STEPS[unit] % count:
        return ""
    return f"*/{count} * * * *" if unit == "minute" else f"0 */{count} * * *"
