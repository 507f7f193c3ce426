"""Annotations: what the charts of a page are annotated with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from meaux.charts.annotations import annotated
from meaux.charts.layered import Drawn
from meaux.data.faults import Fault
from meaux.data.notes import read_notes_file
from meaux.query.filters import Period, Selection
from meaux.query.metrics import Metric
from meaux.query.needs import Met, Part
from meaux.subjects.card import Chart, Draw, Table, grain_of
from meaux.subjects.money.cards.calendar import Year, calendar
from meaux.subjects.page import over_time
from meaux.subjects.timeline.annotations import (
    cut_off,
    recorded,
    recorded_in_year,
    together,
    with_beside,
    with_year,
)
from meaux.ui import filters
from meaux.ui.loading import data
from meaux.ui.text import escaped


@dataclass
class Noted:
    """The annotations of some charts, and whether one of these is over time."""

    frame: pd.DataFrame
    are_drawn: bool = False


_noted: ContextVar[Noted | None] = ContextVar("annotations", default=None)


def needed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return what some cards need for annotations; nothing if off, or if none is over time."""
    if not st.session_state.get(filters.ANNOTATED, False) or not data.kept(over_time, tuple(parts)):
        return ()
    return (recorded, recorded_in_year) if calendar in parts else (recorded,)


@contextmanager
def drawing(met: Met, wanted: Sequence[Part]) -> Iterator[None]:
    """Annotate the charts that are drawn inside, if annotations are wanted."""
    if not wanted:
        yield
        return
    found = newest = met.of(recorded)
    if recorded_in_year in wanted:
        newest = met.of(recorded_in_year)
        found = data.kept(with_year, found, newest, met.request.selection)
    notes = read_notes_file(data.current_settings().notes_file).notes
    noted = Noted(data.kept(together, found, notes, _over(met, wanted), filters.known()))
    token = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(token)
    if noted.are_drawn and (words := data.kept(cut_off, newest)):
        st.caption(escaped(words))


def _over(met: Met, wanted: Sequence[Part]) -> Selection:
    """Return what the annotations are of: the period, and the calendar's year if it is shown."""
    selection = met.request.selection
    if recorded_in_year not in wanted:
        return selection
    year, period = met.request.given(Year).days(selection).period, selection.period
    return selection.over(Period(min(year.start, period.start), max(year.end, period.end)))


def current() -> pd.DataFrame | None:
    """Return the annotations of the charts that are drawn here; None for none."""
    noted = _noted.get()
    return noted.frame if noted else None


def note_drawn() -> None:
    """Note that a chart was drawn with the annotations."""
    if noted := _noted.get():
        noted.are_drawn = True


def on_chart(card: Chart) -> Chart:
    """Return a chart that is annotated wherever it is drawn, such as on paper."""
    noted = current()
    return card if noted is None else replace(card, draw=partial(_annotated, card.draw, noted))


def _annotated(draw: Draw, noted: pd.DataFrame, frame: pd.DataFrame, metric: Metric) -> Drawn:
    return annotated(draw(frame, metric), noted, grain_of(draw))


def on_table(card: Table) -> Table:
    """Return a table with the annotations of its days, if it has days."""
    noted = current()
    if not card.dated or noted is None or card.answer.state != "ready":
        return card
    frame = data.kept(with_beside, card.answer.frame, noted)
    return replace(card, answer=card.answer.with_frame(frame))


def faults() -> list[Fault]:
    """Return the mistakes in the file of notes."""
    return list(read_notes_file(data.current_settings().notes_file).faults)
