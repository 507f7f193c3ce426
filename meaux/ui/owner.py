"""The owner of what somebody keeps: the signed-in person, or else the browser, by a cookie."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from http.cookies import SimpleCookie

import streamlit as st

from meaux.ui import visitor

COOKIE = "meaux_browser"
SECONDS = 400 * 86_400
"""The longest time for which browsers keep a cookie; each visit renews it."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 random bits."""


def current() -> str:
    """Return the hash by which the page's visitor is known; empty without person and cookie."""
    if "owner" not in st.session_state:
        st.session_state["owner"] = _hash(_who())
    found: str = st.session_state["owner"]
    return found


def _who() -> str:
    auth = visitor.section()
    if auth is not None:
        claims = visitor.claims(auth)
        return f"person {claims.get('iss', '')} {claims['sub']}" if claims.get("sub") else ""
    token = str(st.context.cookies.get(COOKIE, ""))
    return f"browser {token}" if TOKEN.fullmatch(token) else ""


def _hash(who: str) -> str:
    return sha256(who.encode()).hexdigest() if who else ""


def cookie(cookies: Mapping[str, str], scheme: str, base: str) -> str:
    """Return the header that gives a browser its cookie, or renews it."""
    known = cookies.get(COOKIE, "")
    made: SimpleCookie = SimpleCookie()
    made[COOKIE] = known if TOKEN.fullmatch(known) else secrets.token_urlsafe(32)
    made[COOKIE].update({"path": base or "/", "max-age": str(SECONDS), "samesite": "Lax"})
    made[COOKIE]["httponly"], made[COOKIE]["secure"] = True, scheme == "https"
    return made[COOKIE].OutputString()
