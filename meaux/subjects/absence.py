"""Absence: why a card shows nothing, in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import EARLIEST
from meaux.query.filters.selection import NOUNS
from meaux.wording import enumerated, sentences

NAMES = {"Workers"}
"""Words that keep their capital letter inside a sentence."""


def no_rows(answer: Answer, written: Callable[[str], str] = str) -> str:
    """Say that the tables of an answer are empty; `written` writes their names."""
    have = "has" if len(answer.rowless) == 1 else "have"
    return f"No data yet: {written(enumerated(answer.rowless))} {have} no rows."


def no_data(title: str, answer: Answer, period: Period) -> str:
    """Say that a card has no data for the filters that it uses, and which of them to change.

    `period` is that of the page.
    """
    chosen, span = _heeded(answer), answer.selection.period
    timed = answer.timed and span.start > EARLIEST
    other = "an earlier period" if span.start > chosen.today else "a longer period"
    changes = [other] * (timed and span == period) + ["fewer filters"] * chosen.narrowed
    within = f" {'on' if span.days == 1 else 'in'} {span}" if timed else ""
    rows = f" for {chosen.rows_in_words}" if chosen.narrowed else ""
    advice = f"Choose {enumerated(changes, 'or')}." if changes else ""
    return sentences(f"No data for {in_sentence(title)}{within}{rows}.", advice)


def _heeded(answer: Answer) -> Selection:
    """Return the selection without the filters that the query can't be narrowed by."""
    asked = Ask(answer.query, answer.selection)
    lost: dict[str, Any] = {name: () for name in NOUNS if not asked.may_heed(name)}
    return replace(asked.selection, **lost)


def in_sentence(title: str) -> str:
    """Return a title for use inside a sentence: in lower case, unless it starts with a name."""
    first = title.partition(" ")[0]
    return title if first in NAMES or not first.istitle() else f"{title[:1].lower()}{title[1:]}"
