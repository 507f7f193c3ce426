"""What a card is: a title, what the data say, and how that is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import pandas as pd

from meaux.charts.layered import Drawn
from meaux.query.answers import Answer, Ask
from meaux.query.metrics import Metric, Unit
from meaux.query.needs import parameters

Draw = Callable[[pd.DataFrame, Metric], Drawn]
"""A function from a frame and a metric to a chart."""

Made = TypeVar("Made", bound="Callable[..., Card | tuple[Card, ...] | None]")


class Card:
    """What stands on a page; a subject may have kinds of its own, which the app can draw."""


@dataclass(frozen=True)
class Chart(Card):
    """A chart of a metric.

    `about` is its definition, if the metric's won't do, `note` a caption, `empty` what to say where
    there is nothing. `file` is what its CSV and its sheet hold, where the chart shows more than its
    frame. A click on a mark, or a link below, opens the page of the title `opens` with its filter
    `by` set to the mark's value in the column of that name.
    """

    title: str
    answer: Answer
    draw: Draw
    metric: Metric
    about: str = ""
    note: str = ""
    empty: str = ""
    file: pd.DataFrame | None = None
    opens: str = ""
    by: str = ""


@dataclass(frozen=True)
class Switched(Card):
    """A chart with a switch between answers, each with its metric.

    `key` holds the chosen word in the URL.
    """

    title: str
    options: Mapping[str, tuple[Answer, Metric]]
    draw: Draw
    key: str


@dataclass(frozen=True)
class Table(Card):
    """A table, headed as its CSV is; points in time are shown in the selected zone.

    `unit` is that of the numbers whose column has none of its own; `pinned` names a column that
    stays in sight; `file` is what its CSV and its sheet hold, where the table shows something else;
    `origin` says which tables its numbers come from, where its answer can't.
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


@dataclass(frozen=True)
class Sentence(Card):
    """A line of small print between cards."""

    words: str


@dataclass(frozen=True)
class Notice(Card):
    """Something worth a box of its own; `icon` is the name of a Material icon."""

    words: str
    icon: str


@dataclass(frozen=True)
class Unfolded(Card):
    """A card that is made once its label is unfolded, of answers that are only then asked for."""

    label: str
    key: str
    icon: str
    asks: Mapping[str, Ask]
    made: Callable[[Mapping[str, Answer]], Card]


@dataclass(frozen=True)
class Download(Card):
    """A button for a CSV that is asked for and made when somebody clicks it."""

    label: str
    about: str
    ask: Ask
    made: Callable[[Answer], bytes]
    subject: str
    """What the name of the file begins with."""


@dataclass(frozen=True)
class Alert:
    """Something that needs a look; of one that the database recorded, since when, if it says."""

    severity: str
    sentence: str
    recorded: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class Alerts(Card):
    """Alerts, the most severe first; `failed` says why those of the database could not be read."""

    lines: tuple[Alert, ...]
    note: str = ""
    failed: str = ""


def card(make: Made) -> Made:
    """Declare a function as one that makes a card, or several, of what its parameters need.

    Where there is nothing to show it returns None.

    Raises:
        TypeError: a parameter says of nothing how to get it.
    """
    parameters(make)
    return make
