"""Wall: pages on a screen that nobody operates, in turn, without menu and sidebar.

    ?wall=1&pages=home,financial&every=1min

`pages` are the last parts of their addresses; without them, the open page stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import streamlit as st

from meaux.data.access import Right
from meaux.ui import pages, visitor

KEY, PAGES, EVERY = "wall", "pages", "every"
KEYS = (KEY, PAGES, EVERY)
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
    """Return how long each page stays."""
    return duration(st.query_params.get(EVERY, ""))


def duration(words: str) -> timedelta:
    """Read a duration such as `45s` or `5min`, from 10 seconds to an hour; by default a minute."""
    found = _WRITTEN.fullmatch(words)
    if found is None:
        return USUAL
    wanted = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    return min(max(wanted, SHORTEST), LONGEST)


def listed(words: str, may: Callable[[Right], bool]) -> list[pages.MenuItem]:
    """List the named pages that somebody may open, each once."""
    every_page = (*pages.PAGES, pages.OWN)
    known = {pages.word(page): page for page in every_page if may(page.right)}
    named = dict.fromkeys(word.strip() for word in words.split(","))
    return [known[word] for word in named if word in known]


def shown(opened: str) -> str:
    """Return the title of the page to show: the one whose turn it is, else the opened one.

    The address stays the same, so that it shows the same wall if it is loaded again.
    """
    titles = [page.title for page in _listed()]
    title, since = st.session_state.get(TURNED, (opened, datetime.now(UTC)))
    if title not in titles:
        title, since = opened if opened in titles or not titles else titles[0], datetime.now(UTC)
    st.session_state[TURNED] = title, since
    return title if titles else opened


def turn(title: str) -> None:
    """Show the page after this one if it has had its time."""
    _, since = st.session_state[TURNED]
    following = after(title, _listed())
    if following is not None and datetime.now(UTC) - since >= every() - EARLY:
        st.session_state[TURNED] = following.title, datetime.now(UTC)
        st.rerun()


def _listed() -> list[pages.MenuItem]:
    return listed(st.query_params.get(PAGES, ""), visitor.current().may) if is_on() else []


def after(title: str, listed: Sequence[pages.MenuItem]) -> pages.MenuItem | None:
    """Return the page that follows the open one; None if there is no other."""
    titles = [page.title for page in listed]
    place = titles.index(title) + 1 if title in titles else 0
    following = listed[place % len(listed)] if listed else None
    return None if following is None or following.title == title else following


def way_in() -> None:
    """Draw the button that begins the wall."""
    about = "This page without menu and sidebar, for a screen on a wall. Esc ends it."
    if st.button("Show on a wall", on_click=_enter, icon=":material/tv:", help=about):
        st.rerun()


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
    for key in KEYS:
        st.query_params.pop(key, None)
