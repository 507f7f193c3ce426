"""Cloudflare D1 over its REST API."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.auth import AuthBase

from meaux.data.database import freshness, limits
from meaux.data.database.parameters import texts
from meaux.data.database.protocol import Rows, Statement
from meaux.data.database.retries import Retries
from meaux.data.database.transport import Transport
from meaux.errors import RateLimited, SettingError

LOCAL = "/cdn-cgi/explorer/"
"""A part of the address of wrangler's local API, which has no accounts."""

# Pause in seconds if Cloudflare says "too many calls" without a duration.
SILENCE = 60.0


class D1:
    """A D1 database, read over HTTPS; one object may serve many threads at once.

    The address has no account without `account_id`, and on a local D1 (`wrangler dev`). Without
    `api_token` no authorization is sent. `seconds` is the timeout of a call with all retries; D1's
    own timeout is 30 seconds. Statements must only read, because a call may be retried. With
    `gateway_key`, `base_url` is the address of the gateway (`worker/`), which may answer from its
    caches.
    """

    def __init__(  # noqa: PLR0913 - the address of a database has this many parts
        self,
        account_id: str,
        database_id: str,
        api_token: str,
        base_url: str,
        *,
        gateway_key: str = "",
        seconds: float = limits.SECONDS,
        retries: Retries | None = None,
    ) -> None:
        self._host = _host(base_url)
        self._database_id = _present(database_id, "database ID")
        self._token = _Key(gateway_key) if gateway_key else _Bearer(api_token)
        self._seconds = seconds
        self._retries = retries or Retries()
        self._silent_until = float("-inf")
        url = _url(base_url, account_id.strip(), self._database_id)
        self._transport = Transport(self._host, url, self._token)

    def __repr__(self) -> str:
        return f"D1({self.name!r})"

    @property
    def name(self) -> str:
        """`d1:`, the host of the API, and the database id."""
        return f"d1:{self._host}:{self._database_id}"

    @property
    def title(self) -> str:
        """The start of the database ID, for people."""
        return f"D1 database {self._database_id[:8]}…"

    def close(self) -> None:
        """Close the open connections."""
        self._transport.close()

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Fetch the rows of all statements, in order, in one HTTP call.

        Raises:
            RateLimited: The rate limit is reached; until it ends, no call is made.
            QueryError: A statement was rejected, here or by D1; then none is answered.
            DatabaseError: Any other failure.
        """
        body = _body(statements)
        if not statements:
            return []
        self._stay_silent_while_limited()
        try:
            return self._retries.run(
                lambda seconds: self._ask(body, statements, seconds), self._seconds
            )
        except RateLimited as limited:
            wait = SILENCE if limited.retry_after is None else limited.retry_after
            self._silent_until = max(self._silent_until, self._retries.clock() + wait)
            raise

    def _stay_silent_while_limited(self) -> None:
        left = self._silent_until - self._retries.clock()
        if left > 0:
            raise RateLimited(left)

    def _ask(
        self, body: dict[str, Any], statements: Sequence[Statement], seconds: float
    ) -> list[Rows]:
        answer = self._transport.post(body, seconds)
        return answer.rows(statements, self._token.secret)


class _Bearer(AuthBase):
    """Adds the token to a request.

    As an `auth`, it also stops requests from reading another password out of a `.netrc` file.
    """

    def __init__(self, token: str) -> None:
        self.secret = token.strip()
        if not (self.secret.isascii() and self.secret.isprintable() and " " not in self.secret):
            raise SettingError("The API token has invalid characters. Copy it again.")

    def __repr__(self) -> str:
        return "_Bearer(…)"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.secret:
            request.headers["Authorization"] = f"Bearer {self.secret}"
        return request


class _Key(_Bearer):
    """Adds the gateway's key in a header of its own, and the age that an answer may have."""

    def __repr__(self) -> str:
        return "_Key(…)"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Meaux-Key"] = self.secret
        request.headers.update(freshness.headers())
        return request


def _host(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise SettingError("The D1 API address must be a complete http:// or https:// address.")
    return f"{host}:{port}" if port else host


def _present(value: str, what: str) -> str:
    if not value.strip():
        raise SettingError(
            f"The {what} is empty. Copy it from the database's page in the Cloudflare dashboard."
        )
    return value.strip()


def _url(base_url: str, account_id: str, database_id: str) -> str:
    has_account = account_id and LOCAL not in base_url
    account = f"/accounts/{quote(account_id, safe='', errors='replace')}" if has_account else ""
    database = quote(database_id, safe="", errors="replace")
    return f"{base_url.rstrip('/')}{account}/d1/database/{database}/raw"


def _body(statements: Sequence[Statement]) -> dict[str, Any]:
    calls = [{"sql": each.sql, "params": texts(each)} for each in statements]
    return calls[0] if len(calls) == 1 else {"batch": calls}
