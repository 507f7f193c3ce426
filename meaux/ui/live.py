"""Live: an open page follows the running day, and pages on a wall take turns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.data.database import ROWS
from meaux.data.settings import Settings
from meaux.query.answers import Ask
from meaux.query.filters import Selection
from meaux.query.today import BY_DAY
from meaux.ui import data, pages, presence, receipt, wall
from meaux.ui.text import clock_time, escaped
from meaux.ui.watching import Watch, refresh
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
ON_A_WALL = "30s"
"""The interval of a wall whose URL names none."""
EARLY = timedelta(seconds=1)
"""How much too early a browser's timer may run."""
HELP = (
    "Reads the rows of today again, and puts them into the sums per day. All else on the page is "
    "read again once an hour, or with Refresh data."
)


def chosen() -> str:
    """Return the interval in use, by its word in the URL."""
    word = st.session_state.get(KEY) or st.query_params.get(KEY, "")
    return word if word in INTERVALS else OFF


def begin() -> None:
    """Note for the run of a page whether it is live."""
    if wall.is_on() and KEY not in st.query_params and KEY not in st.session_state:
        st.session_state[KEY] = ON_A_WALL
    st.session_state[data.LIVE] = chosen() != OFF


def switch(why_not: str) -> None:
    """Draw the switch with its intervals; the URL keeps the choice."""
    label = "Live" if chosen() == OFF else f"Live: {chosen()}"
    with st.popover(label, icon=":material/sensors:", type="tertiary"):
        st.segmented_control(
            "Read today's rows again every",
            [OFF, *INTERVALS],
            default=OFF,
            required=True,
            key=KEY,
            help=HELP,
            bind="query-params",
        )
        if why_not:
            st.caption(escaped(why_not))
        wall.way_in()


def why_not(selection: Selection, asks: Sequence[Ask], *, filtered: bool) -> str:
    """Return why there is nothing to read again; empty if there is something."""
    if filtered and selection.today not in selection.period:
        return "Live has nothing to read: the period doesn't include today."
    if not any(_is_of_today(one) for one in asks):
        return "Live has nothing to read: this page has no sums per day that include today."
    return ""


def _is_of_today(one: Ask) -> bool:
    return one.query.name in BY_DAY and one.selection.today in one.selection.period


def follow(head: DeltaGenerator, title: str, selection: Selection, given: Settings) -> None:
    """Draw the line that follows the running day, in a fragment that reruns by itself."""
    waits = [INTERVALS[chosen()]] if chosen() != OFF else []
    if wall.is_on():
        waits.append(wall.every())
    if not waits:
        return
    asks = tuple(dict.fromkeys(receipt.current().asks))
    reason = why_not(selection, asks, filtered=pages.find(title).filtered)
    with head:
        st.fragment(_beat, run_every=min(waits))(asks, selection, given, reason)


def _beat(asks: tuple[Ask, ...], selection: Selection, given: Settings, reason: str) -> None:
    """Read again what may have changed if it is time, and say so."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        away = presence.away()
        is_seen = data.is_alone() and not away
        if is_seen:
            wall.turn()
        is_new = is_seen and chosen() != OFF and _read(asks, selection, given, reason)
        # A line that is drawn last stays until then; an empty place would move the page.
        if chosen() != OFF:
            st.caption(escaped(_said(away, selection, given, reason)), width="content")
    if is_new:
        st.rerun()


def _read(asks: tuple[Ask, ...], selection: Selection, given: Settings, reason: str) -> bool:
    """Refresh the kept answers if it is time; return whether to draw the page again."""
    if given.day(selection.zone) != selection.today:
        return True
    interval, watch = INTERVALS[chosen()], _watch()
    is_early = watch.checked and datetime.now(UTC) - watch.checked < interval - EARLY
    if reason or is_early or _used_up(given):
        return False
    with data.alone("Live"):
        return refresh(watch, asks, interval)


def _watch() -> Watch:
    found: Watch = st.session_state.setdefault("watch", Watch())
    return found


def _used_up(given: Settings) -> bool:
    return given.rows_a_day is not None and ROWS.used >= given.rows_a_day


def _said(away: str, selection: Selection, given: Settings, reason: str) -> str:
    """Return what the page does at the moment."""
    watch = _watch()
    if reason:
        return reason
    if _used_up(given):
        rows = counted(given.rows_a_day or 0, "row")
        return (
            f"Live has stopped: today's limit of {rows} read is reached. It resumes at 00:00 UTC."
        )
    if away == presence.BUSY:
        return "Live is paused while a dialog or menu is open."
    if watch.failed:
        return f"Live: {watch.failed}"
    checked = f"Live: checked {clock_time(watch.checked, selection.zone)}." if watch.checked else ""
    changed = f"New rows {clock_time(watch.changed, selection.zone)}." if watch.changed else ""
    return sentences(checked, changed) or "Live: waiting for the first check."
