"""Overlooked: says which of the page's filters a card isn't narrowed by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from meaux.query.answers import Answer
from meaux.query.filters.selection import NOT_FILTERED, PARTIAL, REGARDLESS
from meaux.ui import choices, filters
from meaux.wording import enumerated

_overlooked: ContextVar[tuple[str, ...]] = ContextVar("overlooked", default=())


@contextmanager
def overlooking(names: tuple[str, ...]) -> Iterator[None]:
    """Draw cards that ask nothing which could be narrowed by these parts of a selection."""
    token = _overlooked.set(names)
    try:
        yield
    finally:
        _overlooked.reset(token)


def in_words(answers: Collection[Answer] = (), note: str = "") -> str:
    """Return a sentence on the filters that a card or none of some answers applies; or empty.

    What the `note` says already isn't said again.
    """
    if REGARDLESS in note:
        return ""
    chosen = filters.current()
    parts = [part for answer in answers for part in (answer, *answer.parts)]
    lacking = [
        choices.noun(kind)
        for kind, name in choices.FIELDS.items()
        if getattr(chosen, name)
        and (name in PARTIAL or NOT_FILTERED not in note)
        and (name in _overlooked.get() or _lacks(parts, name))
    ]
    words = [word for noun in lacking for word in noun.split(" or ")]
    return f"{NOT_FILTERED} {enumerated(words, 'or')}." if words else ""


def _lacks(parts: Collection[Answer], name: str) -> bool:
    """Return whether none of some answers is of what only some queries can be narrowed by."""
    return bool(
        name in PARTIAL and parts and not any(getattr(one.selection, name) for one in parts)
    )
