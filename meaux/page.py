"""Page: which cards a page has, in which order and beside which others.

A page's script lists them and hands them to `show`. Whoever has it run says on a `stage` what is
done with them: the app draws them, the docs and Health read which queries they may ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from meaux.needs import Part


@dataclass(frozen=True)
class Row:
    """Cards of equal width and height beside each other."""

    columns: int
    items: tuple[Part, ...]


@dataclass(frozen=True)
class Tabs:
    """The cards of each tab by its title; those of the open one are loaded."""

    bodies: Mapping[str, tuple[Item, ...]]


@dataclass(frozen=True)
class OnTop:
    """A card that is drawn last, and stands where it is listed."""

    card: Part


@dataclass(frozen=True)
class Controlled:
    """A control of the page itself: a function that draws it and returns what is chosen."""

    control: Part


Item = Row | Tabs | OnTop | Controlled | Part

_stage: ContextVar[Callable[[tuple[Item, ...]], None]] = ContextVar("stage")


def row(columns: int, *cards: Part) -> Row:
    """Have cards stand beside each other, fewer where it is narrow."""
    return Row(columns, cards)


def tabs(bodies: Mapping[str, tuple[Item, ...]]) -> Tabs:
    """Have a tab for each title."""
    return Tabs(bodies)


def on_top(card: Part) -> OnTop:
    """Have a card stand above others whose answers it waits for."""
    return OnTop(card)


def controlled(control: Part) -> Controlled:
    """Have a control stand here; what it returns is given to every card of the page."""
    return Controlled(control)


def show(*items: Item) -> None:
    """Show the cards of a page, from top to bottom."""
    _stage.get()(items)


@contextmanager
def stage(shown: Callable[[tuple[Item, ...]], None]) -> Iterator[None]:
    """Say what is done with the cards of the pages that are run inside."""
    token = _stage.set(shown)
    try:
        yield
    finally:
        _stage.reset(token)


def parts(items: tuple[Item, ...]) -> Iterator[Part]:
    """Every card of a page, those of all tabs included."""
    for item in items:
        match item:
            case Row(_, inside):
                yield from inside
            case Tabs(bodies):
                for body in bodies.values():
                    yield from parts(body)
            case OnTop(inside) | Controlled(inside):
                yield inside
            case _:
                yield item
