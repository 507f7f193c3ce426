"""Cards: a title, an answer, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import pandas as pd

from meaux.charts.layered import Drawn
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period
from meaux.query.metrics import Metric, Unit
from meaux.query.needs import parameters
from meaux.query.workbook import Facts
from meaux.subjects.rows import Opening

Draw = Callable[[pd.DataFrame, Metric], Drawn]
"""A function that draws a chart from a frame and a metric."""

Made = TypeVar("Made", bound="Callable[..., Card | tuple[Card, ...] | None]")


def grain_of(draw: Draw) -> str:
    """Return the grain that a chart is drawn by: day, week or month."""
    return str(getattr(draw, "keywords", {}).get("grain", "day"))


class Card:
    """An item of a page; a subject may have types of its own, which the app can draw."""


@dataclass(frozen=True)
class Chart(Card):
    """A chart of a metric.

    `about` is its definition, if it differs from the metric's, `note` a caption, `empty` the text
    if there is nothing. `file` holds the rows of its CSV and its sheet, if the chart shows more
    than its frame, and `file_unit` is the unit of numbers there whose column has none; `rows` are
    the rows that it is made of; `covers` says which days it covers, if it has more than one period
    of its own. A click on a mark, or a link below, opens the page with the title `opens` and sets
    its filter `by` to the mark's value in that column. `picks` names the filter (team, project,
    person, category, service, worker, status) that the values of a column stand for, by column: a
    click on a mark sets it. `moved` are the changes of its marks, each with its name.
    """

    title: str
    answer: Answer
    draw: Draw
    metric: Metric
    about: str = ""
    note: str = ""
    empty: str = ""
    file: pd.DataFrame | None = None
    file_unit: Unit | None = None
    opens: str = ""
    by: str = ""
    rows: Opening | None = None
    moved: tuple[tuple[str, Opening], ...] = ()
    picks: Mapping[str, str] = field(default_factory=dict)
    covers: str = ""


@dataclass(frozen=True)
class Switched(Card):
    """A chart with a switch between answers, each with its metric.

    `key` holds the chosen word in the URL; `picks` is that of a chart.
    """

    title: str
    options: Mapping[str, tuple[Answer, Metric]]
    draw: Draw
    key: str
    picks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table(Card):
    """A table, with the headings of its CSV and times in the selected zone.

    `unit` applies to numbers whose column has none; `pinned` names a column that stays visible;
    `file` holds the rows of its CSV and its sheet, if they differ from the table's; `origin` names
    the tables of its numbers, if its answer doesn't; `rows` are the rows that it is made of;
    `opens` are those behind single lines, each with the text of its button; `covers` says which
    days it covers, if it has more than one period of its own; `picks` is that of a chart. If it is
    `dated`, its days say which annotations lie beside them.
    """

    title: str
    answer: Answer
    about: str
    note: str = ""
    empty: str = ""
    unit: Unit | None = None
    pinned: str = ""
    file: pd.DataFrame | None = None
    origin: str = ""
    rows: Opening | None = None
    opens: tuple[tuple[str, Opening], ...] = ()
    picks: Mapping[str, str] = field(default_factory=dict)
    covers: str = ""
    dated: bool = False


@dataclass(frozen=True)
class Sentence(Card):
    """A line of small print between cards."""

    words: str


@dataclass(frozen=True)
class Notice(Card):
    """A message in a box of its own; `icon` is the name of a Material icon."""

    words: str
    icon: str


@dataclass(frozen=True)
class Unfolded(Card):
    """A card that is loaded and made only when its label is opened."""

    label: str
    key: str
    icon: str
    asks: Mapping[str, Ask]
    made: Callable[[Mapping[str, Answer]], Card]


@dataclass(frozen=True)
class Download(Card):
    """A button for a file that is loaded and made on a click.

    `made` gets the answer and what the file is: its filters, database and time. `subject` begins
    the file's name, `ending` ends it.
    """

    label: str
    about: str
    ask: Ask
    made: Callable[[Answer, Facts], bytes]
    subject: str
    ending: str = "csv"


@dataclass(frozen=True)
class Alert:
    """An alert; `recorded` by the database or found by a rule; `at` is its time, if known."""

    severity: str
    sentence: str
    recorded: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class Alerts(Card):
    """Alerts, most severe first; `failed` says why those of the database can't be read.

    If they are `folded`, the page has other cards, and shows only the first few at once.
    """

    lines: tuple[Alert, ...]
    note: str = ""
    failed: str = ""
    folded: bool = True


def covered(shown: Chart | Table, period: Period) -> str:
    """Say which days a card covers that ignores the period of its page or report."""
    if shown.answer.state != "ready":
        return ""
    own = shown.answer.selection.period
    words = str(own)
    return shown.covers or ("" if own == period else f"Covers {words[:1].lower()}{words[1:]}.")


def card(make: Made) -> Made:
    """Declare a function that makes a card, or several, of what its parameters need.

    The function returns None if there is nothing to show.

    Raises:
        TypeError: a parameter doesn't say how to get its value.
    """
    parameters(make)
    return make
