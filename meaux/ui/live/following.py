"""Live: an open page follows the running day, and pages on a wall take turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.data.database import ROWS
from meaux.data.settings import Settings
from meaux.query.answers import Ask
from meaux.query.filters import Selection
from meaux.query.today import BY_DAY, parts_of
from meaux.query.watching import Watch, refresh
from meaux.ui.live import presence, wall
from meaux.ui.loading import data, receipt
from meaux.ui.text import clock_time, escaped
from meaux.wording import counted, sentences

KEY = "live"
"""The key in the URL."""
OFF = "Off"
INTERVALS = {
    "10s": timedelta(seconds=10),
    "30s": timedelta(seconds=30),
    "1min": timedelta(minutes=1),
    "5min": timedelta(minutes=5),
}
"""The intervals by their word, on the page and in the URL."""
SPELT = {"10s": "10 s", "30s": "30 s", "1min": "minute", "5min": "5 min"}
"""How the interval is written in a sentence."""
WIDTH = 170
"""The width of the choice in pixels."""
ON_A_WALL = "30s"
"""The interval of a wall whose URL names none."""
OPEN, WATCHES = "page that is open", "watches"
"""In the session: the title of the last page, and what was read for each live page."""
PAUSED = {
    presence.BUSY: "Live is paused while a dialog or menu is open.",
    presence.HIDDEN: "Live is paused while the tab is hidden.",
}
EARLY = timedelta(seconds=1)
"""How much too early a browser's timer may run."""
HELP = (
    "Reads the rows of today again, and puts them into the sums per day. All else on the page is "
    "read again once an hour, or with Refresh data."
)


def chosen() -> str:
    """Return the interval in use, by its word in the URL."""
    return str(st.session_state.get(KEY, OFF))


def _usual() -> str:
    """Return the interval of a page whose URL names none."""
    return ON_A_WALL if wall.is_on() else OFF


def begin(title: str) -> None:
    """Note for the run of a page whether it stays live: then less is read again.

    A page that somebody opens has data as new as any other.
    """
    if KEY not in st.session_state:
        word = st.query_params.get(KEY, _usual())
        st.session_state[KEY] = word if word in INTERVALS else OFF
    stays = wall.is_on() or st.session_state.get(OPEN) == title
    st.session_state[OPEN] = title
    st.session_state[data.LIVE] = stays and chosen() != OFF


def switch() -> None:
    """Draw the choice of the interval; the URL keeps it.

    A choice that Streamlit binds to the URL is written there as it is named, not by its word.
    """
    st.selectbox(
        "Live",
        [OFF, *INTERVALS],
        format_func=_named,
        key=KEY,
        label_visibility="collapsed",
        width=WIDTH,
    )
    if chosen() == _usual():
        st.query_params.pop(KEY, None)
    else:
        st.query_params[KEY] = chosen()


def _named(interval: str) -> str:
    return "Live: off" if interval == OFF else f"Live: every {SPELT[interval]}"


def why_not(selection: Selection, asks: Sequence[Ask], *, filtered: bool) -> str:
    """Return why there is nothing to read again; empty if there is something."""
    if filtered and selection.today not in selection.period:
        return "Live has nothing to read: the period doesn't include today."
    if not any(_is_of_today(one) for one in asks):
        return "Live has nothing to read: this page has no sums per day that include today."
    return ""


def _is_of_today(one: Ask) -> bool:
    return one.query.name in BY_DAY and one.selection.today in one.selection.period


@dataclass(frozen=True)
class Followed:
    """A page to follow: what it asks, and `reason`, why there is nothing to read; or empty."""

    title: str
    asks: tuple[Ask, ...]
    selection: Selection
    given: Settings
    reason: str

    @property
    def watch(self) -> Watch:
        """What this session has read for it."""
        watches: dict[str, Watch] = st.session_state.setdefault(WATCHES, {})
        return watches.setdefault(self.title, Watch())

    @property
    def is_used_up(self) -> bool:
        """Whether the limit of rows a day is reached."""
        return self.given.rows_a_day is not None and ROWS.used >= self.given.rows_a_day


def follow(
    place: DeltaGenerator, title: str, selection: Selection, given: Settings, reason: str
) -> None:
    """Draw the line that follows the running day, in a fragment that reruns by itself."""
    waits = [INTERVALS[chosen()]] if chosen() != OFF else []
    if wall.is_on():
        waits.append(wall.every())
    if not waits:
        return
    asks = tuple(dict.fromkeys(receipt.current().asks))
    with place:
        st.fragment(_beat, run_every=min(waits))(Followed(title, asks, selection, given, reason))


def _beat(page: Followed) -> None:
    """Read again what may have changed if it is time, say so, and turn the page of a wall.

    A page of a wall is also read when it is opened: it may not stay until the next time.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap=None):
        line = st.container()
        away = presence.away()
        is_due = not away and (data.is_alone() or wall.is_on())
        is_new = is_due and chosen() != OFF and _read(page)
        # A line that is drawn last stays until then; an empty place would move the page.
        if chosen() != OFF:
            line.caption(escaped(_said(page, away)), help=HELP)
    if is_new:
        st.rerun()
    if data.is_alone() and not away:
        wall.turn(page.title)


def _read(page: Followed) -> bool:
    """Refresh the kept answers if it is time; return whether to draw the page again."""
    if page.given.day(page.selection.zone) != page.selection.today:
        return True
    interval, checked = INTERVALS[chosen()], page.watch.checked
    is_early = checked is not None and datetime.now(UTC) - checked < interval - EARLY
    if page.reason or is_early or page.is_used_up:
        return False
    with data.alone("Live"):
        opened = data.current_source()
        parts = data.kept(parts_of, page.asks, opened)
        now = datetime.now(UTC)
        return refresh(page.watch, parts, opened, data, interval=interval, now=now)


def _said(page: Followed, away: str) -> str:
    """Return what the page does at the moment."""
    watch, zone = page.watch, page.selection.zone
    if page.reason:
        return page.reason
    if page.is_used_up:
        rows = counted(page.given.rows_a_day or 0, "row")
        return (
            f"Live has stopped: today's limit of {rows} read is reached. It resumes at 00:00 UTC."
        )
    if away:
        return PAUSED[away]
    if watch.failed:
        return f"Live: {watch.failed}"
    checked = f"Live: checked {clock_time(watch.checked, zone)}." if watch.checked else ""
    changed = f"New rows {clock_time(watch.changed, zone)}." if watch.changed else ""
    return sentences(checked, changed) or "Live: waiting for the first check."
