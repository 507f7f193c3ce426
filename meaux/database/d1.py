"""Cloudflare D1 over its REST API."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import ReadTimeoutError

from meaux.database import limits
from meaux.database.answers import Answer
from meaux.database.binding import texts
from meaux.database.protocol import Rows, Statement
from meaux.database.refusals import too_large
from meaux.database.retries import AgainError, Retries
from meaux.errors import RateLimited, SettingError, Unreachable

CLOUDFLARE = "https://api.cloudflare.com/client/v4"

# How long to stay silent, in seconds, when Cloudflare says "too many calls" but not for how long.
SILENCE = 60.0

_PART = 65_536


class D1:
    """A D1 database, read over HTTPS; one object may serve many threads at once.

    Without `account_id` the address is that of a local D1 (`wrangler dev`), and without
    `api_token` no authorization is sent. `timeout` is the seconds to wait for a connection and for
    an answer; D1 itself gives a call 30. Statements must only read: a call that fails in passing
    is made again.
    """

    def __init__(  # noqa: PLR0913 - the address of a database has this many parts
        self,
        account_id: str,
        database_id: str,
        api_token: str,
        base_url: str = CLOUDFLARE,
        timeout: tuple[float, float] = (5, 35),
        *,
        retries: Retries | None = None,
    ) -> None:
        self._host = _host(base_url)
        self._database_id = _present(database_id, "database id")
        self._url = _url(base_url, account_id.strip(), self._database_id)
        self._token = _Bearer(api_token)
        self._timeout = timeout
        self._retries = retries or Retries()
        self._silent_until = float("-inf")
        # Threads share it for its open connections; nothing in it changes from call to call.
        self._session = requests.Session()

    def __repr__(self) -> str:
        return f"D1({self.name!r})"

    @property
    def name(self) -> str:
        """`d1:`, the host of the API, and the database id."""
        return f"d1:{self._host}:{self._database_id}"

    @property
    def title(self) -> str:
        """The beginning of the database id, for people."""
        return f"D1 database {self._database_id[:8]}…"

    def close(self) -> None:
        """Close the connections that are kept open for the next call."""
        self._session.close()

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Answer all statements, in their order, in one HTTP call.

        Raises:
            RateLimited: Cloudflare accepts no more calls; until it does, none is made.
            QueryError: A statement was refused, here or there; then none is answered.
            DatabaseError: Any other reason why there is no answer.
        """
        body = _body(statements)
        if not statements:
            return []
        self._stay_silent_while_limited()
        try:
            return self._retries.run(lambda: self._ask(body, len(statements)))
        except RateLimited as limited:
            wait = SILENCE if limited.retry_after is None else limited.retry_after
            self._silent_until = max(self._silent_until, self._retries.clock() + wait)
            raise

    def _stay_silent_while_limited(self) -> None:
        left = self._silent_until - self._retries.clock()
        if left > 0:
            raise RateLimited(left)

    def _ask(self, body: dict[str, Any], statements: int) -> list[Rows]:
        return self._post(body).rows(statements, self._token.secret)

    def _post(self, body: dict[str, Any]) -> Answer:
        try:
            with self._session.post(
                self._url,
                json=body,
                auth=self._token,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, response.headers, _content(response))
        except requests.RequestException as error:
            failure = self._unreachable(slow=_is_slow(error))
        # Raised out here, because the chain of an error raised above keeps the request's headers.
        raise failure

    def _unreachable(self, *, slow: bool) -> AgainError:
        """A slow statement may have been answered, and billed: it gets only one more try."""
        if slow:
            return AgainError(
                Unreachable(
                    f"{self._host} gave no answer within {self._timeout[1]:g} seconds: "
                    "try again, or choose a shorter period."
                ),
                tries=2,
            )
        return AgainError(
            Unreachable(f"No connection to {self._host}: check the network, or try again soon.")
        )


class _Bearer(AuthBase):
    """Puts the token on a request, and nowhere else.

    Being an `auth`, it also keeps requests from reading another password out of a `.netrc` file.
    """

    def __init__(self, token: str) -> None:
        self.secret = token.strip()
        if not (self.secret.isascii() and self.secret.isprintable() and " " not in self.secret):
            raise SettingError("The API token has characters that no token has: copy it again.")

    def __repr__(self) -> str:
        return "_Bearer(…)"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.secret:
            request.headers["Authorization"] = f"Bearer {self.secret}"
        return request


def _content(response: requests.Response) -> bytes:
    """What came back, as long as it is no larger than an answer may be."""
    parts: list[bytes] = []
    left = limits.ANSWER_BYTES
    for part in response.iter_content(_PART):
        left -= len(part)
        if left < 0:
            raise too_large()
        parts.append(part)
    return b"".join(parts)


def _host(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise SettingError("The address of D1's API must be a whole http:// or https:// address.")
    return f"{host}:{port}" if port else host


def _present(value: str, what: str) -> str:
    if not value.strip():
        raise SettingError(f"The {what} is empty: Cloudflare shows it on the page of the database.")
    return value.strip()


def _url(base_url: str, account_id: str, database_id: str) -> str:
    account = f"/accounts/{quote(account_id, safe='')}" if account_id else ""
    database = quote(database_id, safe="")
    return f"{base_url.rstrip('/')}{account}/d1/database/{database}/raw"


def _body(statements: Sequence[Statement]) -> dict[str, Any]:
    calls = [{"sql": each.sql, "params": texts(each)} for each in statements]
    return calls[0] if len(calls) == 1 else {"batch": calls}


def _is_slow(error: requests.RequestException) -> bool:
    """Tell a time-out of the answer from a lost connection; in mid-answer requests mixes them."""
    return isinstance(error, requests.ReadTimeout) or any(
        isinstance(reason, ReadTimeoutError) for reason in error.args
    )
