"""Cards of projects: the list with its details, status, teams, activity and stale projects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from meaux import charts
from meaux.charts.colours import MUTED, STATUS
from meaux.data.plan import Plan
from meaux.data.schema.vocabulary import NO_TEAM
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection
from meaux.query.needs import asking, later
from meaux.query.queries import Query
from meaux.subjects.card import Card, Chart, Switched, Table, card
from meaux.subjects.money import frames as costs
from meaux.subjects.money.metrics import COST
from meaux.subjects.projects import frames as projects
from meaux.subjects.projects.frames import ByStatus, ByTeam, EveryProject, Listed, Stale, quiet_days
from meaux.subjects.projects.metrics import ACTIVITY, PROGRESS, PROJECTS, STANDING_PROJECTS
from meaux.wording import counted, sentences

LINES = 20
"""How many deployments and how many activities the drawer lists."""

TOP = 5
AS_HIGH_AS_RINGS = 48
"""Pixels of a row, so that its chart fills a card beside two rings."""
NEWEST = 10
"""How many projects, and how many activities, a card of Home lists."""

NO_PROJECT = "No projects recorded."
NONE_FITS = "No projects match these filters. Remove some or reset them in the sidebar."


@dataclass(frozen=True)
class Details:
    """The queries of the drawer, run when it opens."""

    cost: Annotated[Query, later(queries.cost_by_day)]
    hours: Annotated[Query, later(queries.hours_by_person_day)]
    milestones: Annotated[Query, later(queries.milestones_of_projects)]
    assignments: Annotated[Query, later(queries.assignments)]
    deployments: Annotated[Query, later(queries.deployments)]
    activity: Annotated[Query, later(queries.latest_activity)]

    def asks(self, selection: Selection) -> dict[str, Ask]:
        """Ask for the details of one project; its members regardless of the person filter."""
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
    """All projects, to filter, sort and open, and the same by cost and progress."""

    listed: Answer
    note: str
    details: Details
    every: Answer
    cost: Answer

    @property
    def empty(self) -> str:
        """Return the text if no project is listed: none matches the filters, or there are none."""
        listed = self.listed
        return NONE_FITS if len(listed.frame) or listed.selection.narrowed else NO_PROJECT

    def placed(self, found: Answer) -> Chart:
        """Show the projects that match, by cost and progress."""
        placed = projects.placed(found, self.cost)
        return Chart(
            "Cost vs progress",
            placed,
            partial(charts.scatter, across=PROGRESS, label="name", series="status", colours=STATUS),
            COST,
            note=sentences(projects.left_out(placed), projects.by_milestones(self.every)),
            empty=self.empty,
            picks={"name": "project", "status": "status"},
        )


@card
def listing(
    listed: Listed,
    gaps: Annotated[str, projects.gaps],
    details: Details,
    every: EveryProject,
    cost: costs.ByProject,
) -> Listing:
    """Show every project with all that is recorded of it."""
    return Listing(listed, gaps, details, every, cost)


@card
def stale(quiet: Stale, plan: Plan) -> Table:
    """Show active or in-progress projects without recent activity."""
    days = counted(quiet_days(plan), "day")
    return Table(
        "Stale projects",
        quiet,
        about=f"Active or in-progress projects without activity for {days}.",
        note=plan.said("thresholds.stale_project_days"),
        empty="All active and in-progress projects had recent activity.",
        picks={"name": "project", "status": "status"},
    )


@card
def status(by_status: ByStatus) -> Chart:
    """Show how many projects have each status."""
    return Chart(
        "Project status",
        projects.by_status(by_status),
        partial(charts.share, label="status", colours=STATUS),
        PROJECTS,
        note=projects.other_spellings(by_status),
    )


@card
def status_bars(by_status: ByStatus) -> Chart:
    """Show the same as bars; each opens the list of its projects."""
    return Chart(
        "Projects by status",
        projects.by_status(by_status),
        partial(charts.ranking, label="status", colours=STATUS),
        PROJECTS,
        opens="Project analytics",
        by="status",
    )


@card
def top_projects(
    by_cost: Annotated[Answer, asking(queries.top_projects_by_cost, limit=TOP)],
    by_activity: Annotated[Answer, asking(queries.top_projects_by_activity, limit=TOP)],
    ledger: costs.PeriodLedger,
) -> Switched:
    """Show the projects with the highest cost, or with the most activity."""
    dearest = ledger.explain(by_cost)
    options = {"Cost": (dearest, COST), "Activity": (by_activity, ACTIVITY)}
    draw = partial(charts.ranking, label="name", colour="color", each=AS_HIGH_AS_RINGS)
    title, picks = f"Top {TOP} projects", {"name": "project"}
    return Switched(title, options, draw, key="top", picks=picks)


@card
def by_team(lines: ByTeam) -> Chart:
    """Show how many projects each team has."""
    return Chart(
        "Projects by team",
        projects.by_team(lines),
        partial(charts.share, label="team", colour="color", colours={NO_TEAM: MUTED}),
        STANDING_PROJECTS,
        note=projects.archived_too(lines),
        picks={"team": "team"},
    )


@card
def latest(activity: Annotated[Answer, asking(queries.latest_activity, limit=NEWEST)]) -> Table:
    """Show the latest activity."""
    about = "Latest activity in the period."
    return Table("Latest activity", activity, about, picks={"project": "project"})
