"""The door of the pages: the sign-in page, the page of a refused visitor, and who is signed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.auth_util import is_authlib_installed

from meaux.data.access import EVERYTHING, Access, allowed
from meaux.errors import SettingError
from meaux.ui import ASSETS, pages, visitor
from meaux.ui.live import wall
from meaux.ui.text import escaped

WIDTH = 400
"""Pixels of the sign-in page."""
NOT_INSTALLED = "Sign-in isn't set up: Authlib is missing. Install requirements.txt again."


def enter() -> bool:
    """Return whether the visitor may see pages; otherwise draw what they can do instead."""
    try:
        auth = visitor.section()
    except SettingError as error:
        visitor.keep(Access(None))
        with _middle():
            st.error(escaped(str(error)), icon=":material/power_off:")
        return False
    if auth is None:
        visitor.keep(EVERYTHING)
        return True
    claims, rules = visitor.claims(auth), visitor.rules()
    access = visitor.keep(allowed(claims, rules))
    reason = visitor.refusal(access, rules)
    if not claims:
        _sign_in(auth)
    elif reason:
        _refused(access, reason)
    return not reason


def opens(page: pages.MenuItem) -> bool:
    """Return whether the visitor may open this page; otherwise say why not, in its place."""
    access = visitor.current()
    if access.may(page.right):
        return True
    mark()
    words = visitor.no_page(access, page.title, page.right, visitor.rules())
    st.warning(escaped(words), icon=":material/lock:")
    pages.link(pages.PAGES[0].title)
    return False


def mark() -> None:
    """Draw who is signed in, and the button to sign out; nothing without sign-in."""
    access = visitor.current()
    if access.who and not wall.is_on():
        with st.sidebar, st.container(gap="xsmall"):
            # Markdown would make a link of the address.
            st.text(f"Signed in as {access.who}, {access.role}.")
            if access.teams is not None:
                st.text(f"Teams: {', '.join(access.teams) or 'none'}")
            _sign_out()


@contextmanager
def _middle() -> Iterator[None]:
    """Open a narrow column in the middle of an empty page, below the logo."""
    with (
        st.container(horizontal_alignment="center"),
        st.container(width=WIDTH, border=True, gap="medium"),
    ):
        st.image(str(ASSETS / "logo.svg"), width=190, alt="Meaux Analytics")
        yield


def _sign_in(auth: Mapping[str, Any]) -> None:
    with _middle():
        if wrong := visitor.mistakes(auth) or ("" if is_authlib_installed() else NOT_INSTALLED):
            st.error(escaped(wrong), icon=":material/build:")
            return
        st.markdown("Sign in to open the dashboard.")
        for provider in visitor.providers(auth):
            label = "Sign in" if provider == "default" else f"Sign in with {escaped(provider)}"
            if st.button(
                label,
                key=f"sign in {provider}",
                type="primary",
                icon=":material/login:",
                width="stretch",
            ):
                st.login(None if provider == "default" else provider)


def _refused(access: Access, reason: str) -> None:
    with _middle():
        st.warning(escaped(reason), icon=":material/lock:")
        st.text(f"Signed in as {access.who}.")
        _sign_out()


def _sign_out() -> None:
    if st.button("Sign out", icon=":material/logout:", width="stretch"):
        st.logout()
        st.stop()
