"""Overview: what Home and Executive overview show of projects, teams and people."""

from __future__ import annotations

from typing import Annotated

from meaux import charts, costs, projects, queries
from meaux.answers import Answer
from meaux.cards.card import Chart, Switched, Table, card
from meaux.filters import Selection
from meaux.metrics.costs import COST
from meaux.metrics.people import MEMBERS
from meaux.metrics.projects import ACTIVITY, PROJECTS, STANDING_PROJECTS
from meaux.needs import asking

TOP = 5
NEWEST = 10
SIGNUPS = 500
"""How many rows a card lists."""

ByStatus = Annotated[Answer, asking(queries.projects_by_status)]


@card
def status(by_status: ByStatus) -> Chart:
    """How many projects have each status."""
    return Chart(
        "Project status",
        projects.by_status(by_status),
        charts.statuses,
        PROJECTS,
        note=projects.other_spellings(by_status),
    )


@card
def status_bars(by_status: ByStatus) -> Chart:
    """The same as bars that open the list of these projects."""
    return Chart(
        "Projects by status",
        projects.by_status(by_status),
        charts.status_bars,
        PROJECTS,
        opens="Project analytics",
        by="status",
    )


@card
def top_projects(
    by_cost: Annotated[Answer, asking(queries.top_projects_by_cost, limit=TOP)],
    by_activity: Annotated[Answer, asking(queries.top_projects_by_activity, limit=TOP)],
    cost_by_day: costs.ByDay,
    selection: Selection,
) -> Switched:
    """The projects that cost most, or in which most happened."""
    dearest = costs.explained(by_cost, cost_by_day, selection)
    options = {"Cost": (dearest, COST), "Activity": (by_activity, ACTIVITY)}
    return Switched(f"Top {TOP} projects", options, charts.projects, key="top")


@card
def by_team(lines: Annotated[Answer, asking(queries.projects_by_team)]) -> Chart:
    """How many projects each team has."""
    return Chart(
        "Projects by team",
        projects.by_team(lines),
        charts.teams,
        STANDING_PROJECTS,
        note=projects.archived_too(lines),
    )


@card
def latest(activity: Annotated[Answer, asking(queries.latest_activity, limit=NEWEST)]) -> Table:
    """What happened last."""
    return Table("Latest activity", activity, about="The newest activity of the period.")


@card
def members_by_team(lines: Annotated[Answer, asking(queries.members_by_team)]) -> Chart:
    """How many members each team has."""
    return Chart("Members by team", lines, charts.team_bars, MEMBERS)


@card
def signups(people: Annotated[Answer, asking(queries.signups, limit=SIGNUPS)]) -> Table:
    """Who is new."""
    return Table("Recent signups", people, about="Users whose account is new.")
