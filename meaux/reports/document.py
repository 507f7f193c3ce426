"""A document: the contents of a report as plain texts, before HTML, PDF or a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from meaux.query.filters import Period

Tone = Literal["good", "bad", ""]


@dataclass(frozen=True)
class Number:
    """A figure: its label and value, its change with its comparison period, and its note.

    `words` say all of it in one sentence.
    """

    label: str
    value: str
    change: str
    tone: Tone
    versus: str
    note: str
    words: str


@dataclass(frozen=True)
class Numbers:
    """Figures next to each other."""

    items: tuple[Number, ...]


@dataclass(frozen=True)
class Grid:
    """The rows of a table as texts; `right` says which columns hold numbers.

    `left_out` is the number of rows beyond the limit.
    """

    headings: tuple[str, ...]
    right: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0

    @property
    def cut(self) -> str:
        """A sentence on the rows that are left out; empty for none."""
        whole = len(self.rows) + self.left_out
        return f"The first {len(self.rows):,} of {whole:,} rows." if self.left_out else ""


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG, for a wide and for a narrow page, and what it shows in words.

    Both are the same if the chart is only as wide as a column.
    """

    wide: str
    narrow: str
    words: str


@dataclass(frozen=True)
class Picture:
    """A card with a chart, and its data."""

    title: str
    drawing: Drawing
    data: Grid
    note: str = ""


@dataclass(frozen=True)
class Listed:
    """A card with a table."""

    title: str
    grid: Grid
    note: str = ""


@dataclass(frozen=True)
class Missing:
    """A card without data, and why; `failed` if the database or the product is at fault."""

    title: str
    words: str
    failed: bool = False
    note: str = ""


@dataclass(frozen=True)
class Line:
    """An alert: its severity and its sentence."""

    severity: str
    sentence: str


@dataclass(frozen=True)
class Lines:
    """Alerts, most severe first."""

    items: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True)
class Words:
    """A paragraph, or several as a list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """Up to three charts in two columns; each is as wide as a column."""

    items: tuple[Picture | Missing, ...]


Block = Numbers | Picture | Listed | Missing | Lines | Words | Beside


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report: its title, its period and filters in words, its summary, and its sections.

    `about` names the database and says when it was read. `unread` names the queries that the
    database failed to answer.
    """

    title: str
    stem: str
    period: Period
    scope: str
    about: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    unread: tuple[str, ...] = ()

    @property
    def blocks(self) -> Iterator[Block]:
        """All blocks, from top to bottom; those in two columns each on its own."""
        return apart(block for section in self.sections for block in section.blocks)

    @property
    def failed(self) -> tuple[str, ...]:
        """The titles of the cards that failed, and the queries that failed."""
        cards = [b.title for b in self.blocks if isinstance(b, Missing) and b.failed]
        return tuple(dict.fromkeys([*cards, *self.unread]))


def apart(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return blocks, those in two columns each on its own."""
    for block in blocks:
        yield from block.items if isinstance(block, Beside) else (block,)
