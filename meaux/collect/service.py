"""Service: one web API to collect from, over HTTPS, with retries and a limit of size."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from itertools import count
from typing import Any

import requests
from requests.auth import AuthBase

from meaux.data.settings import Secret
from meaux.errors import NotPermitted, ServiceError
from meaux.wording import whole

SECONDS = 60.0
"""The timeout of a connection or a read."""
TRIES = 4
LONGEST_WAIT = 330.0
"""The longest pause in seconds: past its rate limit, Cloudflare refuses everything for 300."""
ANSWER_BYTES = 32_000_000
MESSAGE_SHOWN = 200
_FIRST_PAUSE = 0.5
_PART = 65_536
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_BAD_TOKEN_CODES = {6003, 9109, 10000, 10001}
_SERVER_ERRORS = range(500, 600)


class _AgainError(Exception):
    """An attempt failed, but another may succeed after `wait` seconds; None: a default pause."""

    def __init__(self, error: ServiceError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


class _Bearer(AuthBase):
    """Adds the token to a request; as an `auth` it keeps out passwords of a `.netrc` file."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


class Service:
    """A web API that answers in JSON; `name` is what people call it.

    Only reading calls are made, so a call may be repeated.
    """

    def __init__(
        self, name: str, url: str, token: Secret, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.name = name
        self._url = url
        self._token = token
        self._sleep = sleep
        self._session = requests.Session()

    def close(self) -> None:
        """Close the open connections."""
        self._session.close()

    def get(self, path: str, **params: str | int | list[str]) -> dict[str, Any]:
        """Return the answer to a GET.

        Raises:
            NotPermitted: The token is wrong or lacks a permission.
            ServiceError: Any other failure, after all retries.
        """
        return self._run("GET", path, params=params)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a POST of JSON that only reads; raises as `get`."""
        return self._run("POST", path, json=body)

    def _run(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        for tried in count(1):
            try:
                return self._attempt(method, path, sent)
            except _AgainError as again:
                failure = again
            pause = random.random() * _FIRST_PAUSE * 2**tried  # noqa: S311 - jitter
            wait = pause if failure.wait is None else failure.wait
            if tried == TRIES or wait > LONGEST_WAIT:
                break
            self._sleep(wait)
        raise failure.error

    def _attempt(self, method: str, path: str, sent: dict[str, Any]) -> dict[str, Any]:
        lost = None
        try:
            with self._session.request(
                method,
                f"{self._url}{path}",
                auth=_Bearer(self._token),
                timeout=SECONDS,
                allow_redirects=False,
                stream=True,
                **sent,
            ) as response:
                status, headers, content = response.status_code, response.headers, _read(response)
        except (requests.RequestException, OSError):
            lost = _AgainError(self._error("gave no complete answer. Check the network"))
        if lost:  # Raised here: an exception chain from above would keep the request's headers.
            raise lost
        if content is None:
            raise self._error(f"sent more than {ANSWER_BYTES // 1_000_000} MB in one answer")
        return self._judged(status, headers.get("retry-after", ""), _parsed(content))

    def _judged(self, status: int, retry_after: str, body: dict[str, Any] | None) -> dict[str, Any]:
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            told = re.fullmatch(r"[0-9]{1,6}", retry_after.strip())
            wait = float(told[0]) if told else None
            raise _AgainError(self._error("refused more calls: its rate limit is reached"), wait)
        if status in _SERVER_ERRORS:
            raise _AgainError(self._error(f"failed (HTTP {status})"))
        code, message = _complaint(body or {})
        if status in _REFUSED or (status != HTTPStatus.OK and code in _BAD_TOKEN_CODES):
            raise NotPermitted(f"{self.name} refused the token.")
        if status != HTTPStatus.OK or (body and body.get("success") is False):
            said = whole(message.replace(self._token.reveal(), "…"))[:MESSAGE_SHOWN].rstrip(".")
            raise self._error(f"refused the request (HTTP {status}){': ' + said if said else ''}")
        if body is None:
            raise self._error("sent an answer that is not JSON")
        return body

    def unreadable(self, what: str) -> ServiceError:
        """Build the error for an answer of an unexpected shape."""
        return self._error(f"sent an answer that can't be read: {what}")

    def _error(self, what: str) -> ServiceError:
        return ServiceError(f"{self.name} {what}.")


def _read(response: requests.Response) -> bytes | None:
    """Read an answer; None if it is too large."""
    parts, size = [], 0
    for part in response.iter_content(_PART):
        size += len(part)
        if size > ANSWER_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _no_number(word: str) -> None:
    raise ValueError(word)


def _parsed(content: bytes) -> dict[str, Any] | None:
    """Parse a JSON object; None for anything else."""
    try:
        body = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _complaint(body: dict[str, Any]) -> tuple[int, str]:
    """Return the code and message of an error of Cloudflare or OpenAI."""
    match body:
        case {"errors": [{"code": int(code), "message": str(message)}, *_]}:
            return code, message
        case {"errors": [{"message": str(message)}, *_]} | {"error": {"message": str(message)}}:
            return 0, message
        case _:
            return 0, ""
