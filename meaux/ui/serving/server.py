"""The server in front of the pages: allowed hosts, the gate, headers and compression.

Add your own routes to `st.App` in `app.py`; they pass through the same middleware.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meaux.data import settings
from meaux.ui.serving.gate import Gate

METRICS = "_stcore/metrics"
COMPRESSION = 5
"""The zlib level: higher ones save 1% of the bytes and take up to twice the time."""
PAGE = Path(st.__file__).parent / "static" / "index.html"
"""The HTML document into which Streamlit's script draws every page."""


def middleware() -> list[Middleware]:
    """Return the middleware of every request, the outermost first."""
    layers = [Middleware(Headed, settings.read_one("frame_ancestors", os.environ))]
    if hosts := st.get_option("server.allowedHosts"):
        layers.append(Middleware(TrustedHostMiddleware, list(hosts), www_redirect=False))
    if not settings.read_one("metrics", os.environ):
        layers.append(Middleware(WithoutMetrics))
    layers.append(Middleware(Gate))
    # Streamlit sends its scripts and styles, which most of a first visit consists of, as they are.
    layers.append(Middleware(GZipMiddleware, compresslevel=COMPRESSION))
    return layers


class Headed:
    """Adds security headers to every response; a route may override them."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        self._app = app
        self._headers = headers(frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the application's response and the headers that it didn't set."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    answered.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, headed)


class WithoutMetrics:
    """Closes Streamlit's own metrics, which are public otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with 404, or pass the request on."""
        closed = scope["type"] == "http" and METRICS in scope["path"]
        await (PlainTextResponse("Not found", 404) if closed else self._app)(scope, receive, send)


def headers(frame_ancestors: str) -> dict[str, str]:
    """Return the security headers; `frame_ancestors` are the sites that may embed a page."""
    old = {"'none'": "DENY", "'self'": "SAMEORIGIN"}.get(frame_ancestors)
    return {
        "content-security-policy": policy(PAGE.read_text(encoding="utf-8"), frame_ancestors),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        # It knows no list of sites; browsers that know frame-ancestors go by that alone.
        **({"x-frame-options": old} if old else {}),
    }


def policy(page: str, frame_ancestors: str) -> str:
    """Return the content security policy: files of this server, and the inline scripts of `page`.

    Inline styles are allowed, because Streamlit and Vega write them. Text can't be evaluated as
    script; Vega's expressions are interpreted.
    """
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return "; ".join(
        f"{name} {sources}"
        for name, sources in {
            "default-src": "'self'",
            "script-src": " ".join(["'self' 'wasm-unsafe-eval'", *map(_hash, inline)]),
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "worker-src": "'self' blob:",
            "object-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": frame_ancestors,
        }.items()
    )


def _hash(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
