"""Pages: the cards of each page, in order.

A page's script lists them and passes them to `show`. The caller that runs it sets a `stage`: the
app draws the cards, the docs and Health read which queries they may ask.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property

from meaux.data.settings import PROJECT
from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.needs import Control, Part, queries_of
from meaux.query.queries import Query

FOLDER = PROJECT / "pages"

CHOICES = (queries.team_choices, queries.project_choices, queries.person_choices)
"""The queries of the choices in every page's sidebar."""


def known_in(choices: Iterable[Answer]) -> frozenset[str]:
    """Return the ids and names in the answers to some choices, for `Request.known`."""
    return frozenset(str(one) for answer in choices for one in answer.frame.to_numpy().flat)


@dataclass(frozen=True)
class Row:
    """Cards of equal width and height next to each other."""

    columns: int
    items: tuple[Part, ...]


@dataclass(frozen=True)
class Tabs:
    """The cards of each tab by its title; those of the open one are loaded."""

    bodies: Mapping[str, tuple[Item, ...]]


@dataclass(frozen=True)
class OnTop:
    """A card that is drawn last, at the place where it is listed."""

    card: Part


@dataclass(frozen=True)
class Controlled:
    """A control of the page itself, by the type of its choice."""

    control: type[Control]


Item = Row | Tabs | OnTop | Controlled | Part


@dataclass
class Shown:
    """What a part of a page showed, in order: cards, figures and smaller parts.

    `columns` is the number of columns of its cards; a tab has a `title`.
    """

    columns: int = 1
    title: str = ""
    cards: list[object] = field(default_factory=list)


_stage: ContextVar[Callable[[tuple[Item, ...]], None]] = ContextVar("stage")


def row(columns: int, *cards: Part) -> Row:
    """Place cards next to each other, fewer if the page is narrow."""
    return Row(columns, cards)


def tabs(bodies: Mapping[str, tuple[Item, ...]]) -> Tabs:
    """Make a tab for each title."""
    return Tabs(bodies)


def on_top(card: Part) -> OnTop:
    """Place a card above others whose answers it waits for."""
    return OnTop(card)


def controlled(control: type[Control]) -> Controlled:
    """Place a control here; every card of the page gets its choice."""
    return Controlled(control)


def show(*items: Item) -> None:
    """Show the cards of a page, from top to bottom."""
    _stage.get()(items)


def over_time(parts: Iterable[Part]) -> bool:
    """Return whether some cards may show values by day, which can be annotated."""
    return any("day" in query.returns for query in queries_of(parts))


@contextmanager
def stage(shown: Callable[[tuple[Item, ...]], None]) -> Iterator[None]:
    """Set what happens to the cards of the pages that are run inside."""
    token = _stage.set(shown)
    try:
        yield
    finally:
        _stage.reset(token)


def parts(items: tuple[Item, ...]) -> Iterator[Part]:
    """Return every card of a page, including those of all tabs."""
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
    """A page: the title that its script begins with, its items and its queries."""

    title: str
    script: str
    items: tuple[Item, ...]

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """Return every query that it may ask, now or later, including the sidebar's."""
        own = queries_of(parts(self.items))
        beside = [queries.annotations] if any("day" in query.returns for query in own) else []
        return tuple(dict.fromkeys([*CHOICES, *own, *beside]))


@cache
def titles() -> tuple[str, ...]:
    """Return the title of every page, by folder and script; no script is run."""
    found = []
    for script in sorted(FOLDER.glob("*/*.py")):
        with script.open(encoding="utf-8") as lines:
            found.append(next(lines).strip('"').partition(":")[0])
    return tuple(found)


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
