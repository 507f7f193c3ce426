"""A selection: all filters in one value."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from meaux.query.filters.comparison import Comparison, fair
from meaux.query.filters.period import EARLIEST, Period
from meaux.query.filters.zone import Offset, bounds, offsets
from meaux.wording import counted, enumerated, plural

GRAINS = {"auto": "Automatic", "day": "Day", "week": "Week", "month": "Month"}

MOST_NAMED = 3
"""How many selected rows of a kind a sentence names; more are counted."""
NOUNS = {
    "teams": "team",
    "projects": "project",
    "people": "person",
    "categories": "category",
    "services": "model or service",
    "workers": "Worker",
}
"""What can be selected, by its name in a selection, and the noun for one of them."""
PARTIAL = ("categories", "services", "workers")
"""Those by which only some queries can be narrowed."""
REGARDLESS = "regardless of filters"
"""The words of whatever ignores all filters."""
NOT_FILTERED = "Not filtered by"
"""The beginning of a sentence on filters that don't apply."""
DAYS_DRAWN_DAILY = 92
DAYS_DRAWN_WEEKLY = 370


@dataclass(frozen=True)
class Selection:
    """A period in a time zone, its comparison, its granularity, and the selected rows.

    `teams`, `projects` and `people` are ids, `categories`, `services` (models of AI among them) and
    `workers` are names as the database spells them; an empty tuple means no restriction. A query
    that can't be narrowed by one of the latter is asked without it (`kept_to`). `only` are names
    or ids of the only teams whose rows somebody may see; None for all. No method changes it.
    `between` are instants in epoch seconds, instead of those of the period's days; a query whose
    table has days only can't use them.
    """

    period: Period
    today: date
    zone: str = "UTC"
    compare: str = "previous"
    grain: str = "auto"
    teams: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    between: tuple[int, int] | None = None
    names: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)
    """Names of selected rows, by their noun and id: `("team", "team_lab")`."""

    def over(self, period: Period) -> Selection:
        """Return the same selection with another period."""
        return replace(self, period=period)

    def drawn_by(self, grain: str) -> Selection:
        """Return the same selection with another granularity: day, week or month."""
        return replace(self, grain=grain)

    @property
    def unnarrowed(self) -> Selection:
        """The same selection for all that may be seen."""
        return replace(
            self, teams=(), projects=(), people=(), categories=(), services=(), workers=()
        )

    def kept_to(self, parameters: Collection[str]) -> Selection:
        """Return the selection without categories, services or Workers that aren't parameters."""
        lost: dict[str, Any] = {
            name: () for name in PARTIAL if getattr(self, name) and name not in parameters
        }
        return replace(self, **lost) if lost else self

    @property
    def comparison(self) -> Comparison | None:
        """The compared days and their comparison period; None without comparison."""
        return fair(self.period, self.today, self.compare)

    @property
    def compared(self) -> Period | None:
        """The comparison period, if any."""
        return self.comparison.then if self.comparison else None

    @property
    def comparable(self) -> Period | None:
        """The compared days of this period, if any."""
        return self.comparison.now if self.comparison else None

    @property
    def _comparable_end(self) -> date:
        over = self.comparable or self.period.before(self.today) or self.period
        return over.end

    @property
    def changes(self) -> str:
        """A sentence that names the compared days and their comparison period; or empty."""
        return f"Change: {self.comparable} vs {self.compared}." if self.comparison else ""

    @property
    def uncompared(self) -> str:
        """A sentence on why the period can't be compared yet; empty if it can."""
        if self.compare == "none" or self.period.start <= EARLIEST or self.comparison:
            return ""
        if self.today in self.period:
            return "No comparison: today is not complete."
        return "No comparison: the period is in the future."

    @property
    def drawn_grain(self) -> str:
        """The granularity to draw: `day`, `week` or `month`."""
        if self.grain != "auto":
            return self.grain
        if self.period.days <= DAYS_DRAWN_DAILY:
            return "day"
        return "week" if self.period.days <= DAYS_DRAWN_WEEKLY else "month"

    @property
    def bounds(self) -> tuple[int, int]:
        """The period's first and last-plus-one instants, in epoch seconds."""
        return self.between or bounds(self.period, self.zone)

    @property
    def offsets(self) -> tuple[Offset, ...]:
        """The zone's offsets within the period."""
        return offsets(self.period, self.zone)

    @property
    def narrowed(self) -> bool:
        """Whether rows are selected by a filter, besides the period."""
        return any(getattr(self, name) for name in NOUNS)

    @property
    def everyone(self) -> str:
        """All that may be seen, in words: the whole company, or all teams of somebody."""
        return "the whole company" if self.only is None else "all your teams"

    def regardless(self, subject: str) -> str:
        """Return a sentence on what ignores the filters; empty if none is set.

        `subject` is its beginning with the verb: `Budgets cover`.
        """
        return f"{subject} {self.everyone}, {REGARDLESS}." if self.narrowed else ""

    @property
    def rows_in_words(self) -> str:
        """The selected rows: `team Lab and 4 projects`, up to three names; empty for all."""
        told = [
            f"{noun if len(names) == 1 else plural(noun)} {enumerated(names)}"
            if len(names) <= MOST_NAMED
            else counted(len(names), noun)
            for noun, names in self.named.items()
        ]
        return enumerated(told) if told else ""

    @property
    def named(self) -> dict[str, list[str]]:
        """The names, or else the ids, of the selected rows, by the noun for one of them."""
        return {
            noun: [self.names.get((noun, id_), id_) for id_ in getattr(self, name)]
            for name, noun in NOUNS.items()
            if getattr(self, name)
        }

    @property
    def sentence(self) -> str:
        """The period in words, its time zone, the filters and the comparison period."""
        rows = f", {self.rows_in_words} only" if self.narrowed else ""
        words = f"{self.period} ({self.zone}){self._now}{rows}{self._against}."
        return f"{words} Your teams only: {enumerated(self.only)}." if self.only else words

    @property
    def _now(self) -> str:
        """Whether the period includes today or is in the future; empty if it is complete."""
        if self.today in self.period:
            return ", including today so far"
        return ", entirely in the future" if self.today < self.period.start else ""

    @property
    def _against(self) -> str:
        """The comparison period, and the compared days if they aren't the whole period."""
        compared = self.comparison
        if not compared:
            return ""
        if compared.now.last == self.period.last:
            return f", compared with {compared.then}"
        return f". Changes compare {compared.now} with {compared.then}"

    def overlooked(self, *, project: bool, person: bool) -> str:
        """Return a sentence on filters that don't apply because rows lack the column; or empty."""
        heeded = {"teams": project, "projects": project, "people": person}
        nouns = [NOUNS[name] for name, is_ in heeded.items() if getattr(self, name) and not is_]
        return f"{NOT_FILTERED} {enumerated(nouns, 'or')}." if nouns else ""

    def parameters(self) -> dict[str, str]:
        """Return the parameters that every query may use, without those that aren't set.

        A list is one JSON text, so its length never reaches D1's limit of 100 parameters.
        """
        chosen = {name: getattr(self, name) for name in NOUNS}
        drawn = {
            "start_day": str(self.period.start),
            "end_day": str(self.period.end),
            "comparable_end": str(self._comparable_end),
            "grain": self.drawn_grain,
        }
        return drawn | {name: json.dumps(ids) for name, ids in chosen.items() if ids}
