"""Make a report: one reading of the database, its document, and the forms of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from meaux.data.access import EVERYTHING, Access
from meaux.data.database import Fetched, Outcome, Statement, fetch_each
from meaux.data.faults import Fault
from meaux.data.plan import Plan
from meaux.data.reporting import Paper
from meaux.data.source import Source
from meaux.query.answers import Answer, Ask, ask
from meaux.query.filters import Selection
from meaux.query.filters.period import DAY
from meaux.query.needs import Control, Met, Part, Request, meet
from meaux.query.rollups import rolled_up
from meaux.reports import html, message, notes, pdf, summary, text
from meaux.reports.cards import Blocks, broken, paired
from meaux.reports.cells import clean
from meaux.reports.database import Opened
from meaux.reports.document import Block, Document, Section, Words
from meaux.reports.kinds import Contents, Kind
from meaux.reports.scope import known_of
from meaux.subjects.events.frames import Trail, View
from meaux.subjects.figure import NumberCard
from meaux.subjects.money.cards.calendar import Year
from meaux.subjects.money.outlook import Scenario
from meaux.subjects.page import Controlled, Item, OnTop, Row, Tabs, parts
from meaux.wording import time_of

NOTES = "Data notes"
"""The section with what is missing, invalid or unreadable."""


@dataclass(frozen=True)
class Report:
    """A report as a document; each form is made when it is asked for."""

    document: Document
    paper: Paper = "a4"

    @property
    def title(self) -> str:
        """Its title with its period: `Weekly report, 22 Nov 2026`."""
        return f"{self.document.title}, {self.document.period}"

    @property
    def stem(self) -> str:
        """The name of its files without an ending: `meaux-weekly-2026-11-16`."""
        return self.document.stem

    @cached_property
    def html(self) -> str:
        """One file without scripts, with the charts in it."""
        return html.written(self.document, self.title)

    @cached_property
    def pdf(self) -> bytes:
        """The same as tagged PDF."""
        return pdf.written(self.document, self.title, self.paper)

    @cached_property
    def text(self) -> str:
        """The summary and the figures as plain text."""
        return text.written(self.document, self.title)

    def page(self, *, attached: bool) -> tuple[str, dict[str, bytes]]:
        """Return the HTML of a message's body, and its pictures (PNG) by their content IDs."""
        return message.written_page(self.document, self.title, attached=attached)

    def form(self, ending: str) -> bytes:
        """Return the contents of its file with an ending: html or pdf."""
        return self.html.encode() if ending == "html" else self.pdf

    def message(self, *, attached: bool = True) -> EmailMessage:
        """Return a message with the report in its body, without sender and recipients.

        `attached` adds the HTML and the PDF as files.
        """
        files = {f"{self.stem}.{ending}": self.form(ending) for ending in ("html", "pdf")}
        return message.written(self.document, self.title, self.text, files if attached else {})


@dataclass
class Reading:
    """How a report reads the database: the calls it made, and what they returned."""

    source: Source
    fetched: list[Fetched]
    calls: int = 0

    def fetch(self, wanted: Sequence[Statement]) -> list[Outcome]:
        """Fetch statements in one call."""
        self.calls += 1
        found = fetch_each(self.source.database, wanted)
        self.fetched.extend(one for one in found if isinstance(one, Fetched))
        return found

    def answers(self, asks: Mapping[str, Ask]) -> Mapping[str, Answer]:
        """Answer what a card asks when it is opened."""
        listed = list(asks.values())
        found = ask(listed, self.source.binding, self.fetch)
        return dict(zip(asks, found, strict=True))

    @property
    def at(self) -> datetime | None:
        """When the oldest of the data was read."""
        return min((one.at for one in self.fetched), default=None)


def make(
    kind: Kind, opened: Source, plan: Plan, selection: Selection, paper: Paper = "a4"
) -> Report:
    """Read the database once and make a report of it.

    A card without data, or one that fails, says so in its place.
    """
    access = EVERYTHING if selection.only is None else Access("viewer", selection.only)
    contents = kind.permitted(access)
    reading = Reading(opened, [])
    known = known_of(selection, opened, reading.fetch)
    controls = _controls(selection)
    request = Request(selection, plan, opened.binding, controls, known)
    of_summary = () if kind.page else summary.PARTS
    listed = [part for items in contents.values() for part in parts(items)]
    met = meet([*listed, *of_summary], request, reading.fetch, roll_up=rolled_up)
    blocks = Blocks(
        selection.zone,
        selection.period,
        kind.rows,
        reading.answers,
        Opened(opened, request.plan, reading.fetch),
    )
    sections = tuple(_sections(contents, met, blocks))
    faults = [*request.plan.faults, *(opened.faults if selection.only is None else ())]
    return Report(
        Document(
            kind.title,
            stem(kind, selection),
            selection.period,
            clean(kind.scope(selection)),
            _about(opened, reading, selection),
            () if kind.page else _summary(met),
            tuple(_with_notes(sections, met, faults)),
            tuple(one.query.name for one in met.answers.values() if one.state == "failed"),
        ),
        paper,
    )


def stem(kind: Kind, selection: Selection) -> str:
    """Name a file by its first day, and that of a page by its last day too."""
    days = f"{selection.period.start}" + (f"_{selection.period.last}" if kind.page else "")
    return f"meaux-{kind.name}-{days}"


def _controls(selection: Selection) -> tuple[Control, ...]:
    """Return the controls of all pages as a page is first opened."""
    view = View()
    return (
        Year(selection.today.year),
        Scenario(0.0, 0.0, selection.today + DAY),
        view,
        Trail(selection, view, [{}]),
    )


def _about(opened: Source, reading: Reading, selection: Selection) -> str:
    """Say which database was read and when."""
    at = reading.at
    when = f", read {time_of(at.astimezone(ZoneInfo(selection.zone)))}" if at else ""
    return clean(f"{opened.database.title}{when} ({selection.zone}).")


def _summary(met: Met) -> tuple[str, ...]:
    """Return the sentences of the summary, or why there are none."""
    try:
        return summary.sentences_of(summary.facts(met))
    except Exception as error:  # noqa: BLE001  whatever it is, the rest of the report stands
        return (broken("The summary", error),)


def _sections(contents: Contents, met: Met, blocks: Blocks) -> Iterator[Section]:
    """Yield each section that has a block."""
    for title, items in contents.items():
        if found := tuple(_blocks(items, met, blocks)):
            yield Section(title, found)


def _blocks(items: Sequence[Item], met: Met, blocks: Blocks) -> Iterator[Block]:
    for item in items:
        match item:
            case Row(columns, inside):
                yield from _row(inside, met, blocks, half=columns > 1)
            case Tabs(bodies):
                for body in bodies.values():
                    yield from _blocks(body, met, blocks)
            case Controlled():
                continue
            case OnTop(part):
                yield from _row((part,), met, blocks)
            case _:
                yield from _row((item,), met, blocks)


def _row(
    inside: Sequence[Part], met: Met, blocks: Blocks, *, half: bool = False
) -> Iterator[Block]:
    """Yield the figures of a row as one block, then its cards; charts in columns if `half`."""
    numbers = [part for part in inside if isinstance(part, NumberCard)]
    yield from blocks.numbers([(one.metric.label, partial(met.of, one)) for one in numbers])
    blocks.half = half
    cards = [part for part in inside if not isinstance(part, NumberCard)]
    made = [block for part in cards for block in blocks.of(_named(part), _making(met, part))]
    yield from paired(made) if half else made


def _making(met: Met, part: Part) -> Callable[[], object]:
    return partial(met.of, part)


def _named(part: Part) -> str:
    return part.__name__.replace("_", " ").capitalize()


def _with_notes(
    sections: Sequence[Section], met: Met, faults: Sequence[Fault]
) -> Iterator[Section]:
    """Add the sentences on what is missing to the last section, or as a section of their own."""
    said = tuple(clean(words) for words in notes.sentences_on(met, faults))
    yield from (one for one in sections if one.title != NOTES)
    of_notes = [block for one in sections if one.title == NOTES for block in one.blocks]
    if said or of_notes:
        yield Section(NOTES, (*([Words(said)] if said else []), *of_notes))
