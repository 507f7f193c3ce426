"""Responses of the D1 API: rows, or the error that a response means."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn

from meaux.data.database.protocol import Meta, Rows, Statement
from meaux.data.database.refusals import known_meaning, meaning
from meaux.data.database.retries import AgainError
from meaux.errors import (
    BadAnswer,
    DatabaseError,
    DatabaseNotFound,
    RateLimited,
    Unauthorized,
    Unreachable,
)
from meaux.wording import whole

# The longest pause in seconds that a page waits for; a longer one is reported to the reader.
SHORT_WAIT = 2.0
# The longest pause that is accepted: a day would be a mistake, and the page would stay empty.
LONGEST_WAIT = 600.0

_BAD_TOKEN_CODES = {6003, 9109, 10000}
_NOT_FOUND_CODES = {7000, 7003, 7404}
_REQUEST_TIMEOUT = 408
_REDIRECTS = range(300, 400)
_SERVER_ERRORS = range(500, 600)
# Where the gateway keeps answers.
_CACHES = ("KV", "edge cache")
_A_DAY_MS = 86_400_000
_A_DAY_SECONDS = 86_400
_MOST_ROWS = 2**53

# JavaScript writes D1's JSON: up to here it writes whole numbers with all their digits.
_LARGEST_WRITTEN_OUT = 10**21
_LARGEST_WHOLE = 2**63
_BYTE = range(256)
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def rows(self, statements: Sequence[Statement], token: str) -> list[Rows]:
        """Return the rows of each statement.

        Raises:
            AgainError: A retry may succeed.
            DatabaseError: A retry wouldn't succeed. The token is removed from the server's message.
        """
        body = _parsed(self.content)
        if self.status == HTTPStatus.OK and body.get("success") is True:
            return _results(body.get("result"), statements)
        code, message = _complaint(body)
        raise self._failure(code, message.replace(token, "…") if token else message)

    def _failure(self, code: int, message: str) -> DatabaseError | AgainError:
        if error := known_meaning(message):
            return AgainError(error) if isinstance(error, Unreachable) else error
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._rate_limited()
        if self._is_about_the_token(code):
            return Unauthorized(
                "Cloudflare rejected the API token. Create one with D1 read permission for this "
                "account and add it to the settings."
            )
        if self.status == HTTPStatus.NOT_FOUND or code in _NOT_FOUND_CODES:
            return DatabaseNotFound(
                "D1 database not found. Check the account ID and the database ID."
            )
        return meaning(message) if message else self._without_words()

    def _rate_limited(self) -> DatabaseError | AgainError:
        seconds = self.headers.get("retry-after", "")
        told = re.fullmatch("[0-9]{1,400}", seconds.strip(), re.ASCII)
        wait = min(float(seconds), LONGEST_WAIT) if told else None
        error = RateLimited(wait)
        if wait is not None and wait <= SHORT_WAIT:
            return AgainError(error, tries=2, after=wait)
        return error

    def _is_about_the_token(self, code: int) -> bool:
        """Return whether code 10000 means a bad token; on a server error it can mean anything."""
        if self.status in _SERVER_ERRORS:
            return False
        refused = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
        return self.status in refused or code in _BAD_TOKEN_CODES

    def _without_words(self) -> DatabaseError | AgainError:
        if self.status in _SERVER_ERRORS or self.status == _REQUEST_TIMEOUT:
            return AgainError(
                Unreachable(f"Cloudflare error (HTTP {self.status}). Try again soon.")
            )
        if self.status in _REDIRECTS:
            return BadAnswer(
                f"The D1 API address redirects (HTTP {self.status}). "
                "Set the final address in the settings."
            )
        return _bad_answer(f"HTTP {self.status} without D1's JSON")


def _bad_answer(what: str) -> BadAnswer:
    return BadAnswer(f"Not a D1 response ({what}). Check the API address in the settings.")


def _unreadable(what: str) -> BadAnswer:
    return BadAnswer(f"Cloudflare's response can't be read: {what}. Try again in a moment.")


def _no_number(word: str) -> NoReturn:
    """Reject NaN and Infinity, which Python would read as numbers and JSON doesn't allow."""
    raise _unreadable(f"it contains {word}, which is not a number")


def _parsed(content: bytes) -> dict[str, Any]:
    """Read a JSON object; return an empty one for any other JSON.

    Raises:
        BadAnswer: It holds NaN or Infinity.
    """
    try:
        body = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _complaint(body: dict[str, Any]) -> tuple[int, str]:
    """Return the code and message of the body's first error, 0 and "" if there is none."""
    match body.get("errors"):
        case [{"code": int(code), "message": str(message)}, *_]:
            return code, message
        case [{"message": str(message)}, *_]:
            return 0, message
        case _:
            return 0, ""


def _results(results: Any, statements: Sequence[Statement]) -> list[Rows]:
    if not isinstance(results, list) or len(results) != len(statements):
        raise _bad_answer(f"expected one result for each of {len(statements)} statements")
    found = [_rows(result) for result in results]
    for statement, rows in zip(statements, found, strict=True):
        if rows.rows and statement.width not in (None, len(rows.columns)):
            raise _unreadable(f"it has {len(rows.columns)} columns instead of {statement.width}")
    return found


def _rows(result: Any) -> Rows:
    """Return the rows of one statement, after every cell was checked.

    Two columns may share a name. An answer without rows may have no columns.
    """
    match result:
        case {"results": {"columns": list(columns), "rows": list(rows)}}:
            fit = all(isinstance(row, list) and len(row) == len(columns) for row in rows)
            named = all(isinstance(column, str) for column in columns)
            if fit and named and (columns or not rows) and result.get("success", True) is True:
                names = tuple(map(_text, columns))
                known: dict[str, str] = {}  # Equal texts are one object, as in sqlite_file.
                found = [
                    tuple([known.setdefault(c, c) if type(c) is str else c for c in cells])
                    for cells in (map(_cell, row, names) for row in rows)
                ]
                return Rows(names, found, _meta(result.get("meta")))
    raise _bad_answer("rows don't match their columns")


def _cell(cell: Any, column: str) -> Any:
    """Return a cell of a type that D1 has: null, a number, a text, or a BLOB's bytes as a list.

    Raises:
        BadAnswer: It is something else.
    """
    match cell:
        case None:
            return None
        case str():
            return _text(cell)
        case bool():
            what = "true or false"
        case int() if -_LARGEST_WHOLE <= cell < _LARGEST_WHOLE:
            return cell
        case int() if abs(cell) < _LARGEST_WRITTEN_OUT:
            return float(cell)
        case int():
            what = "an integer out of range"
        case float() if math.isfinite(cell):
            return cell
        case float():
            what = "a number out of range"
        case list() if all(type(byte) is int and byte in _BYTE for byte in cell):
            return cell
        case _:
            what = "a list or an object"
    raise _unreadable(f"the column “{column}” contains {what}")


def _text(words: str) -> str:
    """Return a text that can be encoded: half a surrogate pair can't be, and D1 stores none."""
    return words if words.isascii() else whole(words)


def _meta(told: Any) -> Meta:
    """Read the cost of an answer; an unreadable cost is unknown and doesn't affect the rows."""
    meta = told if isinstance(told, dict) else {}
    kept = meta.get("from") if meta.get("from") in _CACHES else None
    served_by = kept or meta.get("served_by_region") or meta.get("served_by") or "D1"
    return Meta(
        _count(meta.get("rows_read")),
        _milliseconds(meta.get("duration")),
        _text(str(served_by)[:_LONGEST_NAME]),
        _count(meta.get("rows_written")),
        _age(meta.get("age")),
        _count(meta.get("size_after")),
    )


def _count(told: Any) -> int | None:
    return told if type(told) is int and 0 <= told < _MOST_ROWS else None


def _age(told: Any) -> float:
    known = type(told) in (int, float) and 0 <= told < _A_DAY_SECONDS
    return float(told) if known else 0.0


def _milliseconds(told: Any) -> float:
    known = type(told) in (int, float) and 0 <= told < _A_DAY_MS
    return float(told) if known else 0.0
