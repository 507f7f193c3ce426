"""Text: words from the database, made safe to stand in Markdown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from meaux.wording import counted, time_of

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~^=&@])")
_LACKED = r"(?:the table [\w$]+|[\w$]+\.[\w$]+)"
_OR = re.compile(f" or {_LACKED}")
_ONE_OF = re.compile(rf"({_LACKED})((?: or {_LACKED}){{2,}})")
"""Three or more tables and columns of which any would do."""
_AGES = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def escaped(words: str) -> str:
    """The words with every character that Markdown would read as more than itself escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


def shortly(words: str) -> str:
    """The words with the first of several tables and columns that would do, and how many others.

    `the table a (or one of 2 alternatives)` for `the table a or the table b or c.d`.
    """
    return _ONE_OF.sub(
        lambda found: f"{found[1]} (or one of {len(_OR.findall(found[2]))} alternatives)", words
    )


def age(at: datetime, now: datetime | None = None) -> str:
    """How long ago something was: `just now`, `4 minutes ago`."""
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    for size, unit in _AGES:
        if seconds >= size:
            return f"{counted(seconds // size, unit)} ago"
    return "just now"


def wall_time(at: datetime, zone: str) -> str:
    """A point in time as a clock in the zone shows it: `22 Nov 2026, 14:05`."""
    return time_of(at.astimezone(ZoneInfo(zone)))


def safe_url(words: object) -> str:
    """The address if it is one of the web, else nothing: no script, no file, no data."""
    address = words.strip() if isinstance(words, str) else ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""
