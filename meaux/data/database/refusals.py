"""One table that maps database messages to errors."""

import re
from collections.abc import Callable

from meaux.errors import (
    DailyLimitReached,
    DatabaseError,
    MissingColumn,
    MissingTable,
    Overloaded,
    QueryError,
    QueryTimeout,
    TooLarge,
    Unreachable,
)

Meaning = Callable[[str, re.Match[str]], DatabaseError]


def meaning(message: str) -> DatabaseError:
    """Return the error that a database's message means; by default a QueryError."""
    return known_meaning(message) or QueryError(_plain(message))


def known_meaning(message: str) -> DatabaseError | None:
    """Return the error that a message means, None if it is unknown.

    `Unreachable` means that the failure is transient and should be retried.
    """
    reason = _plain(message)
    for pattern, error in _MEANINGS:
        if found := pattern.search(reason):
            return error(reason, found)
    return None


def too_large(most: int) -> TooLarge:
    """Return the error for an answer of more than `most` bytes, which would fill the memory."""
    return TooLarge(f"{most // 1_000_000} MB")


def _plain(message: str) -> str:
    """Remove D1's text around SQLite's own message."""
    reason = re.sub(r"^(D1_[A-Z_]+: )+", "", message.strip())
    reason = re.sub(r": SQLITE_[A-Z_]+$", "", reason)
    return re.sub(r" at offset \d+$", "", reason)


def _unreachable(reason: str, _: re.Match[str]) -> Unreachable:
    return Unreachable(f"The database can't be reached ({reason.rstrip('.')}). Try again soon.")


def _overloaded(_reason: str, _: re.Match[str]) -> Overloaded:
    return Overloaded("The database is overloaded. Wait a minute or choose a shorter period.")


def _daily_limit(_reason: str, _: re.Match[str]) -> DailyLimitReached:
    return DailyLimitReached(
        "The free plan's daily row-read limit is reached. Data returns after 00:00 UTC or with "
        "Cloudflare's paid plan."
    )


_MEANINGS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), error)
    for pattern, error in (
        (r"^no such table: (.+)$", lambda reason, found: MissingTable(found[1], reason)),
        (
            r'^no such column: "?(.+?)"?( - should this be a string literal.*)?$',
            lambda reason, found: MissingColumn(found[1], reason),
        ),
        (r"free tier daily row read limit", _daily_limit),
        (r"D1 DB is overloaded", _overloaded),
        (r"^database (table |schema )?is locked", _overloaded),
        (r"^interrupted$", lambda reason, _: QueryTimeout(reason)),
        (r"exceeded (its CPU time limit|timeout)", lambda reason, _: QueryTimeout(reason)),
        (r"Network connection lost", _unreachable),
        (r"^internal (server )?error\.?$", _unreachable),
        (r"D1 DB reset because its code was updated", _unreachable),
        (r"Internal error .*caused object to be reset", _unreachable),
        (r"Cannot resolve D1 DB due to transient issue on remote node", _unreachable),
    )
)
