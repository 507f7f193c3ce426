"""Failures: what ClickHouse's numbered errors mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from clickhouse_connect.driver.exceptions import Error

from meaux.errors import (
    DatabaseError,
    DatabaseNotFound,
    LateAnswer,
    MissingColumn,
    MissingTable,
    OutOfMemory,
    Overloaded,
    QueryError,
    QueryTimeout,
    TooLarge,
    Unauthorized,
    Unreachable,
)

BUSY = "ClickHouse is overloaded. Wait a minute or choose a shorter period."

_REFUSED = {192, 193, 194, 516}
_NO_RIGHT = {497}
_NO_DATABASE = {81}
_NO_TABLE, _NO_COLUMN = {60}, {47, 8, 16}
_OF_A_STATEMENT: Mapping[int, Callable[[str], DatabaseError]] = {
    **dict.fromkeys((159, 160, 209), QueryTimeout),
    **dict.fromkeys((158, 307, 396), lambda _: TooLarge("the server's limit")),
    **dict.fromkeys((202, 203), lambda _: Overloaded(BUSY)),
    241: OutOfMemory,
    164: lambda _: QueryError("it would write, and only reading is allowed"),
}
"""The errors that a statement may cause, by ClickHouse's numbers."""

_NAME = re.compile(r"identifier [`']([^`']+)[`']|[Tt]able (\S+) does(?:n't| not) exist")
_AROUND = re.compile(r"^.*?DB::Exception: |\s*\(version .*$|\s*\([A-Z_]+\)\.?\s*$", re.DOTALL)
_BEHIND = re.compile(r"\s*(?:\n|Expected one of|In scope|In query|: [Ww]hile ).*$", re.DOTALL)


def meant(error: Exception, place: str) -> DatabaseError:
    """Return the error that one of the driver means; `place` is the server, for the sentence.

    The driver's text is left out where it could have more than the reason.
    """
    code = error.code if isinstance(error, Error) else None
    if code is None:
        return _unanswered(error, place)
    if code in _REFUSED:
        return Unauthorized(f"{place} refused the user or the password. Check MEAUX_DATABASE.")
    if code in _NO_RIGHT:
        return Unauthorized(
            f"The user of MEAUX_DATABASE may not read {place}. Grant it SELECT on the database."
        )
    if code in _NO_DATABASE:
        return DatabaseNotFound(
            f"{place} doesn't exist. Check MEAUX_DATABASE, or fill it: "
            "python -m meaux load clickhouse."
        )
    return _of_statement(code, _reason(str(error)))


def _of_statement(code: int, reason: str) -> DatabaseError:
    found = _NAME.search(reason)
    name = next(filter(None, found.groups()), "") if found else ""
    if code in _NO_TABLE and name:
        return MissingTable(name.rpartition(".")[2], reason)
    if code in _NO_COLUMN and name:
        return MissingColumn(name, reason)
    return _OF_A_STATEMENT.get(code, QueryError)(reason)


def _unanswered(error: Exception, place: str) -> DatabaseError:
    if "timed out" in str(error).lower():
        return LateAnswer(f"{place} didn't respond in time. Try again or choose a shorter period.")
    return Unreachable(
        f"Can't connect to {place}. Check the address in MEAUX_DATABASE and the network."
    )


def _reason(message: str) -> str:
    """Return the reason in a message without the statement and the server's version."""
    return _BEHIND.sub("", _AROUND.sub("", _AROUND.sub("", message.strip()))).strip(" .:")
