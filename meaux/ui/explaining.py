"""Explaining: the link to what changed, kept in the URL, and the button that opens it."""

from __future__ import annotations

import streamlit as st

from meaux.subjects.changes import EXPLAINED, options, sources
from meaux.subjects.figure import Figure
from meaux.subjects.rows import Opening
from meaux.ui import filters, opening, visitor
from meaux.ui.opening import CHANGED, SPLIT, WITHIN


def read() -> Opening | None:
    """Return the change that the URL opens, within its groups; None if it opens none."""
    metric = st.query_params.get(CHANGED)
    if metric is None:
        return None
    changes = options(Opening(metric), filters.current()) if metric in EXPLAINED else ()
    known = {group for change in changes for group in change.groups}
    return Opening(metric, tuple(pair for pair in opening.pairs(WITHIN) if pair[0] in known))


def open_(change: Opening) -> None:
    """Open what changed, within the groups of the opening."""
    opening.close_all()
    st.query_params[CHANGED] = change.metric
    st.query_params[WITHIN] = opening.written(change.of)


def close() -> None:
    """Close what changed."""
    for key in (CHANGED, WITHIN, SPLIT):
        st.query_params.pop(key, None)


def split() -> str | None:
    """Return by what the URL splits the change."""
    return st.query_params.get(SPLIT)


def split_by(group: str) -> None:
    """Split the change by this group."""
    st.query_params[SPLIT] = group


def may(change: Opening) -> bool:
    """Return whether this change is explained, and the visitor may see its rows."""
    if change.metric not in EXPLAINED:
        return False
    rights = {"files", *(source.right for source in sources(change))}
    return all(map(visitor.current().may, rights))


def of_figure(shown: Figure) -> Opening | None:
    """Return the change of a figure; None if it has none that is explained to the visitor."""
    change = Opening(shown.metric.name)
    known = shown.before is not None and shown.compared is not None
    return change if known and (shown.before or shown.compared) and may(change) else None


def button(change: Opening, key: str, label: str = "What changed") -> None:
    """Draw the button that opens what changed."""
    st.button(
        label,
        key=f"changed {key}",
        on_click=open_,
        args=(change,),
        icon=":material/difference:",
        type="tertiary",
    )
