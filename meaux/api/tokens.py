"""Tokens: bearer JWTs of the sign-in provider, checked against its published keys."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with a public key; never a shared secret, never none."""
LEEWAY = 30
"""Seconds by which clocks may differ."""
KEPT = 3_600.0
PAUSE = 60.0
"""Seconds between two requests for keys, if a token's key is unknown or none came."""
SECONDS = 5.0
LARGEST = 1_000_000
HERE = {"localhost", "127.0.0.1", "::1"}

Get = Callable[[str], Any]
"""Fetches a JSON document."""


def get(url: str) -> Any:
    """Fetch a JSON document through TLS, or from this machine.

    Raises:
        OSError: it can't be fetched.
        ValueError: it is no JSON, or its address has no TLS.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
        raise ValueError("the provider's address must begin with https://")
    asked = Request(url, headers={"accept": "application/json"})  # noqa: S310  checked above
    with urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
        return json.loads(answer.read(LARGEST))


@dataclass(frozen=True)
class _Published:
    """What a provider publishes: its issuer and its keys; `at` is when it was fetched."""

    issuer: str
    keys: KeySet | None
    at: float


class Tokens:
    """The keys of the providers, fetched when needed."""

    def __init__(self, fetch: Get = get, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._published: dict[str, _Published] = {}

    def claims(self, token: str, auth: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the claims of a valid token; none if no provider of `[auth]` made it for us."""
        for url, client in _providers(auth):
            if found := self._checked(token, url, client):
                return found
        return {}

    def _checked(self, token: str, url: str, client: str) -> Mapping[str, Any]:
        for again in (False, True):
            published = self._of(url, again=again)
            if published.keys is None:
                return {}
            try:
                read = jwt.decode(token, published.keys, algorithms=ALGORITHMS)
                jwt.JWTClaimsRegistry(
                    leeway=LEEWAY,
                    iss={"essential": True, "value": published.issuer},
                    aud={"essential": True, "value": client},
                    exp={"essential": True},
                ).validate(read.claims)
            except (JoseError, ValueError, TypeError, KeyError, RecursionError):
                continue
            return read.claims
        return {}

    def _of(self, url: str, *, again: bool) -> _Published:
        """Return what a provider publishes; `again` if its keys may have changed since."""
        with self._lock:
            held = self._published.get(url)
            longest = PAUSE if again or (held and held.keys is None) else KEPT
            if held is None or self._clock() - held.at >= longest:
                held = self._published[url] = self._fetched(url)
            return held

    def _fetched(self, url: str) -> _Published:
        try:
            metadata = self._fetch(url)
            keys = KeySet.import_key_set(self._fetch(metadata["jwks_uri"]))
            return _Published(str(metadata["issuer"]), keys, self._clock())
        except (OSError, ValueError, TypeError, KeyError, JoseError, RecursionError):
            return _Published("", None, self._clock())


def _providers(auth: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the metadata's address and the client's ID of each provider in `[auth]`."""
    sections = [auth, *(one for one in auth.values() if isinstance(one, Mapping))]
    named = [(one.get("server_metadata_url"), one.get("client_id")) for one in sections]
    return [(str(url), str(client)) for url, client in named if url and client]
