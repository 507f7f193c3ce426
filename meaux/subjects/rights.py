"""Rights: what of a page its visitor may see."""

from __future__ import annotations

from collections.abc import Iterator

from meaux.data.access import Access, Right
from meaux.query.needs import Control, Part
from meaux.subjects.events.cards import log
from meaux.subjects.events.frames import Trail, View
from meaux.subjects.health.cards import catalog, health, sql
from meaux.subjects.page import Controlled, Item, OnTop, Row, Tabs

NEEDED: dict[Part | type[Control], Right] = {
    health: "health",
    catalog: "catalog",
    sql: "sql",
    log: "log",
    View: "log",
    Trail: "log",
}
"""The rights that some cards and controls need; all others need the right to pages."""


def permitted(items: tuple[Item, ...], access: Access) -> tuple[Item, ...]:
    """Return the items without what the visitor may not see; no tab or row stays empty."""
    return tuple(kept for item in items for kept in _permitted(item, access))


def _permitted(item: Item, access: Access) -> Iterator[Item]:
    match item:
        case Tabs(bodies):
            kept = {title: permitted(body, access) for title, body in bodies.items()}
            if full := {title: body for title, body in kept.items() if body}:
                yield Tabs(full)
        case Row(columns, inside):
            if cards := tuple(card for card in inside if _may(card, access)):
                yield Row(columns, cards)
        case OnTop(inside) | Controlled(inside):
            if _may(inside, access):
                yield item
        case _:
            if _may(item, access):
                yield item


def _may(part: Part | type[Control], access: Access) -> bool:
    return access.may(NEEDED.get(part, "pages"))
