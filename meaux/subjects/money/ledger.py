"""The ledger: the cost entries of an answer, and sentences on what they lack."""

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
from meaux.wording import enumerated, plural, sentences

LEFT_OUT = "left out of cost totals."


@dataclass(frozen=True, eq=False)
class Ledger:
    """The entries of an answer, or those of a period, and sentences on what they lack.

    The answer's columns are at least category, cost (missing if an entry has no price) and
    unpriced (the number of entries without one). A sentence is empty if nothing is lacking.
    """

    answer: Answer
    period: Period | None = None

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Return the rows of the answer that lie in the period."""
        frame = self.answer.frame
        return series.within(frame, self.period) if self.period else frame

    @property
    def has_prices(self) -> bool:
        """Return whether any entry has a price, or there are no entries."""
        return self.lines.empty or bool(self.lines["cost"].notna().any())

    @property
    def categories(self) -> list[Category]:
        """Return the selected categories whose source exists and supports the filters."""
        chosen = self.answer.selection.categories
        selected = [one for one in CATEGORIES if not chosen or one.name in chosen]
        return [one for one in selected if not self.answer.needed_of(one.table)]

    @property
    def fed(self) -> list[str]:
        """Return the names of these categories."""
        return [one.name for one in self.categories]

    @property
    def known(self) -> list[str]:
        """Return the names of those that have prices."""
        return [name for name in self.fed if name not in self.without_prices]

    @cached_property
    def without_prices(self) -> set[str]:
        """Return the categories that have entries, but no prices."""
        known = self.lines["cost"].notna().groupby(self.lines["category"]).any()
        return set(known.index[~known])

    @property
    def origin(self) -> str:
        """Name the table of each category; empty if the answer doesn't cover all categories."""
        answer = self.answer
        if not answer.sources.keys() | answer.without.keys() >= set(SOURCES):
            return ""
        feeding = (f"{one.name} from {answer.sources[one.table]}" for one in self.categories)
        return f"Cost sources: {', '.join(feeding)}."

    @property
    def gap(self) -> str:
        """Say which categories have no source."""
        return self._gap(CATEGORIES)

    @property
    def unrecorded(self) -> str:
        """Say which tables have entries, but no prices, and which lack the column for them."""
        bare = [one for one in CATEGORIES if one.name in self.without_prices]
        needed = {one.name: self.answer.without.get(f"{one.table}.cost") for one in bare}
        sources = self.answer.sources
        tables = [sources.get(one.table, one.table) for one in bare if not needed[one.name]]
        return sentences(
            f"No cost recorded in {enumerated(tables, 'or')}." if tables else "",
            *(f"No {name} cost: needs {words}." for name, words in needed.items() if words),
        )

    @property
    def unpriced(self) -> str:
        """Say how many entries have no price."""
        lines = int(self.lines["unpriced"].sum())
        if not lines:
            return ""
        have, are = ("entry has", "is") if lines == 1 else ("entries have", "are")
        return f"{lines:,} {have} no price and {are} {LEFT_OUT}"

    @property
    def gaps(self) -> str:
        """Say which categories a total lacks: those without a source or without prices."""
        return sentences(self.gap, self.unrecorded)

    @property
    def note(self) -> str:
        """Say all that a total lacks."""
        return sentences(self.gaps, self.unpriced)

    def caveats(self, by: Literal["project", "person"]) -> str:
        """Say all that costs by project or by person lack."""
        counted = [one for one in CATEGORIES if by == "project" or one.personal]
        return sentences(
            self._gap(counted), self._unattributed(by, counted), self.unrecorded, self.unpriced
        )

    def explain(self, answer: Answer) -> Answer:
        """Give an answer made of these entries the reason why it is empty, if none has a price."""
        return answer if self.has_prices else answer.if_empty(self.unrecorded)

    @property
    def priced(self) -> Answer:
        """Return the answer with the entries that have a price."""
        return self.explain(self.answer).map(lambda lines: lines.dropna(subset="cost"))

    def _gap(self, categories: Iterable[Category]) -> str:
        needed = {one.name: self.answer.needed_of(one.table) for one in categories}
        missing = [f"{name}, which needs {words}" for name, words in needed.items() if words]
        return f"Not included: {'; '.join(missing)}." if missing else ""

    def _unattributed(self, by: str, categories: Iterable[Category]) -> str:
        """Say which categories with a source can't be assigned to a project or a person."""
        without = self.answer.without
        needed = {one.name: without.get(f"{one.table}.{by}") for one in categories}
        return sentences(
            *(
                f"{one.name} costs can't be assigned to {plural(by)}: this needs {words}."
                for one in self.categories
                if (words := needed.get(one.name))
            )
        )
