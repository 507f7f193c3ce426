"""Sessions that were left: how long they may come back, and how their memory and files return.

A session is one browser tab. Streamlit keeps it when its line breaks, so that it can come back,
but ends it only when another one is kept, and then leaves its event loop, with three open files,
in a cycle of references. Here sessions end in time, and what they held goes back to the system.
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

LOG = logging.getLogger(__name__)

EVERY = 2.0
"""How many seconds lie between two looks."""
A_MOMENT = 10.0
"""How many seconds every session that was left is kept: a line that broke is back by then."""
LEFT_KEPT = 10
"""How many of them are kept longer, for half of `server.disconnectedSessionTTL`: the newest ones.

At the whole of it Streamlit would forget them, and what they held with them."""

OPEN_FILES = 4_096
"""How many files this process would have open at most; a session takes four, a call a few."""

ARENAS = 2
"""In how many places threads take memory: in each, what one holds keeps the rest from returning."""
_M_ARENA_MAX = -8


@asynccontextmanager
async def tended(_app: object) -> AsyncIterator[None]:
    """Look after the sessions for as long as the server runs."""
    allow_open_files()
    share_memory()
    task = asyncio.create_task(_tend(Left()))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Left:
    """The sessions that were left, each with the moment at which that was seen."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}

    def over(self, left: list[str], longest: float) -> list[str]:
        """Which of them end now; `left` are all that nobody looks at, `longest` is in seconds."""
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
    """The sessions that there are, once those whose time is over have ended."""
    runtime = Runtime.instance()
    kept = {one.session.id for one in runtime._session_mgr.list_sessions()}  # noqa: SLF001
    absent = [one for one in kept if not runtime.is_active_session(one)]
    over = left.over(absent, st.get_option("server.disconnectedSessionTTL") / 2)
    for one in over:
        runtime.close_session(one)
    return kept.difference(over)


def give_back() -> None:
    """Give what nothing holds any more back to the system."""
    gc.collect()
    if trim := _of_the_c_library("malloc_trim"):
        trim(0)


def share_memory() -> None:
    """Have all threads take memory from a few places; elsewhere than on glibc, do nothing."""
    if mallopt := _of_the_c_library("mallopt"):
        mallopt(_M_ARENA_MAX, ARENAS)


def allow_open_files() -> None:
    """Raise how many files may be open, as far as the system lets this process."""
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
    """A function of the C library that this process runs on; None where it has none."""
    try:
        return getattr(ctypes.CDLL(None), name, None)
    except (OSError, TypeError):
        return None
