"""A source: which tables it fills, which permission it needs, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from meaux.collect.fitting import Fitted
from meaux.collect.service import Service
from meaux.collect.tables import Row, Table
from meaux.data.collecting import SourceName
from meaux.data.database import Statement

LARGEST = 2.0**53
"""Larger numbers are mistakes: JSON can't carry all of their digits."""

ServiceName = Literal["cloudflare", "openai"]

Batch = Mapping[str, Sequence[Row]]
"""Rows by the name of their table."""


@dataclass(frozen=True)
class Account:
    """A service, the account there to read, and notes for whoever runs the command."""

    service: Service
    id: str
    notes: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The start of the account's paths in Cloudflare's API."""
        return f"/accounts/{self.id}"


@dataclass(frozen=True)
class Source:
    """A source of rows.

    - `permission`: what the token needs, by the name that the service gives it.
    - `days`: how far back the service goes.
    - `overlap`: the number of days before the newest row that are read again, as they may change.
    - `read`: yields batches from a day up to now, the oldest rows first: what is stored is then
      complete up to the newest row, wherever a run was stopped.
    - `after`: builds a statement that sums up what is stored.
    """

    name: SourceName
    service: ServiceName
    permission: str
    tables: tuple[Table, ...]
    read: Callable[[Account, date, datetime], Iterator[Batch]]
    days: int = 0
    overlap: int = 2
    after: Callable[[Mapping[str, Fitted]], Statement] | None = None


def instant(account: Account, told: Any) -> datetime:
    """Read a time with a zone; raise a ServiceError for anything else."""
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        raise account.service.unreadable(f"{str(told)[:40]!r} is not a time") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def number(account: Account, told: Any) -> float | None:
    """Read a number, also one written as text; None for a missing one."""
    if told is None:
        return None
    with suppress(ValueError):
        found = float(told) if isinstance(told, str) else told
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        if is_number and abs(found) < LARGEST:
            return found
    raise account.service.unreadable(f"{str(told)[:40]!r} is not a number")


def needed(account: Account, told: Any) -> float:
    """Read a number; raise a ServiceError for a missing one, which is not zero."""
    found = number(account, told)
    if found is None:
        raise account.service.unreadable("a number is missing")
    return found


def listed(account: Account, told: Any) -> list[dict[str, Any]]:
    """Read a list of objects; raise a ServiceError for anything else."""
    if isinstance(told, list) and all(isinstance(one, dict) for one in told):
        return told
    raise account.service.unreadable("a list is missing")
