"""Opening: the link to the rows behind a number, kept in the URL, and the button that opens it."""

from __future__ import annotations

import json

import streamlit as st

from meaux.query.answers import Position
from meaux.query.paging import Start
from meaux.subjects.behind import BEHIND
from meaux.subjects.listing import narrowing, start_of
from meaux.subjects.rows import Groups, Opening
from meaux.ui import visitor

METRIC, OF, AFTER = "behind", "of", "after"
"""The keys in the URL: the metric, the groups as `name:value`, and where the page begins."""
PROJECT, DATA = "open", "data"
"""The keys of the open project and of the card with open data; a page has one drawer."""
CHANGED, WITHIN, SPLIT = "changed", "within", "split"
"""The keys of an explained change: the metric, groups as `name:value`, and by what it is split."""
TRAIL = "pages of rows"
"""The pages of rows turned so far: where each begins, the open one last."""


def read() -> Opening | None:
    """Return the rows that the URL opens; None if it opens none. What isn't a group is left out."""
    metric = st.query_params.get(METRIC)
    if metric is None:
        return None
    behind = BEHIND.get(metric)
    return Opening(metric, narrowing(Opening(metric, pairs(OF)), behind) if behind else ())


def pairs(key: str) -> Groups:
    """Return the groups of a key in the URL."""
    found = [words.partition(":")[::2] for words in st.query_params.get_all(key)]
    return tuple((name, value) for name, value in found)


def written(of: Groups) -> list[str]:
    """Write groups for the URL."""
    return [f"{name}:{value}" for name, value in of]


def open_(rows: Opening) -> None:
    """Open these rows at their latest."""
    close_all()
    st.query_params[METRIC] = rows.metric
    st.query_params[OF] = written(rows.of)
    st.session_state[TRAIL] = [""]


def is_open() -> bool:
    """Return whether the URL opens rows or an explained change."""
    return METRIC in st.query_params or CHANGED in st.query_params


def close_all() -> None:
    """Close whichever drawer is open."""
    for key in (METRIC, OF, AFTER, CHANGED, WITHIN, SPLIT, PROJECT, DATA):
        st.query_params.pop(key, None)


def close() -> None:
    """Close the rows."""
    for key in (METRIC, OF, AFTER):
        st.query_params.pop(key, None)


def button(rows: Opening | None, key: str, label: str = "Show rows") -> None:
    """Draw the button that opens these rows, if there are any and the visitor may see them."""
    if rows and may(rows):
        st.button(
            label,
            key=f"rows {key}",
            on_click=open_,
            args=(rows,),
            icon=":material/table_rows:",
            type="tertiary",
        )


def may(rows: Opening) -> bool:
    """Return whether the visitor may see these rows: who may download files, and see their page."""
    access = visitor.current()
    rights = {"files", *(source.right for source in BEHIND[rows.metric].sources)}
    return all(map(access.may, rights))


def start() -> dict[str, Position]:
    """Return where the open page begins."""
    try:
        return start_of(json.loads(st.query_params.get(AFTER, "{}")))
    except (ValueError, RecursionError):
        return {}


def trail() -> list[str]:
    """Return the pages turned so far; a link begins a trail of its own."""
    words = st.query_params.get(AFTER, "")
    kept: list[str] = st.session_state.get(TRAIL, [])
    if words not in kept:
        kept = st.session_state[TRAIL] = ["", words] if words else [""]
    del kept[kept.index(words) + 1 :]
    return kept


def turn(words: str) -> None:
    """Turn to the page that begins there; empty for the latest."""
    if words:
        st.query_params[AFTER] = words
    else:
        st.query_params.pop(AFTER, None)


def older(begin: Start) -> None:
    """Turn to the next page."""
    words = json.dumps({table: [at.order, at.key] for table, at in begin.items()})
    trail().append(words)
    turn(words)
