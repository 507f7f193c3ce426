"""Number cards: a figure with its change, its trend, and where it leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

import streamlit as st

from meaux.charts.sparkline import sparkline
from meaux.subjects.behind import BEHIND
from meaux.subjects.figure import Figure
from meaux.subjects.rows import Opening
from meaux.ui import explaining, filters, opening, overlooked, pages
from meaux.ui.error_boundary import error_boundary
from meaux.ui.loading import data, receipt
from meaux.ui.text import escaped, explained
from meaux.wording import sentences, shortly

DELTA_COLOURS: dict[str, Literal["normal", "inverse", "off"]] = {
    "up": "normal",
    "down": "inverse",
    "neither": "off",
}

MAPPABLE = "If your tables use other names, map them in `.streamlit/schema.toml`."


def draw(name: str, made: Callable[[], Figure], page: str = "") -> None:
    """Draw a number card of the figure that is made; `page` is the title of a page to link to.

    `name` is the card's name in the log if it fails.
    """
    with _framed_number(name):
        _shown(made(), page)


@contextmanager
def _framed_number(name: str) -> Iterator[None]:
    frame = st.container(border=True, height="stretch", gap="xsmall")
    with frame, error_boundary(f"The card {name}"):
        yield


def _shown(shown: Figure, page: str = "") -> None:
    shown = replace(shown, note=sentences(shown.note, overlooked.in_words(note=shown.note)))
    receipt.figure(shown)
    st.metric(
        shown.metric.label,
        shown.written,
        shown.delta,
        delta_color=DELTA_COLOURS[shown.metric.good],
        help=explained(data.defined(shown.metric), shown.origin)
        + (f" {MAPPABLE}" if shown.unanswered else ""),
        chart_data=data.kept(sparkline, shown.trend, shown.metric) or None,
        chart_type="area",
        delta_description=_versus(shown) if shown.delta is not None else None,
    )
    if shown.note:
        st.caption(escaped(shortly(shown.note)))
    _footer(shown, page)


def _versus(shown: Figure) -> str:
    """Return the compared days, without this year: four cards beside each other are narrow."""
    years = re.findall(r"\b\d{4}\b", shown.versus)
    this = str(filters.current().today.year)
    return shown.versus.removesuffix(f" {this}") if years == [this] else shown.versus


def _footer(shown: Figure, page: str) -> None:
    """Draw at the bottom of a number card where its number leads to."""
    known = shown.metric.name in BEHIND and shown.value is not None
    rows = Opening(shown.metric.name) if known else None
    change = explaining.of_figure(shown)
    has_buttons = change or (rows and opening.may(rows))
    if page or has_buttons:
        st.space("stretch")
    if page:
        pages.link(page)
    if has_buttons:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            opening.button(rows, shown.metric.name)
            if change:
                explaining.button(change, shown.metric.name)
