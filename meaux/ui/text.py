"""Text: words from the database, made safe for Markdown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from meaux.wording import counted, time_of

LONGEST_QUOTED = 80
"""The number of characters of a text of the URL that are shown."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~^=&@])")
_AGES = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def escaped(words: str) -> str:
    """Escape every character that has a meaning in Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


def age(at: datetime, now: datetime | None = None) -> str:
    """Write how long ago something was: `just now`, `4 minutes ago`."""
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    for size, unit in _AGES:
        if seconds >= size:
            return f"{counted(seconds // size, unit)} ago"
    return "just now"


def wall_time(at: datetime, zone: str) -> str:
    """Write a point in time in local time: `22 Nov 2026, 14:05`."""
    return time_of(at.astimezone(ZoneInfo(zone)))


def clock_time(at: datetime, zone: str, now: datetime | None = None) -> str:
    """Write a point in time in local time: `14:05:10`, and its day unless it is the current one."""
    local, today = (
        at.astimezone(ZoneInfo(zone)),
        (now or datetime.now(UTC)).astimezone(ZoneInfo(zone)),
    )
    return f"{local:%H:%M:%S}" if local.date() == today.date() else time_of(local)


def safe_url(words: object) -> str:
    """Return the URL if it is a web address, otherwise an empty text."""
    address = words.strip() if isinstance(words, str) else ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""


def explained(about: str, *origins: str) -> str:
    """Return a definition, followed by the tables that the numbers come from."""
    return " ".join([about, *map(escaped, filter(None, origins))])
