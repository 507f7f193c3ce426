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
from meaux.ui.text import LONGEST_QUOTED
from meaux.wording import enumerated, sentences

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
    return min(max(_wanted(found), SHORTEST), LONGEST)


def _wanted(found: re.Match[str]) -> timedelta:
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def listed(words: str, may: Callable[[Right], bool]) -> list[pages.MenuItem]:
    """List the named pages that somebody may open, each once."""
    known = _known()
    return [known[word] for word in _named(words) if word in known and may(known[word].right)]


def _named(words: str) -> list[str]:
    """List the words for pages in a URL, each once."""
    return list(dict.fromkeys(filter(None, (word.strip() for word in words.split(",")))))


def _known() -> dict[str, pages.MenuItem]:
    """Return every page by its word."""
    return {pages.word(page): page for page in (*pages.PAGES, pages.OWN)}


def wrong() -> str:
    """Say what is wrong with this wall's URL, and what to write; empty if nothing is, or no wall.

    Nobody operates a wall, so a notice that goes away would be seen by nobody.
    """
    if not is_on():
        return ""
    named = wrong_pages(st.query_params.get(PAGES, ""), visitor.current().may)
    return sentences(named, wrong_duration(st.query_params.get(EVERY, "")))


def wrong_pages(words: str, may: Callable[[Right], bool]) -> str:
    """Say which named pages are unknown, and which somebody may not open."""
    known = _known()
    unknown = [word[:LONGEST_QUOTED] for word in _named(words) if word not in known]
    closed = [word for word in _named(words) if word in known and not may(known[word].right)]
    choice = enumerated([word for word, page in known.items() if may(page.right)], "or")
    return sentences(
        f"Unknown pages are left out: {enumerated(unknown)}." if unknown else "",
        f"Pages that your role may not open are left out: {enumerated(closed)}." if closed else "",
        f"{PAGES}= lists any of {choice}." if unknown or closed else "",
    )


def wrong_duration(words: str) -> str:
    """Say why each page doesn't stay as long as the URL says."""
    found = _WRITTEN.fullmatch(words)
    if not words:
        return ""
    if found is None:
        quoted = words[:LONGEST_QUOTED]
        return f"{EVERY}={quoted} is no duration: each page stays 1 min. Write 45s, 5min or 1h."
    wanted = _wanted(found)
    if SHORTEST <= wanted <= LONGEST:
        return ""
    kept = "10 s" if wanted < SHORTEST else "1 h"
    return f"{EVERY}={words} isn't between 10s and 1h: each page stays {kept}."


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
