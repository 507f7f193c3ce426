"""Cards: a title with a number, chart or table, or the state of its data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.data.database import Statement
from meaux.errors import DatabaseError
from meaux.query import export
from meaux.query.answers import Answer, without_query
from meaux.query.filters import Selection
from meaux.query.metrics import unit_of
from meaux.query.workbook import Sheet, facts, now_in
from meaux.subjects.absence import no_data, no_rows
from meaux.subjects.card import (
    Card,
    Chart,
    Download,
    Notice,
    Sentence,
    Switched,
    Table,
    Unfolded,
    covered,
)
from meaux.subjects.money.ledger import Ledger
from meaux.ui import (
    annotating,
    dataframe,
    explaining,
    files,
    filters,
    marks,
    number,
    opening,
    overlooked,
    pages,
    visitor,
)
from meaux.ui.drawer import content
from meaux.ui.error_boundary import error_boundary
from meaux.ui.loading import data, receipt
from meaux.ui.text import escaped, explained
from meaux.wording import sentences, shortly

Shape = TypeVar("Shape", Chart, Table)

PRICES = ("money", "price")
"""The units of costs."""


PICKED = "picked"
"""The name of the mark selection in every chart that has one."""

NARROWED = "Narrowed to what is selected in it."

ARROW = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""Between a page and its tab."""

NARROWEST = 230
"""Minimum width of a card in pixels; narrower cards wrap."""
OPENED = 6
"""The number of buttons for rows below a table; more are in a menu."""
CHARTS_ABREAST = 3
"""Maximum number of charts in a row; a row with more cards has numbers."""
NARROWEST_NUMBER = 190
"""Minimum width in a row with more cards: four numbers fit beside a laptop's sidebar."""


@contextmanager
def row(columns: int) -> Iterator[None]:
    """Open a row of cards of equal width and height; a narrow row wraps.

    An error between its cards, while an answer is computed, ends only this row.
    """
    narrowest = NARROWEST_NUMBER if columns > CHARTS_ABREAST else NARROWEST
    grid = st.grid(columns, min_column_width=narrowest, gap="small")
    with grid, receipt.showing(receipt.part(columns)), error_boundary("A row of cards"):
        yield


def draw(card: Card) -> None:
    """Draw a card of any shared type."""
    match card:
        case Chart():
            chart(card)
        case Switched():
            _switched(card)
        case Table():
            table(card)
        case Sentence():
            receipt.shown(card)
            st.caption(escaped(card.words))
        case Notice():
            words = sentences(card.words, overlooked.in_words())
            receipt.shown(replace(card, words=words))
            st.info(escaped(words), icon=f":material/{card.icon}:")
        case Unfolded():
            _unfolded(card)
        case Download():
            _download(card)


def _unfolded(card: Unfolded) -> None:
    with st.expander(
        card.label, key=card.key, icon=f":material/{card.icon}:", on_change="rerun"
    ) as it:
        if it.open:
            draw(card.made(data.answers(card.asks)))


def _download(card: Download) -> None:
    if not visitor.current().may("files"):
        return
    # One cell of a row: what is read from a cache leaves an empty element.
    with st.container():
        database = files.database(data.current_source())

        def made(answer: Answer) -> bytes:
            told = facts(answer.selection) | {"Database": database}
            return card.made(answer, told | {"Made": now_in(answer.selection.zone)})

        files.button(
            card.label,
            data.later(card.ask, made),
            export.file_name(card.subject, card.ask.selection, card.ending),
            help=card.about,
        )


def chart(card: Chart) -> None:
    """Draw a chart card."""
    card = _on_screen(card)
    priced = [card.answer] if card.metric.unit in PRICES else []
    with _framed(card.title, card.about or data.defined(card.metric), *priced) as head:
        _fill(card, head, partial(_drawn, card))
        if card.moved and all(explaining.may(change) for _, change in card.moved):
            _moved(card)


def _on_screen(card: Chart, title: str = "") -> Chart:
    """Return a chart's card as it is drawn, and note it, perhaps with another title, for paper.

    A chart that was clicked stays whole on the screen, where other marks can be clicked. On paper
    it is narrowed like the rest of its page.
    """
    drawn, narrowed = marks.whole(card), _noted(card)
    note = narrowed.note if drawn is card else sentences(narrowed.note, NARROWED)
    on_paper = replace(narrowed, title=title or card.title, note=note)
    receipt.shown(annotating.on_chart(on_paper))
    return narrowed if drawn is card else _noted(drawn)


def _moved(card: Chart) -> None:
    """Draw the choice of a mark, which opens what changed in it."""
    changes, key = dict(card.moved), f"what changed of {card.title}"

    def open_() -> None:
        if (chosen := st.session_state[key]) is not None:
            st.session_state[key] = None
            explaining.open_(changes[chosen])

    st.selectbox(
        "What changed",
        list(changes),
        None,
        key=key,
        on_change=open_,
        placeholder="What changed in …",
        label_visibility="collapsed",
    )


def _switched(card: Switched) -> None:
    definitions = (f"{option}: {data.defined(of)}" for option, (_, of) in card.options.items())
    answers = [answer for answer, _ in card.options.values()]
    with _framed(card.title, " ".join(definitions), *answers) as head:
        option = switch(f"{card.title} by", list(card.options), card.key)
        answer, metric = card.options[option]
        narrowed = Chart(card.title, answer, card.draw, metric, picks=card.picks)
        shown = _on_screen(narrowed, f"{card.title}: {option.lower()}")
        _fill(shown, head, partial(_drawn, shown))


def switch(label: str, options: Sequence[str], key: str) -> str:
    """Return the selected word; the URL keeps it unchanged, and the first is the default."""
    chosen = st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        label_visibility="collapsed",
        bind="query-params",
    )
    return chosen if chosen in options else options[0]


def table(
    card: Table,
    body: Callable[[pd.DataFrame], None] | None = None,
    foot: Callable[[], None] | None = None,
) -> None:
    """Draw a table card; `body` draws its rows in another way, `foot` draws below them."""
    card = _noted(annotating.on_table(card))
    receipt.shown(card)
    over, unit, pinned = card.answer.selection, card.unit, card.pinned
    listed = partial(dataframe.rows, card.title, selection=over, unit=unit, pinned=pinned)
    with _framed(card.title, explained(card.about, card.origin), card.answer) as head:
        _fill(card, head, body or listed)
        if card.opens:
            _openings(card)
        if foot:
            foot()


def _openings(card: Table) -> None:
    """Draw a button for the rows of each line that has one; the later ones are in a menu."""

    def draw(places: range) -> None:
        for place in places:
            label, rows = card.opens[place]
            opening.button(rows, f"{card.title} {place}", f"Rows: {escaped(label)}")

    count = len(card.opens)
    with st.container(horizontal=True, gap="xsmall"):
        draw(range(min(count, OPENED)))
        if count > OPENED and opening.may(card.opens[0][1]):
            with st.popover("Rows of others", icon=":material/table_rows:", type="tertiary"):
                draw(range(OPENED, count))


def made(  # noqa: PLR0913  a card has that many parts
    title: str,
    about: str,
    frame: pd.DataFrame,
    selection: Selection,
    body: Callable[[pd.DataFrame], None] | None = None,
    *,
    note: str = "",
    empty: str = "",
    **how: Any,
) -> None:
    """Draw a table card of a frame without a query; `how` sets other fields of its answer."""
    answer = without_query(about, frame, selection, **how)
    table(Table(title, answer, about, note, empty), body)


def failed(
    title: str, about: str, selection: Selection, statement: Statement, reason: DatabaseError
) -> None:
    """Draw a table card of a statement that the database didn't answer, with the reason."""
    how: dict[str, Any] = {"statement": statement, "state": "failed", "reason": str(reason)}
    made(title, about, pd.DataFrame(), selection, **how)


@contextmanager
def _framed(title: str, about: str, *answers: Answer) -> Iterator[DeltaGenerator]:
    """Draw a card's border and its head with the title; yield the head, to add to it."""
    parts = [part for answer in answers if _has_money(answer) for part in answer.made_of]
    meaning = explained(about, *dict.fromkeys(Ledger(part).origin for part in parts))
    with st.container(border=True, height="stretch", gap="medium"):
        head = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
        receipt.current().titles.append(title)
        head.header(escaped(title), anchor=False, help=meaning, width="stretch")
        with error_boundary(f"The card {title}"):
            yield head


def _has_money(answer: Answer) -> bool:
    """Return whether the answer has costs, so that the card names their tables."""
    return any(unit_of(str(column)) in PRICES for column in answer.frame)


def _fill(card: Chart | Table, head: DeltaGenerator, body: Callable[[pd.DataFrame], None]) -> None:
    """Draw the way to the card's data, then its body or the state of its data, then its note.

    A reason for the state isn't repeated in the note.
    """
    answer, held = card.answer, _held(card)
    with head:
        content.button(card)
    content.offer(card, held)
    if answer.state == "ready":
        body(answer.frame)
        receipt.sheet(held)
    else:
        _state(card.title, answer, card.empty)
    note = held.note.replace(answer.reason, "").strip() if answer.state == "empty" else held.note
    if note:
        st.caption(escaped(shortly(note)))
    if marks.are_still():
        content.folded(card, held)


def _noted(card: Shape) -> Shape:
    """Return the card with a note that also says which filters it ignores.

    So a file and a printed page say the same.
    """
    unfiltered = overlooked.in_words([card.answer], card.note)
    return replace(card, note=sentences(card.note, unfiltered))


def _held(card: Chart | Table) -> Sheet:
    """Return the rows of a card's CSV and of its sheet, and what is said about them."""
    about = card.about or (data.defined(card.metric) if isinstance(card, Chart) else "")
    return Sheet(
        card.title,
        card.answer.frame if card.file is None else card.file,
        about,
        sentences(
            covered(card, filters.current().period), card.note, *_unread(card.answer, card.empty)
        ),
        card.file_unit if isinstance(card, Chart) else card.unit,
        literal=card.answer.literal,
    )


def _unread(answer: Answer, empty: str) -> Iterator[str]:
    """Yield a sentence for each column with unreadable values; none if the card gives a reason."""
    if answer.state == "empty" and empty and not answer.reason:
        return
    for part in answer.made_of:
        yield from part.unread


def _drawn(card: Chart, frame: pd.DataFrame) -> None:
    drawn = data.kept(marks.drawing, card.draw, frame, card.metric, annotating.current())
    if drawn.is_annotated:
        annotating.note_drawn()
    if not card.opens:
        over = card.answer.selection.period
        of = marks.Marks(frame, card.draw, card.picks, filters.current(), over)
        marks.show(card.title, drawn, of, card)
        return
    page = pages.find(card.opens)
    # Streamlit takes the rows out of what it is given.
    chosen: Any = st.vega_lite_chart(
        spec={**drawn.spec},
        width="stretch",
        key=f"chart {card.title}",
        on_select="rerun",
        selection_mode=PICKED,
    )
    for mark in chosen.selection[PICKED]:
        pages.go(page, card.by, mark["label"])
    pages.links(page, card.by, frame[card.by])


def _state(title: str, answer: Answer, empty: str) -> None:
    match answer.state:
        case "empty" if answer.reason or empty:
            st.info(escaped(shortly(answer.reason or empty)), icon=":material/inbox:")
        case "empty" if answer.rowless:
            st.info(no_rows(answer, escaped), icon=":material/inbox:")
        case "empty":
            st.info(
                escaped(no_data(title, answer, filters.current().period)), icon=":material/inbox:"
            )
        case "unavailable" if answer.selection.only is not None:
            st.info(escaped(answer.reason), icon=":material/group_off:")
        case "unavailable":
            needs = escaped(_needs(answer.reason))
            st.info(
                f"Not available for this database. {needs} {number.MAPPABLE}",
                icon=":material/link_off:",
            )
        case "failed":
            st.error(escaped(answer.reason), icon=":material/error:")


def _needs(reason: str) -> str:
    """Return what a card needs, in short; the page Data lists all alternatives."""
    short = shortly(reason)
    if short == reason or not visitor.current().may("health"):
        return short
    return f"{short} See Data {ARROW} Health for all alternatives."
