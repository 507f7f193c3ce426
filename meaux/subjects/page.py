"""Page: which cards a page has, in which order and beside which others.

A page's script lists them and hands them to `show`. Whoever has it run says on a `stage` what is
done with them: the app draws them, the docs and Health read which queries they may ask.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property

from meaux.data.settings import PROJECT
from meaux.query import queries
from meaux.query.needs import Control, Part, queries_of
from meaux.query.queries import Query

FOLDER = PROJECT / "pages"

CHOICES = (queries.team_choices, queries.project_choices, queries.person_choices)
"""What the sidebar of every page offers to choose from."""


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
    """A control of the page itself, by the type of what is chosen by it."""

    control: type[Control]


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


def controlled(control: type[Control]) -> Controlled:
    """Have a control stand here; what is chosen is given to every card of the page."""
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
            case OnTop(inside):
                yield inside
            case Controlled():
                pass
            case _:
                yield item


@dataclass(frozen=True)
class Page:
    """A page by the title that its script begins with, what it lists, and what it may ask."""

    title: str
    script: str
    items: tuple[Item, ...]

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """Every query that it may ask, now or later, those of the sidebar included."""
        return tuple(dict.fromkeys([*CHOICES, *queries_of(parts(self.items))]))


@cache
def all_pages() -> tuple[Page, ...]:
    """Read every page, by folder and script."""
    return tuple(map(_read, sorted(str(s.relative_to(FOLDER)) for s in FOLDER.glob("*/*.py"))))


def _read(script: str) -> Page:
    listed: list[Item] = []
    with stage(listed.extend):
        found = runpy.run_path(str(FOLDER / script))
    title = str(found["__doc__"]).partition(":")[0]
    return Page(title, script, tuple(listed))


def pages_asking(names: Iterable[str]) -> tuple[str, ...]:
    """List the titles of the pages that may ask one of some queries."""
    wanted = set(names)
    return tuple(p.title for p in all_pages() if any(query.name in wanted for query in p.queries))
