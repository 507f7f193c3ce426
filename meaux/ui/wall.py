"""Wall: pages on a screen that nobody operates, in turn, without menu and sidebar.

    ?wall=1&pages=home,financial&every=1min

`pages` are the last parts of their addresses; without them, the open page stays.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import streamlit as st

from meaux.ui import pages, visitor

KEY, PAGES, EVERY = "wall", "pages", "every"
"""The keys in the URL."""
USUAL = timedelta(minutes=1)
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(hours=1)
TURNED = "page of the wall since"
EARLY = timedelta(seconds=1)
"""How much too early a browser's timer may run."""
_WRITTEN = re.compile(r"(\d{1,4})\s*(s|min|h)?")
_UNITS = {"s": 1, None: 1, "min": 60, "h": 3600}


def is_on() -> bool:
    """Return whether the page is on a wall."""
    return st.query_params.get(KEY) == "1"


def every() -> timedelta:
    """Return how long each page stays, from 10 seconds to an hour; by default a minute."""
    found = _WRITTEN.fullmatch(st.query_params.get(EVERY, ""))
    if found is None:
        return USUAL
    wanted = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    return min(max(wanted, SHORTEST), LONGEST)


def turns() -> list[pages.MenuItem]:
    """List the pages that take turns: those in the URL that the visitor may open."""
    named = [word.strip() for word in st.query_params.get(PAGES, "").split(",")]
    known = {pages.word(page): page for page in pages.PAGES if visitor.current().may(page.right)}
    return [known[word] for word in dict.fromkeys(named) if word in known]


def begin(title: str) -> None:
    """Note since when the page is open."""
    before, _ = st.session_state.get(TURNED, ("", None))
    if before != title:
        st.session_state[TURNED] = title, datetime.now(UTC)


def turn(title: str) -> None:
    """Open the page after this one if it has had its time."""
    listed = turns() if is_on() else []
    _, since = st.session_state[TURNED]
    following = _after(title, listed)
    if following is None or datetime.now(UTC) - since < every() - EARLY:
        return
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    st.switch_page(following.entry(), query_params=asked)


def _after(title: str, listed: list[pages.MenuItem]) -> pages.MenuItem | None:
    titles = [page.title for page in listed]
    place = titles.index(title) + 1 if title in titles else 0
    following = listed[place % len(listed)] if listed else None
    return None if following is None or following.title == title else following


def way_in() -> None:
    """Draw the button that begins the wall; nothing on a wall."""
    if not is_on():
        about = "This page without menu and sidebar, for a screen on a wall. Esc ends it."
        st.button("Show on a wall", on_click=_enter, icon=":material/tv:", help=about)


def way_out() -> None:
    """Draw the button that ends the wall."""
    st.button(
        "Leave wall",
        on_click=_leave,
        icon=":material/close:",
        type="tertiary",
        shortcut="Esc",
    )


def _enter() -> None:
    st.query_params[KEY] = "1"


def _leave() -> None:
    for key in (KEY, PAGES, EVERY):
        st.query_params.pop(key, None)
