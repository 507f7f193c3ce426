"""The ledger: the lines of cost that an answer holds, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from meaux.data.categories import CATEGORIES, SOURCES, Category
from meaux.query import series
from meaux.query.answers import Answer
from meaux.query.filters import Period
from meaux.wording import enumerated, sentences

IN_NO_TOTAL = "in no total."


@dataclass(frozen=True, eq=False)
class Ledger:
    """The lines of an answer, or those of a period, and sentences on what they lack.

    The answer's columns are at least category, cost (missing where a line has no price) and
    unpriced (how many lines have none). A sentence is empty where there is nothing to say.
    """

    answer: Answer
    period: Period | None = None

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The rows of the answer that count."""
        frame = self.answer.frame
        return series.within(frame, self.period) if self.period else frame

    @property
    def has_prices(self) -> bool:
        """Whether a line has a price, or there is no line at all."""
        return self.lines.empty or bool(self.lines["cost"].notna().any())

    @property
    def categories(self) -> list[Category]:
        """The categories that the database has a source for that the filters can choose from."""
        return [one for one in CATEGORIES if not self.answer.needed_of(one.table)]

    @property
    def fed(self) -> list[str]:
        """The names of these categories."""
        return [one.name for one in self.categories]

    @property
    def known(self) -> list[str]:
        """The names of those of which each day's cost is known."""
        return [name for name in self.fed if name not in self.without_prices]

    @cached_property
    def without_prices(self) -> set[str]:
        """The categories that have lines, and no price of any."""
        known = self.lines["cost"].notna().groupby(self.lines["category"]).any()
        return set(known.index[~known])

    @property
    def origin(self) -> str:
        """Which table feeds each category; empty for an answer that isn't of all of them."""
        answer = self.answer
        if not answer.sources.keys() | answer.without.keys() >= set(SOURCES):
            return ""
        feeding = (f"{one.name} from {answer.sources[one.table]}" for one in self.categories)
        return f"{', '.join(feeding)}."

    @property
    def gap(self) -> str:
        """Which categories have no source."""
        return self._gap(CATEGORIES)

    @property
    def unrecorded(self) -> str:
        """Which tables have lines and no price of any."""
        bare = [one.table for one in CATEGORIES if one.name in self.without_prices]
        return f"No cost recorded in {enumerated([*map(self._table, bare)])}." if bare else ""

    @property
    def unpriced(self) -> str:
        """How many lines have no price."""
        lines = int(self.lines["unpriced"].sum())
        if not lines:
            return ""
        have, are = ("line has", "is") if lines == 1 else ("lines have", "are")
        return f"{lines:,} {have} no price and {are} {IN_NO_TOTAL}"

    @property
    def gaps(self) -> str:
        """Which categories a total lacks, for want of a source or of any price."""
        return sentences(self.gap, self.unrecorded)

    @property
    def note(self) -> str:
        """All that a total lacks."""
        return sentences(self.gaps, self.unpriced)

    def caveats(self, by: Literal["project", "person"]) -> str:
        """All that costs by project or by person lack."""
        counted = [one for one in CATEGORIES if by == "project" or one.personal]
        return sentences(
            self._gap(counted), self._unattributed(by, counted), self.unrecorded, self.unpriced
        )

    def explain(self, answer: Answer) -> Answer:
        """What was made of these lines; should it be empty for want of any price, it says so."""
        return answer if self.has_prices else answer.if_empty(self.unrecorded)

    @property
    def priced(self) -> Answer:
        """The answer with the lines that have a price."""
        return self.explain(self.answer).map(lambda lines: lines.dropna(subset="cost"))

    def _gap(self, categories: Iterable[Category]) -> str:
        needed = {one.name: self.answer.needed_of(one.table) for one in categories}
        missing = _needing(needed)
        return f"Without {' and '.join(missing)}." if missing else ""

    def _unattributed(self, by: str, categories: Iterable[Category]) -> str:
        """Which of the categories with a source don't say whose they are."""
        without = self.answer.without
        fed = [one for one in categories if one in self.categories]
        missing = _needing({one.name: without.get(f"{one.table}.{by}", "") for one in fed})
        return f"No {by} is known of {enumerated(missing)}." if missing else ""

    def _table(self, table: str) -> str:
        """A table by its name in the database, with the column that it lacks."""
        name = self.answer.sources.get(table, table)
        lacking = self.answer.without.get(f"{table}.cost")
        return f"{name} (needs {lacking})" if lacking else name


def _needing(needed: dict[str, str]) -> list[str]:
    """Each name that needs something, with what it needs in parentheses."""
    return [f"{name} (needs {words})" for name, words in needed.items() if words]
