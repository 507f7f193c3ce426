"""One HTTP call with a size limit and a deadline that holds for any server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager
from urllib3.response import BaseHTTPResponse

from meaux.data.database import memory
from meaux.data.database.responses import Response
from meaux.data.database.retries import AgainError
from meaux.errors import BadAnswer, LateAnswer, Unreachable

CONNECT_SECONDS = 5.0
ENCODINGS = ("", "identity", "gzip", "deflate")
"""The accepted compressions; a response compressed twice could have any size."""

_PART = 65_536


class Transport:
    """Posts to one address; threads share its open connections."""

    def __init__(self, host: str, url: str, auth: AuthBase) -> None:
        self._host = host
        self._url = url
        self._auth = auth
        self._session = requests.Session()
        self._session.mount("http://", _Adapter())
        self._session.mount("https://", _Adapter())

    def close(self) -> None:
        """Close the open connections."""
        self._session.close()

    def post(self, body: dict[str, Any], seconds: float) -> Response:
        """Post JSON and return the response.

        Raises:
            LateAnswer: The response was not complete within the seconds.
            AgainError: There was no connection, or it broke.
            TooLarge: The response is larger than allowed.
            BadAnswer: The response has an unknown compression.
        """
        failure: Exception
        with _cut_after(seconds) as call:
            try:
                answer = self._posted(body, seconds)
                # A truncated answer without a length seems complete.
                if not call.is_late:
                    return answer
                failure = self._late(seconds)
            except requests.exceptions.ContentDecodingError:
                failure = _packed()
            except (requests.RequestException, HTTPError, HTTPException, OSError) as error:
                late = call.is_late or isinstance(error, requests.ReadTimeout)
                failure = self._late(seconds) if late else self._lost()
        # Raised here, because an exception chain from above would keep the request's headers.
        raise failure

    def _late(self, seconds: float) -> LateAnswer:
        """Build the error, which isn't retried: a slow statement may have run, and been billed."""
        return LateAnswer(
            f"{self._host} didn't respond within {seconds:.2g} seconds. "
            "Try again or choose a shorter period."
        )

    def _lost(self) -> AgainError:
        return AgainError(
            Unreachable(f"Can't connect to {self._host}. Check the network or try again soon.")
        )

    def _posted(self, body: dict[str, Any], seconds: float) -> Response:
        with self._session.post(
            self._url,
            json=body,
            auth=self._auth,
            timeout=(min(CONNECT_SECONDS, seconds), seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.headers.get("content-encoding", "").strip().lower() not in ENCODINGS:
                raise _packed()
            return Response(response.status_code, response.headers, _content(response))


def _content(response: requests.Response) -> bytes:
    """Read the response's content, up to the size limit."""
    parts: list[bytes] = []
    left = memory.Left(memory.now().answer_bytes)
    for part in response.iter_content(_PART):
        left.take(len(part))
        parts.append(part)
    return b"".join(parts)


def _packed() -> BadAnswer:
    return BadAnswer("Cloudflare's response can't be read: unknown compression.")


class _Call:
    """A call in progress: the socket that it waits on, and whether its time is over."""

    def __init__(self) -> None:
        self.is_late = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def waits_on(self, connected: socket.socket | None) -> None:
        """Store the socket to cut; cut it now if the time is already over."""
        with self._lock:
            self._socket = connected
        if self.is_late:
            self.cut()

    def cut(self) -> None:
        """End the call: a read from the socket then finds the end of the stream.

        A socket timeout is not enough: it restarts with every byte.
        """
        self.is_late = True
        with self._lock:
            if self._socket is not None:
                with suppress(OSError):
                    # Not the TLS socket's own method: it clears the state that the reader uses.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


_THREAD = threading.local()


@contextmanager
def _cut_after(seconds: float) -> Iterator[_Call]:
    """Provide this thread's call, which is cut when the seconds are over."""
    call = _THREAD.call = _Call()
    timer = threading.Timer(seconds, call.cut)
    timer.daemon = True
    timer.start()
    try:
        yield call
    finally:
        timer.cancel()
        call.waits_on(None)
        _THREAD.call = None


def _waits_on(connected: socket.socket | None) -> None:
    """Give this thread's call, if there is one, the socket on which it waits."""
    call: _Call | None = getattr(_THREAD, "call", None)
    if call is not None:
        call.waits_on(connected)


class _HTTP(HTTPConnection):
    """Tells the current call its socket."""

    def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]
        _waits_on(self.sock)
        return super().getresponse()


class _HTTPS(_HTTP, HTTPSConnection):
    """The same over TLS."""


class _HTTPPool(HTTPConnectionPool):
    """Returns a connection for reuse only once its call can no longer cut it."""

    ConnectionCls = _HTTP

    def _put_conn(self, conn: Any) -> None:
        _waits_on(None)
        super()._put_conn(conn)


class _HTTPSPool(_HTTPPool, HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = _HTTPS


class _Adapter(HTTPAdapter):
    """Creates connections that can be cut, also through a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool manager create them."""
        super().init_poolmanager(*args, **kwargs)
        _use(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Make the pools of a proxy create them."""
        return _use(super().proxy_manager_for(*args, **kwargs))


def _use(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return manager
