"""Alerts in the state file: findings, their deliveries, and how the destinations fare."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import scrypt
from typing import Any, Literal
from zoneinfo import ZoneInfo

from meaux.data.notifying import Severity
from meaux.data.settings import Secret
from meaux.wording import counted, time_of

State = Literal["to send", "sending", "sent", "failed"]
Kind = Literal["opened", "worse", "repeated", "resolved"]
Kept = Literal["snoozed", "acknowledged"]

KEPT = 90 * 86_400
"""Seconds for which an ended finding is kept."""
_COST = 2**14
"""Of scrypt: some 50 ms, so that nobody guesses a password of an address from its hash."""


@dataclass(frozen=True)
class Held:
    """A finding as the file has it; times are epoch seconds, `closed` is None while it lasts."""

    id: int
    key: str
    rule: str
    severity: Severity
    sentence: str
    advice: str
    page: str
    lasting: bool
    opened: int
    seen: int
    closed: int | None = None


@dataclass(frozen=True)
class Delivery:
    """The message about a finding to a destination, and what was told before.

    - `due`: when it may be sent. `maybe`: whether it may have been sent already.
    - `first_sent`, `sent`: the first and the last message; `told`: the severity in the last one.
    """

    finding: int
    destination: str
    state: State
    kind: Kind
    due: int
    maybe: bool = False
    first_sent: int | None = None
    sent: int | None = None
    told: str = ""

    @property
    def waits(self) -> bool:
        """Whether there is a message to send."""
        return self.state != "sent"


@dataclass(frozen=True)
class Health:
    """How a destination fares: without `failing_since`, its last message arrived."""

    id: str
    name: str
    tries: int = 0
    failing_since: int | None = None
    next_try: int | None = None
    error: str = ""
    sent: int | None = None
    looked_at: int | None = None

    def failure(self, zone: str) -> str:
        """Say since when it has failed, and why; empty if it is well."""
        if self.failing_since is None:
            return ""
        again = _clock(self.next_try or self.failing_since, zone)
        return (
            f"{self.name} has failed since {_clock(self.failing_since, zone)} ({self.error}; "
            f"{counted(self.tries, 'try')}). The next try is after {again}."
        )


@dataclass(frozen=True)
class Pause:
    """A finding that somebody snoozed or acknowledged; without `until`, as long as it lasts."""

    key: str
    kind: Kept
    who: str
    at: int
    until: int | None = None


class Alerts:
    """Reads and writes the rows of alerts; a caller groups the writes into steps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def hash_of(self, address: Secret) -> str:
        """Return the hash by which the file knows a destination."""
        [(salt,)] = self._rows("SELECT value FROM salt")
        return _hash(address, salt)

    def open_findings(self) -> list[Held]:
        """Return the findings that last."""
        return self._held("closed IS NULL")

    def findings(self, ids: Iterable[int]) -> dict[int, Held]:
        """Return some findings by their IDs, also ended ones."""
        wanted = set(ids)
        return {one.id: one for one in self._held("1") if one.id in wanted}

    def past(self) -> list[Held]:
        """Return the ended findings, the latest first."""
        return self._held("closed IS NOT NULL ORDER BY closed DESC, id DESC")

    def ended_since(self, at: int) -> list[Held]:
        """Return the findings that ended after an instant, the latest last."""
        return [one for one in reversed(self.past()) if (one.closed or 0) > at]

    def _held(self, where: str) -> list[Held]:
        rows = self._rows(
            "SELECT id, key, rule, severity, sentence, advice, page, lasting, opened, seen, closed "
            f"FROM findings WHERE {where}"
        )
        return [_finding(*row) for row in rows]

    def add(self, finding: Held) -> int:
        """Write a new finding; return its ID."""
        found = self._connection.execute(
            "INSERT INTO findings (key, rule, severity, sentence, advice, page, lasting, opened, "
            "seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(finding.key, finding.rule, finding.severity, finding.sentence, finding.advice),
                *(finding.page, finding.lasting, finding.opened, finding.seen),
            ),
        )
        return int(found.lastrowid or 0)

    def change(self, finding: Held) -> None:
        """Write the current state of a finding."""
        self._connection.execute(
            "UPDATE findings SET rule = ?, severity = ?, sentence = ?, advice = ?, page = ?, "
            "seen = ?, closed = ? WHERE id = ?",
            (
                *(finding.rule, finding.severity, finding.sentence, finding.advice, finding.page),
                *(finding.seen, finding.closed, finding.id),
            ),
        )

    def deliveries(self) -> list[Delivery]:
        """Return the deliveries of findings that last, and those that wait."""
        rows = self._rows(
            "SELECT finding, destination, state, kind, due, maybe, first_sent, sent, told "
            "FROM deliveries WHERE state <> 'sent' "
            "OR finding IN (SELECT id FROM findings WHERE closed IS NULL)"
        )
        return [_delivery(row) for row in rows]

    def deliveries_of(self, finding: int) -> list[Delivery]:
        """Return the deliveries of a finding."""
        rows = self._rows(
            "SELECT finding, destination, state, kind, due, maybe, first_sent, sent, told "
            "FROM deliveries WHERE finding = ?",
            finding,
        )
        return [_delivery(row) for row in rows]

    def put(self, deliveries: Iterable[Delivery]) -> None:
        """Write deliveries, in place of earlier ones of the same finding and destination."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(one.finding, one.destination, one.state, one.kind, one.due),
                    *(one.maybe, one.first_sent, one.sent, one.told),
                )
                for one in deliveries
            ),
        )

    def drop(self, deliveries: Iterable[Delivery]) -> None:
        """Remove deliveries that nobody has to be told of any more."""
        self._connection.executemany(
            "DELETE FROM deliveries WHERE finding = ? AND destination = ?",
            ((one.finding, one.destination) for one in deliveries),
        )

    def forget(self, now: int) -> None:
        """Remove what ended long ago."""
        self._connection.execute("DELETE FROM findings WHERE closed < ?", (now - KEPT,))
        self._connection.execute("DELETE FROM pauses WHERE until < ?", (now,))

    def destinations(self) -> list[Health]:
        """Return how every known destination fares."""
        rows = self._rows(
            "SELECT id, name, tries, failing_since, next_try, error, sent, looked_at "
            "FROM destinations ORDER BY name, id"
        )
        return [Health(*row) for row in rows]

    def put_destination(self, one: Health) -> None:
        """Write how a destination fares."""
        self._connection.execute(
            "INSERT OR REPLACE INTO destinations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(one.id, one.name, one.tries, one.failing_since),
                *(one.next_try, one.error, one.sent, one.looked_at),
            ),
        )

    def pauses(self) -> dict[str, Pause]:
        """Return what somebody snoozed or acknowledged, by the key of the finding."""
        rows = self._rows("SELECT key, kind, who, at, until FROM pauses")
        return {row[0]: Pause(*row) for row in rows}

    def pause(self, one: Pause) -> None:
        """Write that somebody snoozed or acknowledged a finding."""
        self._connection.execute(
            "INSERT OR REPLACE INTO pauses VALUES (?, ?, ?, ?, ?)",
            (one.key, one.kind, one.who, one.at, one.until),
        )

    def resume(self, keys: Iterable[str]) -> None:
        """Remove what somebody snoozed or acknowledged."""
        self._connection.executemany("DELETE FROM pauses WHERE key = ?", ((key,) for key in keys))

    def _rows(self, sql: str, *values: object) -> Iterator[Any]:
        return iter(self._connection.execute(sql, values).fetchall())


def _clock(at: int, zone: str) -> str:
    return time_of(datetime.fromtimestamp(at, ZoneInfo(zone)))


@lru_cache(maxsize=128)
def _hash(address: Secret, salt: bytes) -> str:
    secret = address.reveal().encode("utf-8", "surrogateescape")
    return scrypt(secret, salt=salt, n=_COST, r=8, p=1, dklen=16).hex()


def _finding(*row: Any) -> Held:
    *start, lasting, opened, seen, closed = row
    return Held(*start, bool(lasting), opened, seen, closed)  # type: ignore[call-arg]


def _delivery(row: Any) -> Delivery:
    finding, destination, state, kind, due, maybe, *rest = row
    return Delivery(finding, destination, state, kind, due, bool(maybe), *rest)
