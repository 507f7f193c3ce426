"""The visitor: who is signed in, by Streamlit's own cookie, and what they may see.

Sign-in is on if the secrets have a section `[auth]`: Streamlit's `st.login` does the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.auth_util import get_origin_from_redirect_uri
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from meaux.data.access import EVERYTHING, RIGHTS, Access, Right, Rules, allowed
from meaux.data.plan import read_plan_file
from meaux.errors import SettingError
from meaux.wording import enumerated, sentences

SHORTEST_SECRET = 32
"""Characters; who guesses the cookie's secret can sign in as anybody."""
OF_A_PROVIDER = ("client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"
ACCESS = "access"
WHERE = "[auth] in .streamlit/secrets.toml"
OF_ANY_TENANT = re.compile(
    r"login\.microsoftonline\.com/(common|organizations|consumers)\b", re.IGNORECASE
)
"""Addresses at which other organisations' administrators choose what people's addresses are."""
NOT_ALLOWED = "This account has no access to the dashboard."
ASK_THE_OWNER = "Ask the owner of the dashboard for access."


def section() -> Mapping[str, Any] | None:
    """Return `[auth]` of the secrets; None if there is none.

    Raises:
        SettingError: the secrets can't be read, so that nobody knows whether there is one.
    """
    if secrets_singleton.load_if_toml_exists():
        found = secrets_singleton.get("auth")
        return found if found is None or isinstance(found, Mapping) else {}
    files = [Path(name) for name in st.get_option("secrets.files")]
    if any(file.exists() for file in files):
        raise SettingError("secrets.toml can't be read; check its quotes.")
    return None


def providers(auth: Mapping[str, Any]) -> list[str]:
    """Return the names of the providers; the section's own is `default`."""
    named = [name for name, value in auth.items() if isinstance(value, Mapping)]
    own = [name for name in named if name != "client_kwargs"]
    return ["default", *own] if "client_id" in auth or not own else own


def mistakes(auth: Mapping[str, Any]) -> str:
    """Return what is wrong in `[auth]`, in sentences that name its keys; empty if nothing is."""
    needed = [name for name in ("redirect_uri", "cookie_secret") if not auth.get(name)]
    for provider in providers(auth):
        held, place = (auth, "") if provider == "default" else (auth[provider], f"{provider}.")
        needed += [f"{place}{name}" for name in OF_A_PROVIDER if not held.get(name)]
    if needed:
        return f"Sign-in isn't set up: add {enumerated(needed)} to {WHERE}."
    wrong = {
        f"Set cookie_secret to {SHORTEST_SECRET} or more random characters.": (
            len(str(auth["cookie_secret"])) < SHORTEST_SECRET
        ),
        f"Set redirect_uri to an address that ends with {CALLBACK}.": (
            not str(auth["redirect_uri"]).endswith(CALLBACK)
        ),
        "Name providers without an underscore.": any("_" in name for name in providers(auth)),
        "Set server_metadata_url to the address of your own tenant.": any(
            OF_ANY_TENANT.search(str(one.get("server_metadata_url")))
            for one in (auth, *(auth[name] for name in providers(auth) if name != "default"))
        ),
    }
    said = sentences(*(words for words, applies in wrong.items() if applies))
    return f"Sign-in isn't set up. {said} See {WHERE}." if said else ""


def claims_of(cookies: Mapping[str, str], auth: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims in the cookie of a request; none if it is missing, false or too old."""
    if mistakes(auth):
        return {}
    signed = starlette_websocket._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)  # noqa: SLF001
    origin = get_origin_from_redirect_uri()
    if not signed or not origin:
        return {}
    return starlette_websocket._parse_decoded_user_cookie(signed, origin)  # noqa: SLF001


def claims(auth: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims of the page's visitor; none if they aren't signed in.

    Streamlit checks that the page itself has opened the session, but only then the cookie, and its
    claims can be overridden by headers. So the cookie is read again, in each run of the page.
    """
    if st.user.to_dict().get("is_logged_in") is not True:
        return {}
    return claims_of(st.context.cookies, auth)


def keep(access: Access) -> Access:
    """Keep what the page's visitor may see, for this run of the page."""
    st.session_state[ACCESS] = access
    return access


def current() -> Access:
    """Return what the page's visitor may see.

    Raises:
        SettingError: the secrets can't be read.
    """
    found: Access | None = st.session_state.get(ACCESS)
    if found is not None:
        return found
    auth = section()
    return keep(EVERYTHING if auth is None else allowed(claims(auth), rules()))


def is_unchanged() -> bool:
    """Return whether the page's visitor may still see what the last run of the page kept.

    A part of a page that runs alone asks this, because it doesn't pass the door.
    """
    auth = section()
    return auth is None or allowed(claims(auth), rules()) == current()


def rules() -> Rules:
    """Return who may enter, as the file says it now."""
    return read_plan_file().rules


def refusal(access: Access, given: Rules) -> str:
    """Return why a signed-in visitor may not enter, and whom to ask; empty if they may."""
    if access.role is not None:
        return ""
    return sentences(given.closed or NOT_ALLOWED, _whom_to_ask(given))


def no_page(access: Access, title: str, right: Right, given: Rules) -> str:
    """Return why a visitor who may enter may not open this page, and whom to ask."""
    by_role = access.role is None or right not in RIGHTS[access.role]
    which = "role has" if by_role else "teams have"
    return sentences(f"Your {which} no access to {title}.", _whom_to_ask(given))


def _whom_to_ask(given: Rules) -> str:
    asked = given.common.ask
    return f"Ask for access: {asked}." if asked else ASK_THE_OWNER
