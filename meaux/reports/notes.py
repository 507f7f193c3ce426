"""Data notes: how new the data is, and what is missing, invalid or unreadable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meaux.data.faults import Fault
from meaux.query.answers import Answer
from meaux.query.needs import Met
from meaux.subjects.alerts.rules import Watched
from meaux.subjects.card import Table, card

MOST = 20
"""The most sentences of a kind."""


@card
def newest(watched: Watched) -> Table:
    """List the newest entry of each source of costs."""
    return Table("Newest entries", watched.newest_lines, about="The newest entry of each category.")


def sentences_on(met: Met, faults: Iterable[Fault]) -> tuple[str, ...]:
    """Return sentences on invalid entries, missing tables and unreadable values."""
    answers = [found for asked, found in met.answers.items() if not asked.spans]
    kinds = (
        [fault.sentence for fault in faults],
        [f"Not available: {words}" for words in _unavailable(answers)],
        [words for answer in answers for words in answer.unread],
    )
    return tuple(words for found in kinds for words in _first(found))


def _unavailable(answers: Iterable[Answer]) -> Iterator[str]:
    """Yield the reason of each query that the database can't answer."""
    for answer in answers:
        if answer.state in ("unavailable", "failed"):
            about = answer.query.about.rstrip(".")
            yield f"{about[:1].lower()}{about[1:]}: {answer.reason}"


def _first(found: list[str]) -> list[str]:
    every = list(dict.fromkeys(found))
    rest = len(every) - MOST
    return [*every[:MOST], f"{rest:,} more of this kind."] if rest > 0 else every
