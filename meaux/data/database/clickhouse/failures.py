"""Failures: what ClickHouse's numbered errors mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from ssl import SSLCertVerificationError, SSLError

from clickhouse_connect.driver.exceptions import Error, StreamFailureError
from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

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

LATE = "Try again or choose a shorter period."
SHORTER = "Choose a shorter period."
BUSY = "ClickHouse is overloaded. Wait a minute or choose a shorter period."

LOAD_AGAIN = (
    "Another version has loaded the copy, or a run is at work. "
    "Run: python -m meaux load clickhouse."
)

_REFUSED = {192, 193, 194, 516}
_NO_RIGHT = {497}
_NO_DATABASE = {81}
_NO_TABLE, _NO_COLUMN = {60}, {47, 8, 16}
_OF_A_STATEMENT: Mapping[int, Callable[[str], DatabaseError]] = {
    **dict.fromkeys((159, 160, 209), lambda reason: QueryTimeout(reason, SHORTER)),
    **dict.fromkeys((158, 307, 396), lambda _: TooLarge("the server's limit")),
    **dict.fromkeys((202, 203), lambda _: Overloaded(BUSY)),
    241: OutOfMemory,
    164: lambda _: QueryError("it would write, and only reading is allowed"),
}
"""The errors that a statement may cause, by ClickHouse's numbers."""

_STATUS = re.compile(r"HTTP status \d{3}")
_NAME = re.compile(r"identifier [`']([^`']+)[`']|[Tt]able (\S+) does(?:n't| not) exist")
_AROUND = re.compile(r"^.*?DB::Exception: |\s*\(version .*$|\s*\([A-Z_]+\)\.?\s*$", re.DOTALL)
_BEHIND = re.compile(r"\s*(?:\n|Expected one of|In scope|In query|: [Ww]hile ).*$", re.DOTALL)


def meant(error: Exception, place: str) -> DatabaseError:
    """Return the error that one of the driver means; `place` is the server, for the sentence.

    The driver's text is left out where it could have more than the reason.
    """
    code = error.code if isinstance(error, Error) else None
    if code is None:
        return unanswered(error, place, "MEAUX_DATABASE", LATE)
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


def unloaded(error: QueryError) -> QueryError:
    """Return an error that says to load the copy again if it lacks a table or a column."""
    match error:
        case MissingTable():
            return MissingTable(error.table, error.message, LOAD_AGAIN)
        case MissingColumn():
            return MissingColumn(error.column, error.message, LOAD_AGAIN)
    return error


def unanswered(error: Exception, place: str, setting: str, late: str) -> DatabaseError:
    """Return the error if there is no answer of ClickHouse.

    `setting` has the address; `late` says what to do if the answer takes too long.
    """
    causes = list(_causes(error))

    def any_is(*kinds: type[BaseException]) -> bool:
        return any(isinstance(one, kinds) for one in causes)

    if any_is(ReadTimeoutError):
        return LateAnswer(f"{place} didn't respond in time. {late}")
    if any_is(SSLCertVerificationError):
        return Unreachable(
            f"The certificate of {place} isn't trusted. Check the host in {setting}, or name the "
            "file of its certificate authority in SSL_CERT_FILE."
        )
    if any_is(SSLError):
        return Unreachable(
            f"{place} doesn't speak HTTPS there. Check the port in {setting}, or write "
            "clickhouse:// instead of clickhouses://."
        )
    if any_is(NewConnectionError, ConnectTimeoutError):
        return Unreachable(
            f"Can't connect to {place}. Check the address in {setting} and the network."
        )
    if any_is(ProtocolError, StreamFailureError):
        return Unreachable(
            f"The connection to {place} broke. Try again soon. If it breaks each time, check the "
            f"port in {setting}, and whether it needs clickhouses:// (HTTPS)."
        )
    status = _STATUS.search(str(error))
    return Unreachable(
        f"{place} gave an answer that isn't ClickHouse's{f' ({status[0]})' if status else ''}. "
        f"Check the address in {setting} and the proxy before it, or try again soon."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it; the driver's own text doesn't say it."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _reason(message: str) -> str:
    """Return the reason in a message without the statement and the server's version."""
    return _BEHIND.sub("", _AROUND.sub("", _AROUND.sub("", message.strip()))).strip(" .:")
