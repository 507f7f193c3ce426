"""Disconnected sessions: how long they can reconnect, and how their memory and files are freed.

A session is one browser tab. Streamlit keeps it when its connection breaks, so that it can
reconnect, but ends it only when another one is kept, and then leaves its event loop, with three
open files, in a reference cycle. Here sessions end in time, and their memory and files are freed.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import streamlit as st
from streamlit.runtime import Runtime

from meaux.ui.serving import sockets

LOG = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two checks."""
A_MOMENT = 10.0
"""Seconds for which every disconnected session is kept: enough to reconnect."""
LEFT_KEPT = 10
"""How many of the latest are kept longer, for half of `server.disconnectedSessionTTL`.

At the full time Streamlit would forget them without freeing their memory."""

OPEN_FILES = 4_096
"""The requested limit of open files; a session takes four, a call a few."""

ARENAS = 2
"""Number of memory arenas; in each, memory in use can keep the rest from being freed."""
_M_ARENA_MAX = -8


@asynccontextmanager
async def tended(_app: object) -> AsyncIterator[None]:
    """End disconnected sessions in time, as long as the server runs."""
    allow_open_files()
    share_memory()
    sockets.send_at_once()
    task = asyncio.create_task(_tend(Left()))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Left:
    """The disconnected sessions, each with the time at which that was noticed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}

    def over(self, left: list[str], longest: float) -> list[str]:
        """Return the sessions to end now; `left` are all disconnected, `longest` is in seconds."""
        now = self._clock()
        self._since = {one: self._since.get(one, now) for one in left}
        newest = sorted(self._since, key=self._since.__getitem__, reverse=True)
        return [
            one
            for place, one in enumerate(newest)
            if now - self._since[one] >= (longest if place < LEFT_KEPT else min(A_MOMENT, longest))
        ]


async def _tend(left: Left) -> None:
    known: set[str] = set()
    while True:
        await asyncio.sleep(EVERY)
        try:
            kept = _kept(left)
            if known - kept:
                await asyncio.to_thread(give_back)
            known = kept
        except Exception:
            LOG.exception("Sessions that were left could not be ended")


def _kept(left: Left) -> set[str]:
    """End the sessions whose time is over, and return the others."""
    runtime = Runtime.instance()
    kept = {one.session.id for one in runtime._session_mgr.list_sessions()}  # noqa: SLF001
    absent = [one for one in kept if not runtime.is_active_session(one)]
    over = left.over(absent, st.get_option("server.disconnectedSessionTTL") / 2)
    for one in over:
        runtime.close_session(one)
    return kept.difference(over)


def give_back() -> None:
    """Return unused memory to the system."""
    gc.collect()
    if trim := _of_the_c_library("malloc_trim"):
        trim(0)


def share_memory() -> None:
    """Limit the number of memory arenas; only glibc has them."""
    if mallopt := _of_the_c_library("mallopt"):
        mallopt(_M_ARENA_MAX, ARENAS)


def allow_open_files() -> None:
    """Raise the limit of open files, as far as the system allows."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _of_the_c_library(name: str) -> Callable[..., int] | None:
    """Return a function of the C library; None if it doesn't have it."""
    try:
        return getattr(ctypes.CDLL(None), name, None)
    except (OSError, TypeError):
        return None
