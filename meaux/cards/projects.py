"""Projects: all of them, to be filtered and opened, and those in which nothing happens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from meaux import charts, costs, projects, queries
from meaux.answers import Answer, Ask
from meaux.cards.card import Card, Chart, Table, card
from meaux.filters import Selection
from meaux.metrics.costs import COST
from meaux.metrics.projects import PROGRESS
from meaux.needs import later
from meaux.plan import Plan
from meaux.projects import EveryProject, Listed, Stale, quiet_days
from meaux.queries import Query
from meaux.wording import counted, sentences

LINES = 20
"""How many deployments and how many activities the drawer lists."""

NONE_FITS = "No project fits these filters: choose fewer of them, or reset them in the sidebar."


@dataclass(frozen=True)
class Details:
    """What the drawer asks when it opens."""

    cost: Annotated[Query, later(queries.cost_by_day)]
    hours: Annotated[Query, later(queries.hours_by_person_day)]
    milestones: Annotated[Query, later(queries.milestones_of_projects)]
    assignments: Annotated[Query, later(queries.assignments)]
    deployments: Annotated[Query, later(queries.deployments)]
    activity: Annotated[Query, later(queries.latest_activity)]

    def asks(self, selection: Selection) -> dict[str, Ask]:
        """What is asked of one project; who belongs to it is told whoever is chosen."""
        return {
            "cost": Ask(self.cost, selection),
            "hours": Ask(self.hours, selection),
            "milestones": Ask(self.milestones, selection),
            "assignments": Ask(self.assignments, replace(selection, people=())),
            "deployments": Ask(self.deployments, selection, limit=LINES),
            "activity": Ask(self.activity, selection, limit=LINES),
        }


@dataclass(frozen=True)
class Listing(Card):
    """All projects, to be filtered, sorted and opened; what is left stands by cost and progress."""

    listed: Answer
    note: str
    details: Details
    every: Answer
    cost: Answer

    def placed(self, found: Answer) -> Chart:
        """The projects that are left, by cost and progress."""
        placed = projects.placed(found, self.cost)
        return Chart(
            "Cost and progress",
            placed,
            partial(charts.projects_by_two, across=PROGRESS),
            COST,
            note=sentences(projects.left_out(placed), projects.by_milestones(self.every)),
            empty=NONE_FITS,
        )


@card
def listing(
    listed: Listed,
    gaps: Annotated[str, projects.gaps],
    details: Details,
    every: EveryProject,
    cost: costs.ByProject,
) -> Listing:
    """Every project with what is known of it."""
    return Listing(listed, gaps, details, every, cost)


@card
def stale(quiet: Stale, plan: Plan) -> Table:
    """Projects under way without activity lately."""
    days = counted(quiet_days(plan), "day")
    return Table(
        "Stale projects",
        quiet,
        about=f"Projects under way in which nothing happened for {days}.",
        note=plan.said("thresholds.stale_project_days"),
        empty="Something happened lately in every project that is under way.",
    )
