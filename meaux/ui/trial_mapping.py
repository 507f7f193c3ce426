"""Trial mapping: one browser session reads the database by a mapping before it is written down.

What others see, and what is cached for them, stays as it is: the mapping is kept in the session,
and its binding has a fingerprint, and with it a place in the cache, of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from meaux.data import source
from meaux.data.database import Statement
from meaux.data.schema import Binding
from meaux.data.source import Source
from meaux.errors import MeauxError
from meaux.ui import receipt
from meaux.ui.text import escaped
from meaux.wording import enumerated

LINES, OPENED = "tried mapping", "tried source"


class _Opened(NamedTuple):
    """A source as the session reads it, the one that it is made of, and the mapping between."""

    base: Source
    lines: str
    tried: Source


def begin(logical: str, lines: str) -> None:
    """Have the session read a logical table by these lines, besides those that it tries already."""
    st.session_state[LINES] = {**st.session_state.get(LINES, {}), logical: lines}


def stop() -> None:
    """Have the session read the database as everybody does."""
    st.session_state.pop(LINES, None)
    st.session_state.pop(OPENED, None)


def lines() -> str:
    """The mapping that is tried, as lines of `schema.toml`; empty while none is."""
    return "\n".join(st.session_state.get(LINES, {}).values())


def opened(base: Source, also: Callable[[Binding], Sequence[Statement]]) -> Source:
    """The source as this session reads it: by the mapping that it tries, or as it is.

    It takes one call to the database when the trial begins. A mapping that can't be used is given
    up, and the session is told why.
    """
    wanted = lines()
    if not wanted:
        return base
    held: _Opened | None = st.session_state.get(OPENED)
    if held is None or held.base is not base or held.lines != wanted:
        try:
            receipt.count_call()
            held = _Opened(base, wanted, source.remapped(base, wanted, also))
        except MeauxError as error:
            stop()
            st.toast(
                f"This mapping doesn't work. {escaped(str(error))}", icon=":material/link_off:"
            )
            return base
        st.session_state[OPENED] = held
    return held.tried


def mark(now: Source) -> None:
    """Say that a mapping is being tried, which tables it has read, and how to stop."""
    tried = st.session_state.get(LINES)
    if not tried:
        return
    read: dict[str, list[str]] = {}
    for logical in tried:
        bound = now.binding.tables.get(logical)
        read.setdefault(bound.physical if bound else "nothing", []).append(logical)
    words = "; ".join(f"{enumerated(names)} from {table}" for table, names in read.items())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge("Trying a mapping", icon=":material/experiment:", color="violet")
        st.caption(f"{escaped(words)}. Only you see it.", width="stretch")
        st.button("Stop", on_click=stop, icon=":material/stop_circle:", type="tertiary")
