"""Trial mapping: one browser session uses a mapping before it is saved to the file.

Other sessions and their cache don't change: the mapping is kept in the session, and its binding has
its own fingerprint and so its own cache entries.
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
from meaux.ui.loading import receipt
from meaux.ui.text import escaped
from meaux.wording import enumerated

LINES, OPENED = "tried mapping", "tried source"


class _Opened(NamedTuple):
    """The trial source, the source that it is based on, and the mapping."""

    base: Source
    lines: str
    tried: Source


def begin(logical: str, lines: str) -> None:
    """Add the mapping of a logical table to the session's trial mapping."""
    st.session_state[LINES] = {**st.session_state.get(LINES, {}), logical: lines}


def stop() -> None:
    """End the trial mapping of the session."""
    st.session_state.pop(LINES, None)
    st.session_state.pop(OPENED, None)


def lines() -> str:
    """Return the trial mapping as lines of `schema.toml`; empty if there is none."""
    return "\n".join(st.session_state.get(LINES, {}).values())


def opened(base: Source, also: Callable[[Binding], Sequence[Statement]]) -> Source:
    """Return the source of this session: with its trial mapping, or the base.

    Starting a trial takes one database call. An invalid mapping is dropped, with a notice.
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
    """Draw a badge for the trial mapping, with its tables and a button to stop."""
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
