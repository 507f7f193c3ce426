"""Printed: a page as its reader sees it, as PDF. Nothing is read from the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from meaux.data.reporting import Paper
from meaux.query.filters import Selection
from meaux.reports import pdf
from meaux.reports.cards import Blocks, paired
from meaux.reports.cells import clean
from meaux.reports.document import Block, Document, Section
from meaux.reports.kinds import ROWS_OF_PAGE
from meaux.subjects.card import Chart
from meaux.subjects.figure import Figure
from meaux.subjects.page import Shown
from meaux.wording import day_of, sentences, time_of

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class View:
    """A page as it was shown: its title, what it covers in words, its own filters, its cards.

    `filtered`: whether its period applies. `read` is when the oldest of its data were read; None
    if unknown.
    """

    title: str
    scope: str
    choices: Sequence[str]
    shown: Shown
    selection: Selection
    database: str
    read: datetime | None = None
    filtered: bool = True


def written(view: View, paper: Paper) -> bytes:
    """Return a page as PDF."""
    made = document(view)
    when = made.period if view.filtered else day_of(view.selection.today)
    return pdf.written(made, f"{made.title}, {when}", paper)


def document(view: View) -> Document:
    """Return a page as a document; each open tab is a section."""
    chosen = view.selection
    blocks = Blocks(chosen.zone, chosen.period, ROWS_OF_PAGE)
    at = view.read and time_of(view.read.astimezone(ZoneInfo(chosen.zone)))
    of_data = f"Data as of {at} ({chosen.zone})." if at else ""
    own = " ".join(f"{choice}." for choice in view.choices)
    return Document(
        clean(view.title),
        "",
        chosen.period,
        clean(sentences(view.scope, own, of_data, f"{view.database}.")),
        "",
        (),
        tuple(_sections(view.shown, blocks)),
    )


def _sections(page: Shown, blocks: Blocks) -> Iterator[Section]:
    """Yield what is outside of tabs as a section without a title, then each tab."""
    outside = Shown(page.columns)
    tabs: list[Shown] = []
    _part(page, outside, tabs)
    for title, part in [("", outside), *((tab.title, tab) for tab in tabs)]:
        if found := tuple(_blocks(part, blocks)):
            yield Section(clean(title), found)


def _part(of: Shown, outside: Shown, tabs: list[Shown]) -> None:
    """Move each tab of a part to the tabs, and the rest outside."""
    for one in of.cards:
        if isinstance(one, Shown) and one.title:
            tabs.append(one)
        elif isinstance(one, Shown):
            kept = Shown(one.columns)
            _part(one, kept, tabs)
            outside.cards.append(kept)
        else:
            outside.cards.append(one)


def _blocks(part: Shown, blocks: Blocks) -> Iterator[Block]:
    """Yield the blocks of a part, from top to bottom; its charts in columns if it has several."""
    together: list[object] = []
    for one in part.cards:
        if isinstance(one, Shown):
            yield from _row(together, blocks, half=part.columns > 1)
            together = []
            yield from _blocks(one, blocks)
        else:
            together.append(one)
    yield from _row(together, blocks, half=part.columns > 1)


def _row(cards: Iterable[object], blocks: Blocks, *, half: bool) -> Iterator[Block]:
    """Yield the figures as one block, then the cards; charts in two columns if `half`."""
    listed = list(cards)
    figures = [one for one in listed if isinstance(one, Figure)]
    yield from blocks.numbers([(one.metric.label, partial(_same, one)) for one in figures])
    others = [one for one in listed if not isinstance(one, Figure)]
    blocks.half = half and sum(isinstance(one, Chart) for one in others) > 1
    made = [block for one in others for block in blocks.of("", partial(_same, one))]
    yield from paired(made) if blocks.half else made


def _same(card: Kept) -> Kept:
    return card
