"""Overlooked: says which of the page's filters a card isn't narrowed by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from meaux.query.answers import Answer
from meaux.query.filters.selection import PARTIAL
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


def in_words(answers: Collection[Answer] = ()) -> str:
    """Return a sentence on the filters that none of some answers applies; or empty."""
    chosen = filters.current()
    if not any(getattr(chosen, name) for name in PARTIAL):
        return ""
    parts = [part for answer in answers for part in (answer, *answer.parts)]
    kinds = {name: choices.noun(kind) for kind, name in choices.FIELDS.items()}
    lacking = [
        kinds[name]
        for name in PARTIAL
        if getattr(chosen, name)
        and (
            name in _overlooked.get()
            or (parts and not any(getattr(part.selection, name) for part in parts))
        )
    ]
    return f"Not filtered by {enumerated(lacking, 'or')}." if lacking else ""
