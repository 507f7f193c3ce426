"""Notifying: who is told of which alerts, and when, from `[[notify]]` in meaux.toml.

An address is a secret, so meaux.toml has only the key of the address in `[notify]` of secrets.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal, get_args

from meaux.data.declared import key, keys
from meaux.data.entries import UnusableError, read_all, read_keys
from meaux.data.faults import Fault
from meaux.data.readers import WEEKDAYS, flag, list_of, one_of, text

Severity = Literal["Critical", "Error", "Warning", "Info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The most severe first."""

TABLE = "notify"
MOST_DAYS = 365
UNTIL_THEN = "Nobody is told through this entry until it is corrected."

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DAILY = re.compile(r"daily\s+(\S+)", re.IGNORECASE)


def _name(value: Any) -> str:
    if "://" in (name := text(value)):
        raise ValueError("this looks like an address; choose a name")
    return name


def address_key(value: Any) -> str:
    """Read the key of an address."""
    word = text(value)
    if "://" in word or "@" in word:
        raise ValueError(
            "an address is a secret; write it under [notify] in secrets.toml, and its key here"
        )
    if not _KEY.fullmatch(word):
        raise ValueError("it is not a key; use lower-case letters, digits and _, e.g. ops_slack")
    return word


def _clock(word: str) -> time:
    found = _CLOCK.fullmatch(word.strip())
    if not found:
        raise ValueError(f"{word!r} is not a time of day; write it as 08:00")
    return time(int(found[1]), int(found[2]))


def _quiet(value: Any) -> tuple[time, time]:
    first, dash, last = text(value).replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        raise ValueError(f"{value!r} is not a range of hours; write it as 22:00-07:00")
    start, end = _clock(first), _clock(last)
    if start == end:
        raise ValueError("quiet hours must end at another time than they begin")
    return start, end


def _digest(value: Any) -> time | None:
    word = text(value)
    if word.lower() == "at once":
        return None
    found = _DAILY.fullmatch(word)
    if not found:
        raise ValueError(f"{value!r} is unknown; write at once, or daily and a time: daily 08:00")
    return _clock(found[1])


def _days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DAYS:
        raise ValueError(f"{value!r} is not a whole number of days; 0 means never, 1 every day")
    return value


@dataclass(frozen=True)
class Notify:
    """A destination: its name, the alerts that it gets, and when.

    `address` is the key of its address. `quiet` are the times of day at which quiet hours begin and
    end; `digest` is the time of day at which all alerts are sent together, None for at once.
    """

    name: str = key("", _name, "Name of the destination, as messages and pages show it.")
    address: str = key(
        "",
        address_key,
        "Key of its address under `[notify]` in secrets.toml; the variable `MEAUX_NOTIFY_` and the "
        "key in upper case comes first. The address is an Apprise URL.",
    )
    rules: tuple[str, ...] = key(
        (),
        list_of(text, "rules"),
        "Names of the rules whose alerts it gets; `recorded` for those recorded in the database, "
        "`not checked` for a database that can't be read; without this key, all.",
    )
    severity: Severity = key(
        "Warning",
        one_of(SEVERITIES),
        "Lowest severity that it gets: Critical, Error, Warning or Info.",
    )
    teams: tuple[str, ...] = key(
        (),
        list_of(text, "teams"),
        "Names or IDs of teams: only alerts about them and their projects; without `teams` and "
        "`projects`, all alerts.",
    )
    projects: tuple[str, ...] = key(
        (), list_of(text, "projects"), "Names or IDs of projects: only alerts about them."
    )
    quiet: tuple[time, time] | None = key(
        None,
        _quiet,
        "Quiet hours in the time zone of the settings, e.g. 22:00-07:00: alerts wait until they "
        "end.",
    )
    quiet_days: tuple[str, ...] = key(
        (), list_of(one_of(WEEKDAYS), "weekdays"), "Days on which alerts wait, e.g. Sat and Sun."
    )
    critical_at_once: bool = key(
        default=False,
        read=flag,
        description="Whether critical alerts wait for neither quiet hours nor the digest.",
    )
    digest: time | None = key(
        None, _digest, "When alerts are sent: at once (the default), or daily 08:00 in one message."
    )
    repeat_days: int = key(
        1, _days, "Number of days after which a lasting alert is sent again; 0 for never."
    )
    resolved: bool = key(
        default=True, read=flag, description="Whether it is told that an alert has ended."
    )


KEYS = keys(Notify)


def read_notify(given: Mapping[str, Any], file: str) -> tuple[tuple[Notify, ...], list[Fault]]:
    """Read `[[notify]]` of a parsed file; return the valid entries, and the mistakes."""
    return read_all(given, TABLE, _entry, file, UNTIL_THEN)


def _entry(given: Mapping[str, Any]) -> Notify:
    one = Notify(**read_keys(given, KEYS))
    if not one.address:
        raise UnusableError("address is missing; name a key of [notify] in secrets.toml")
    return one
