"""A selection: everything the reader has chosen, in one value."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

from meaux.query.filters.comparison import Comparison, fair
from meaux.query.filters.period import EARLIEST, Period
from meaux.query.filters.zone import Offset, bounds, offsets
from meaux.wording import counted

GRAINS = {"auto": "Automatic", "day": "Day", "week": "Week", "month": "Month"}

DAYS_DRAWN_DAILY = 92
DAYS_DRAWN_WEEKLY = 370


@dataclass(frozen=True)
class Selection:
    """A period in a time zone, what it is compared with, how it is grained, and which rows.

    `teams`, `projects` and `people` are ids; an empty tuple is no restriction.
    """

    period: Period
    today: date
    zone: str = "UTC"
    compare: str = "previous"
    grain: str = "auto"
    teams: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def over(self, period: Period) -> Selection:
        """The same choices over another period."""
        return replace(self, period=period)

    def drawn_by(self, grain: str) -> Selection:
        """The same choices drawn by day, week or month."""
        return replace(self, grain=grain)

    @property
    def unnarrowed(self) -> Selection:
        """The same choices over all teams, projects and people."""
        return replace(self, teams=(), projects=(), people=())

    @property
    def comparison(self) -> Comparison | None:
        """Which days are held beside which; None where nothing is compared."""
        return fair(self.period, self.today, self.compare)

    @property
    def compared(self) -> Period | None:
        """The earlier days that this period is compared with, if any."""
        return self.comparison.then if self.comparison else None

    @property
    def comparable(self) -> Period | None:
        """The days of this period that a change is worked out from, if any."""
        return self.comparison.now if self.comparison else None

    @property
    def _comparable_end(self) -> date:
        over = self.comparable or self.period.before(self.today) or self.period
        return over.end

    @property
    def changes(self) -> str:
        """What a change is worked out from, in a sentence; empty where nothing is compared."""
        return f"Changes are of {self.comparable} vs {self.compared}." if self.comparison else ""

    @property
    def uncompared(self) -> str:
        """Why a period that is to be compared can't be yet, in a sentence; empty where it can."""
        if self.compare == "none" or self.period.start <= EARLIEST or self.comparison:
            return ""
        if self.today in self.period:
            return "Not compared: today is not over."
        return "Not compared: none of these days has begun."

    @property
    def drawn_grain(self) -> str:
        """The grain to draw: `day`, `week` or `month`."""
        if self.grain != "auto":
            return self.grain
        if self.period.days <= DAYS_DRAWN_DAILY:
            return "day"
        return "week" if self.period.days <= DAYS_DRAWN_WEEKLY else "month"

    @property
    def bounds(self) -> tuple[int, int]:
        """The period's first and last-plus-one instants, in epoch seconds."""
        return bounds(self.period, self.zone)

    @property
    def offsets(self) -> tuple[Offset, ...]:
        """The zone's offsets within the period."""
        return offsets(self.period, self.zone)

    @property
    def narrowed(self) -> bool:
        """Whether a team, a project or a person is chosen."""
        return bool(self.teams or self.projects or self.people)

    @property
    def rows_in_words(self) -> str:
        """Which rows are chosen: `2 teams and 1 person`; empty for all."""
        chosen = ((self.teams, "team"), (self.projects, "project"), (self.people, "person"))
        return " and ".join(counted(len(rows), noun) for rows, noun in chosen if rows)

    def overlooked(self, *, project: bool, person: bool) -> str:
        """A sentence that says which choices rows can't heed, given what they name; or nothing."""
        lacking = {
            "project": not project and bool(self.teams or self.projects),
            "person": not person and bool(self.people),
        }
        nouns = " and no ".join(noun for noun, lacks in lacking.items() if lacks)
        return f"These rows name no {nouns}: that choice changes nothing here." if nouns else ""

    def parameters(self) -> dict[str, str]:
        """The parameters that every query may name; one that is not set is left out.

        Lists travel as one JSON text, so that their length never meets D1's limit of 100.
        """
        chosen = {"teams": self.teams, "projects": self.projects, "people": self.people}
        drawn = {
            "start_day": str(self.period.start),
            "end_day": str(self.period.end),
            "comparable_end": str(self._comparable_end),
            "grain": self.drawn_grain,
        }
        return drawn | {name: json.dumps(ids) for name, ids in chosen.items() if ids}
