"""What a card of one's own is on a page."""

from __future__ import annotations

from dataclasses import dataclass

from meaux.data.faults import Fault
from meaux.subjects.card import Card, Chart, Table
from meaux.subjects.figure import Figure
from meaux.subjects.own.frames import Column

ASK_THE_OWNER = "This card's file has a mistake; the owner of the dashboard can see it."
"""The message about a mistake for people who may not see the SQL."""


@dataclass(frozen=True)
class Own(Card):
    """A card of one's own: a chart, a table, or a table whose one number is drawn large.

    `columns` are those of its table. `fault` is the mistake in its file, which stands in its place.
    """

    shown: Chart | Table
    columns: tuple[Column, ...] = ()
    figure: Figure | None = None
    fault: Fault | None = None
