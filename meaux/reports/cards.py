"""Cards: each card of a page as a part of a document."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from meaux.errors import MeauxError
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period
from meaux.query.metrics import Unit
from meaux.reports import pictures
from meaux.reports.cells import brief, clean, grid
from meaux.reports.database import Opened
from meaux.reports.document import (
    Beside,
    Block,
    Line,
    Lines,
    Listed,
    Missing,
    Number,
    Numbers,
    Picture,
    Tone,
    Words,
)
from meaux.subjects.absence import no_data, no_rows
from meaux.subjects.card import (
    Alerts,
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
from meaux.subjects.events.cards import Log
from meaux.subjects.figure import Figure, in_a_row, made
from meaux.subjects.people.cards import TeamTiles
from meaux.subjects.projects.cards import Listing
from meaux.subjects.projects.frames import IN_FILE, Choice, chosen
from meaux.wording import sentences, shortly

LOG = logging.getLogger(__name__)
MOST_DATA = 100
"""Rows of a chart's data that a report lists."""
FAILED = "This can't be shown because of an internal error. Report reference"


def _nothing(_asks: Mapping[str, Ask]) -> Mapping[str, Answer]:
    return {}


@dataclass
class Blocks:
    """Makes blocks of cards: tables with at most `limit` rows, times in the `zone`.

    `period` is that of the report. `answers` answers what a card asks when it is opened,
    `opened` what the page Data shows. If `half`,
    charts are as wide as a column.
    """

    zone: str
    period: Period
    limit: int
    answers: Callable[[Mapping[str, Ask]], Mapping[str, Answer]] = _nothing
    opened: Opened | None = None
    drawn: int = 0
    half: bool = False

    def of(self, title: str, make: Callable[[], object]) -> tuple[Block, ...]:
        """Return the blocks of what a function makes; an error is said in place.

        `title` stands above the error if no card is made.
        """

        def blocks() -> tuple[Block, ...]:
            found = make()
            return tuple(self._each(found if isinstance(found, tuple) else (found,)))

        return _guarded(title, blocks)

    @staticmethod
    def numbers(makes: Sequence[tuple[str, Callable[[], Figure]]]) -> Iterator[Block]:
        """Yield the figures of a row, each with its title, as one block, then the errors."""
        found = [*made(make for _, make in makes)]
        if known := tuple(_number(one) for one in found if isinstance(one, Figure)):
            yield Numbers(known)
        for (title, _), one in zip(makes, found, strict=True):
            if isinstance(one, Exception):
                yield Missing(title, broken(title, one), failed=True)

    def _each(self, cards: Iterable[object]) -> Iterator[Block]:
        """Yield the blocks of cards; figures that follow each other are one block."""
        for is_figure, group in groupby(cards, lambda card: isinstance(card, Figure)):
            if is_figure:
                figures = in_a_row(one for one in group if isinstance(one, Figure))
                yield Numbers(tuple(map(_number, figures)))
            else:
                for card in group:
                    yield from self._whole(card)

    def _whole(self, card: object) -> tuple[Block, ...]:
        """Return the blocks of a card, or its error below its title."""
        title = getattr(card, "title", type(card).__name__)
        return _guarded(clean(title), lambda: tuple(self._of(card)))

    def _of(self, card: object) -> Iterator[Block]:
        match card:
            case Alerts():
                yield from _alerts(card)
            case Chart():
                yield self._chart(card)
            case Switched():
                for option, (answer, metric) in card.options.items():
                    title = f"{card.title}: {option.lower()}"
                    yield self._chart(Chart(title, answer, card.draw, metric))
            case Table():
                yield self._table(card)
            case Sentence() | Notice():
                yield Words((clean(card.words),))
            case Unfolded():
                yield from self._of(card.made(self.answers(card.asks)))
            case _:
                yield from self._of_subject(card)

    def _of_subject(self, card: object) -> Iterator[Block]:
        """Yield the blocks of a card of one subject; nothing can be downloaded from a report."""
        match card:
            case TeamTiles():
                yield self._table(Table("Teams", card.answer, "", card.note))
            case Listing():
                yield from self._listing(card)
            case Log():
                yield self._table(card.table)
            case Download():
                return
            case Card() if self.opened:
                yield from self._each(self.opened.cards(card))

    def _chart(self, card: Chart) -> Block:
        answer = card.answer
        if answer.state != "ready":
            return self._missing(card.title, answer, card.empty, card.note)
        self.drawn += 1
        name = f"chart{self.drawn}"
        drawing = pictures.drawn(card.draw, answer.frame, card.metric, name, half=self.half)
        held = answer.frame if card.file is None else card.file
        data = grid(held, self.zone, min(self.limit, MOST_DATA), literal=answer.literal)
        note = sentences(covered(card, self.period), card.note)
        return Picture(clean(card.title), drawing, data, _note(note, answer))

    def _listing(self, card: Listing) -> Iterator[Block]:
        found = chosen(card.listed, Choice())
        listed = found.map(lambda frame: frame[IN_FILE])
        table = Table("Projects", listed, "", card.note, card.empty)
        yield from self._each((table, card.placed(found)))

    def _table(self, card: Table) -> Block:
        answer = card.answer
        if answer.state != "ready":
            return self._missing(card.title, answer, card.empty, card.note)
        note = sentences(covered(card, self.period), card.note)
        return self._listed(card.title, answer.frame, note, answer, card.unit)

    def _listed(
        self, title: str, frame: pd.DataFrame, note: str, answer: Answer, unit: Unit | None
    ) -> Listed:
        held = frame.replace("", None).notna().any().to_numpy()
        filled = frame if answer.literal else frame.loc[:, held]
        shown = grid(filled, self.zone, self.limit, unit, literal=answer.literal)
        return Listed(clean(title), shown, _note(note, answer))

    def _missing(self, title: str, answer: Answer, empty: str, note: str) -> Missing:
        words, failed = self._reason(title, answer, empty), answer.state == "failed"
        rest = note.replace(answer.reason, "").strip() if answer.reason else note
        return Missing(clean(title), clean(shortly(words)), failed, clean(shortly(rest)))

    def _reason(self, title: str, answer: Answer, empty: str) -> str:
        match answer.state:
            case "empty" if answer.reason or empty:
                return answer.reason or empty
            case "empty" if answer.rowless:
                return no_rows(answer)
            case "empty":
                return no_data(title, answer, self.period)
            case "unavailable" if answer.selection.only is None:
                return f"Not available for this database. {answer.reason}"
        return answer.reason


def _guarded(title: str, make: Callable[[], tuple[Block, ...]]) -> tuple[Block, ...]:
    """Return the blocks that a function makes, or an error."""
    try:
        return make()
    except MeauxError as error:
        return (Missing(title, clean(error), failed=True),)
    except Exception as error:  # noqa: BLE001  whatever it is, the rest of the report stands
        return (Missing(title, broken(title, error), failed=True),)


def _note(note: str, answer: Answer) -> str:
    unread = [words for part in answer.made_of for words in part.unread]
    return clean(shortly(sentences(note, *unread)))


def _number(figure: Figure) -> Number:
    delta = figure.delta
    change = "" if delta is None else str(delta) if delta else "no change"
    return Number(
        figure.metric.label,
        figure.written,
        change,
        _tone(figure),
        clean(figure.versus) if change else "",
        clean(shortly(figure.note)),
        clean(figure.words),
    )


def _tone(figure: Figure) -> Tone:
    """Say whether a figure changed for the better or the worse."""
    delta = figure.delta
    if not delta or figure.metric.good == "neither":
        return ""
    rose = not str(delta).startswith("-")
    return "good" if rose == (figure.metric.good == "up") else "bad"


def _alerts(strip: Alerts) -> Iterator[Block]:
    if strip.failed:
        yield Missing(
            "Recorded alerts", clean(f"They can't be loaded: {strip.failed}"), failed=True
        )
    if strip.lines or strip.note:
        lines = tuple(Line(one.severity, brief(one.sentence)) for one in strip.lines)
        yield Lines(lines, clean(strip.note))


def paired(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return charts in two columns, then the other blocks over the whole width.

    The last of an odd number of charts stands in the row before it.
    """
    listed = list(blocks)
    charts = [one for one in listed if isinstance(one, Picture | Missing)]
    last = max(len(charts) // 2, 1)
    for n in range(last if charts else 0):
        yield Beside(tuple(charts[2 * n :] if n == last - 1 else charts[2 * n : 2 * n + 2]))
    yield from (one for one in listed if not isinstance(one, Picture | Missing))


def broken(what: str, error: Exception) -> str:
    """Log an exception under a reference, and return a sentence with the reference."""
    reference = secrets.token_hex(3)
    LOG.error("%s failed in a report (reference %s)", what, reference, exc_info=error)
    return f"{FAILED} {reference}; details are in the log."
