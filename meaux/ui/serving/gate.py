"""The gate in front of every request: who may come in, before anything of a page is made.

With sign-in, only the sign-in page, static files and the health check answer everybody. Without
it, a database other than the demo answers only this machine, unless `MEAUX_OPEN` says otherwise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from meaux.data import settings
from meaux.data.access import Access, Right, allowed
from meaux.errors import SettingError
from meaux.ui import files, owner, visitor
from meaux.ui.serving import sign_in, wanted
from meaux.ui.serving.notice import notice

HEALTH = "/_stcore/health"
PUBLIC = {HEALTH, "/_stcore/host-config", "/_stcore/stream", "/auth/logout"}
"""What answers everybody: the page's script draws nothing on the stream before sign-in."""
FILES = {"/favicon.png", "/manifest.json", "/index.html"}
STATIC = "/static/"
ELSEWHERE = "elsewhere"
OF_API = ("/api/v1/", "/api/livez", "/api/readyz")
"""What the API guards itself, by keys and tokens (`meaux.api.visit`); its docs are like a page."""
NEEDS: dict[str, Right] = {files.PATH: "files", "/_stcore/metrics": "health"}
"""The rights that some paths need; all others need the right to pages."""

FORWARDED = {"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"}
FORWARDED_TOO = "x-forwarded"
PORT = re.compile(r":[0-9]*$")

ONLY_HERE = (
    "This dashboard answers only the machine that it runs on. To open it to others, set up "
    f"sign-in: {visitor.WHERE}. To open it to everybody without sign-in, set MEAUX_OPEN=yes."
)
UNREADABLE = "This dashboard is closed: .streamlit/secrets.toml can't be read."
SIGN_IN_FIRST = "Sign in first."
NO_RIGHT = "Your role has no access to this."
NOT_YOURS = "This file wasn't made for you. Download it again from its page."


class Gate:
    """Lets in whom the settings let in, and keeps the link that somebody asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        given = str(st.get_option("server.baseUrlPath") or "").strip("/")
        self._base = f"/{given}" if given else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = self._below(scope["path"])
        if path.startswith(OF_API):
            await self._app(scope, receive, send)
            return
        try:
            auth = visitor.section()
        except SettingError:
            open_to_it = path == HEALTH or is_local(scope)
            await (self._app if open_to_it else _closed(scope, UNREADABLE))(scope, receive, send)
            return
        if auth is None:
            open_to_it = path == HEALTH or is_local(scope) or is_open()
            if open_to_it and wanted.known(path, ""):
                asked = HTTPConnection(scope)
                send = _adding(send, owner.cookie(asked.cookies, asked.url.scheme, self._base))
            await (self._app if open_to_it else _closed(scope, ONLY_HERE))(scope, receive, send)
            return
        await self._signed_in(path, auth, scope, receive, _secured(send, auth))

    def _below(self, path: str) -> str:
        """Return a path below the base path; elsewhere, a path that is known nowhere."""
        if path == self._base:
            return "/"
        return path.removeprefix(self._base) if path.startswith(f"{self._base}/") else ELSEWHERE

    async def _signed_in(
        self, path: str, auth: Mapping[str, Any], scope: Scope, receive: Receive, send: Send
    ) -> None:
        asked = HTTPConnection(scope)
        if path in PUBLIC or path in FILES or path.startswith(STATIC):
            await self._app(scope, receive, send)
        elif path in {sign_in.BEGINS, visitor.CALLBACK}:
            step = sign_in.SignIn(self._app, path, auth, self._base)
            await step(scope, receive, send)
        elif link := wanted.known(path, scope["query_string"].decode("latin-1")):
            await self._page(link, auth, scope, receive, send)
        else:
            door = self._door(path, asked, auth) or self._app
            await door(scope, receive, send)

    def _door(self, path: str, asked: HTTPConnection, auth: Mapping[str, Any]) -> ASGIApp | None:
        """Return what refuses a request without the rights it needs; None if it has them."""
        claims = visitor.claims_of(asked.cookies, auth)
        rules = visitor.rules()
        found = allowed(claims, rules) if claims else Access(None)
        if not claims:
            return _closed(asked.scope, SIGN_IN_FIRST, 401, (self._base or "/", sign_in.BACK))
        if reason := visitor.refusal(found, rules):
            return _closed(asked.scope, reason)
        needed = (right for start, right in NEEDS.items() if path.startswith(start))
        if not found.may(next(needed, "pages")):
            return _closed(asked.scope, NO_RIGHT)
        others = path.startswith(files.PATH) and not files.may_have(path, found)
        return _closed(asked.scope, NOT_YOURS) if others else None

    async def _page(
        self, link: str, auth: Mapping[str, Any], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the empty document of a page, and keep the link until its sender has signed in."""
        asked = HTTPConnection(scope)
        keeps = link != "/" and not visitor.mistakes(auth)
        if keeps and not visitor.claims_of(asked.cookies, auth):
            send = _adding(send, wanted.cookie(link, self._base))
        await self._app(scope, receive, send)


def is_local(scope: Scope) -> bool:
    """Return whether a request comes from this machine itself, and through no proxy."""
    asked = HTTPConnection(scope)
    if any(name in FORWARDED or name.startswith(FORWARDED_TOO) for name in asked.headers):
        return False
    # A page of another site can have its own name point to this machine.
    host = PORT.sub("", asked.headers.get("host", ""))
    peer = asked.client.host if asked.client else ""
    return _is_loopback(peer) and (host == "localhost" or _is_loopback(host.strip("[]")))


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def is_open() -> bool:
    """Return whether everybody may see the database: it is the demo, or meant to be open."""
    if settings.read_one("open_to_all", os.environ):
        return True
    try:
        return settings.read(os.environ, settings.read_secrets()).source == "demo"
    except SettingError:
        return False


def _closed(
    scope: Scope, words: str, status: int = 403, link: tuple[str, str] | None = None
) -> ASGIApp:
    if scope["type"] == "websocket":
        return WebSocketClose(1008, words)
    return notice(HTTPConnection(scope), status, words, link)


def _adding(send: Send, cookie: str) -> Send:
    """Return a `send` that adds a cookie to the answer."""

    async def added(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return added


def _secured(send: Send, auth: Mapping[str, Any]) -> Send:
    """Return a `send` that has browsers send cookies through TLS only, if the dashboard has it."""
    if not str(auth.get("redirect_uri", "")).startswith("https://"):
        return send

    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, value + b"; Secure")
                if name.lower() == b"set-cookie" and b"; secure" not in value.lower()
                else (name, value)
                for name, value in message.get("headers", ())
            ]
        await send(message)

    return secured
