"""The wanted link: the page that somebody asked for before signing in, kept in a short cookie.

Only a known page with known parameters is kept, so no link leads out of the dashboard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import Response
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    decode_signed_value,
)

from meaux.ui.pages import OWN, PAGES

COOKIE = "meaux_wanted"
SECONDS = 600
DAYS = SECONDS / 86_400
LONGEST = 2_500
"""Characters of a link; signed, it must fit in a cookie."""

ADDRESSES = frozenset(page.address for page in (*PAGES, OWN))
PARAMETERS = {
    *("period", "days", "compare", "grain", "zone", "team", "project", "person", "tab"),
    *("status", "priority", "category", "find", "sort", "view", "page", "open", "top", "measure"),
    *("cost_category", "service", "worker"),
    *("calendar", "year", "burn", "once", "on", "log", "severity"),
    *("search", "table", "rows", "sql", "limit", "chart", "behind", "of", "after"),
    *("changed", "within", "split"),
    *("catalog", "copied"),
    *("live", "wall", "pages", "every", "notes", "data"),
}
"""The parameters that the pages read from their address, besides those of a statement."""
OF_A_STATEMENT = re.compile(r"p[0-9]{1,2}")


def known(path: str, query: str) -> str:
    """Return the link to a known page with its known parameters; empty for any other path."""
    if not path.startswith("/") or path.rstrip("/") not in ADDRESSES:
        return ""
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name in PARAMETERS or OF_A_STATEMENT.fullmatch(name)
    ]
    address = path.rstrip("/") or "/"
    link = f"{address}?{urlencode(kept)}" if kept else address
    return link if len(link) <= LONGEST else address


def cookie(link: str, base: str) -> str:
    """Return the header that keeps a known link in the browser; an empty link removes it."""
    response = Response()
    if link:
        signed = create_signed_value(get_cookie_secret(), COOKIE, link).decode()
        response.set_cookie(COOKIE, signed, SECONDS, path=base or "/", httponly=True)
    else:
        response.delete_cookie(COOKIE, base or "/", httponly=True)
    return response.headers["set-cookie"]


def kept(cookies: Mapping[str, str]) -> str:
    """Return the link in the cookies; empty if there is none, or a false or old one."""
    signed = cookies.get(COOKIE, "")
    found = decode_signed_value(get_cookie_secret(), COOKIE, signed.encode(errors="replace"), DAYS)
    parts = urlsplit(found.decode() if found else "")
    return known(parts.path, parts.query) if found else ""
