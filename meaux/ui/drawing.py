"""Drawing: loads the cards of a page in one call, and draws them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.query.needs import Control, Met, Part, Request
from meaux.subjects import rights
from meaux.subjects.alerts.cards import Course
from meaux.subjects.card import Alerts, Card
from meaux.subjects.events.cards import Log
from meaux.subjects.events.frames import Trail, View
from meaux.subjects.figure import Figure, NumberCard, made
from meaux.subjects.health.cards import SQL, Catalog, Health
from meaux.subjects.money.cards.calendar import Year
from meaux.subjects.money.outlook import Scenario
from meaux.subjects.own.cards import Own
from meaux.subjects.own.heading import MY_CARDS
from meaux.subjects.page import Controlled, Item, OnTop, Row, Tabs, parts
from meaux.subjects.people.cards import TeamTiles
from meaux.subjects.projects.cards import Listing
from meaux.ui import (
    alerts,
    annotating,
    cards,
    controls,
    course,
    filters,
    log,
    number,
    own,
    projects,
    tabs,
    teams,
    visitor,
)
from meaux.ui.data_page import catalog, health
from meaux.ui.error_boundary import error_boundary
from meaux.ui.loading import data, receipt
from meaux.ui.overlooked import overlooking

CONTROLS: dict[type[Control], Callable[..., Control]] = {
    Year: controls.year,
    Scenario: controls.scenario,
    View: log.filters,
    Trail: log.trail,
}
"""How each control is drawn."""

NOTHING: Mapping[Part, Figure | Exception] = MappingProxyType({})

Placed = tuple[Item, AbstractContextManager[object]]
"""An item, and where it is drawn."""


def show(items: tuple[Item, ...], title: str) -> None:
    """Draw the items of the page with this title that its visitor may see."""
    binding = data.current_source().binding
    given = (filters.current(), data.current_plan(), binding)
    request = Request(*given, known=filters.known())
    permitted = rights.permitted(items, visitor.current())
    shown = own.below(permitted, title)
    if title == MY_CARDS and not shown:
        own.none_yet()
    with receipt.showing(receipt.current().page):
        _show(shown, title, request)


def _show(items: tuple[Item, ...], title: str, request: Request) -> None:
    """Draw the controls, load what the cards need in one call, and draw the cards."""
    placed, request = _controlled(items, request)
    shown = tuple(parts(tuple(item for item, _ in placed if not isinstance(item, Tabs))))
    also = annotating.needed(shown)
    met = data.meet([*shown, *also], request)
    listed = [(item, place, receipt.part()) for item, place in placed]
    with annotating.drawing(met, also):
        for item, place, part in sorted(listed, key=lambda one: isinstance(one[0], OnTop)):
            with place, receipt.showing(part):
                _draw(item, title, met)


def _controlled(items: tuple[Item, ...], request: Request) -> tuple[list[Placed], Request]:
    """Draw the controls; items above a control, or on top, get a placeholder."""
    placed: list[Placed] = []
    last = max((n for n, one in enumerate(items) if isinstance(one, Controlled)), default=-1)
    above: DeltaGenerator | None = None
    for place, item in enumerate(items):
        if isinstance(item, Controlled):
            above, request = None, request.choosing(Met(request).of(CONTROLS[item.control]))
        elif isinstance(item, OnTop):
            above = None
            placed.append((item, st.container()))
        elif place < last:
            above = above or st.container()
            placed.append((item, above))
        else:
            placed.append((item, nullcontext()))
    return placed, request


def _draw(item: Item, title: str, met: Met) -> None:
    match item:
        case Row(columns, inside):
            beside = _figures(inside, met)
            with cards.row(columns):
                for part in inside:
                    _card(part, title, met, beside)
        case Tabs(bodies):
            for tab, body in tabs.opened(bodies):
                with (
                    receipt.showing(receipt.part(title=tab)),
                    error_boundary(f"The tab {tab}"),
                ):
                    _show(body, title, met.request)
        case OnTop(part):
            _card(part, title, met)
        case Controlled():
            pass
        case _:
            _card(item, title, met)


def _figures(inside: Sequence[Part], met: Met) -> dict[Part, Figure | Exception]:
    """Make the figures of a row, which are written alike."""
    numbers = [part for part in inside if isinstance(part, NumberCard)]
    return dict(zip(numbers, made(partial(met.of, one) for one in numbers), strict=True))


def _card(
    part: Part, title: str, met: Met, beside: Mapping[Part, Figure | Exception] = NOTHING
) -> None:
    """Draw the card that a function makes; `beside` are the figures of its row."""
    with overlooking(met.overlooked(part)):
        _made(part, title, met, beside)


def _made(part: Part, title: str, met: Met, beside: Mapping[Part, Figure | Exception]) -> None:
    if isinstance(part, NumberCard):
        found = beside.get(part)
        figure = (lambda: found) if isinstance(found, Figure) else partial(met.of, part)
        number.draw(part.__name__, figure, "" if part.more == title else part.more)
        return
    with error_boundary(f"The card {part.__name__}"):
        shown = met.of(part)
        for card in shown if isinstance(shown, tuple) else [shown]:
            _kind(card)


def _kind(card: object) -> None:
    """Draw a card of any type: of one subject, or shared."""
    for kind, draw in DRAWN.items():
        if isinstance(card, kind):
            draw(card)
            return


def _console(tab: SQL) -> None:
    # Its parser takes a tenth of a second to import, which only this tab needs.
    from meaux.ui.data_page import sql  # noqa: PLC0415

    sql.tab(tab.selection)


DRAWN: dict[type, Callable[[Any], None]] = {
    Alerts: alerts.draw,
    Course: course.draw,
    TeamTiles: teams.draw,
    Listing: projects.draw,
    Log: log.draw,
    Health: lambda card: health.tab(card.selection),
    Catalog: lambda card: catalog.tab(card.selection),
    SQL: _console,
    Own: own.draw,
    Card: cards.draw,
}
"""How a card of each type is drawn; the first type that fits counts."""
