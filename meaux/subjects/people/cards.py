"""Cards of teams and people: load balance, contributions, time allocation and deliverables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import pandas as pd

from meaux import charts
from meaux.charts.colours import DELIVERY as DELIVERED
from meaux.charts.colours import MUTED
from meaux.data.categories import PERSONAL_IN_WORDS
from meaux.data.plan import Plan
from meaux.data.schema.vocabulary import NO_TEAM, UNASSIGNED
from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.needs import asking
from meaux.subjects.card import Card, Chart, Switched, Table, card
from meaux.subjects.hours import frames as hours
from meaux.subjects.hours.frames import ByDay, Choices, Working, WorkingTime, unlisted
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.people import frames as people
from meaux.subjects.people import teams
from meaux.subjects.people.frames import Allocation, Assignments, Contributions, Workload
from meaux.subjects.people.metrics import DELIVERY, MEMBER_SHARE, MEMBERS, SIGNUPS
from meaux.subjects.people.teams import (
    Balance,
    Comparisons,
    Delivery,
    Measured,
    Members,
    WeeklyWork,
)
from meaux.subjects.projects.frames import archived_too
from meaux.subjects.rows import Opening
from meaux.wording import hours_of, sentences

TEAM_BARS = partial(charts.ranking, label="name", colour="color", colours={NO_TEAM: MUTED})
TEAM = {"name": "team"}
SIGNUPS_SHOWN = 500
"""The most new users to list."""

BEFORE_WEEKS = 2
"""How many columns come before the sparkline of the weeks."""

CONTRIBUTED = (
    "Each person's work in the period, A to Z. Billable ratio = billable hours ÷ classified hours "
    f"(marked billable or non-billable). Cost covers {PERSONAL_IN_WORDS}. Deliverables are "
    "completed milestones the person owns. The sparkline shows whole weeks; in the CSV, the first "
    "and last week can be partial."
)
NO_BALANCE = "No team has at least two members with hours in its projects."
ONE_CHOSEN = "Load balance needs all team members: clear the person filter."
NO_DELIVERABLE = "No deliverables completed in the period and none open."


@dataclass(frozen=True)
class TeamTiles(Card):
    """A tile for each of the `teams`; `weekly` has the hours of each whole week by team key.

    `answer` is the content of the CSV. If people are selected, `alone` is true: the numbers are
    theirs alone.
    """

    answer: Answer
    teams: pd.DataFrame
    weekly: Mapping[str, list[float]]
    note: str
    alone: bool


@card
def tiles(measured: Measured, work: WeeklyWork, gaps: Annotated[str, teams.gaps]) -> TeamTiles:
    """Show a tile of measures for each team."""
    partial = pd.DatetimeIndex(hours.partial_weeks(work))
    weekly = teams.weekly(teams.of_projects(work), "team").drop(columns=partial, errors="ignore")
    return TeamTiles(
        measured.map(lambda frame: frame.drop(columns=["team", "color"])),
        measured.frame,
        {str(team): list(week) for team, week in weekly.iterrows()},
        gaps,
        alone=bool(measured.selection.people),
    )


@card
def compared(by: Comparisons) -> Switched:
    """Show all teams by one of their measures."""
    return Switched("Teams compared", by, TEAM_BARS, key="measure", picks=TEAM)


@card
def balance(balanced: Balance) -> Chart:
    """Show how evenly each team's hours are spread over its members."""
    return Chart(
        "Load balance",
        balanced,
        partial(charts.spread, label="team", part="name"),
        MEMBER_SHARE,
        note=teams.least_even(balanced),
        empty=ONE_CHOSEN if balanced.selection.people else NO_BALANCE,
    )


@card
def contributions(
    contributed: Contributions,
    work: WeeklyWork,
    known: Choices,
    gaps: Annotated[str, people.gaps],
) -> Table:
    """Show what each person contributes; on the page the weeks are one sparkline."""
    in_file = contributed.map(lambda frame: frame.drop(columns="person"))
    partial_weeks = set(map(people.of_week, hours.partial_weeks(work)))

    def shown(frame: pd.DataFrame) -> pd.DataFrame:
        weeks = [column for column in frame if str(column).startswith(people.WEEK)]
        table = frame.drop(columns=weeks)
        whole = [column for column in weeks if column not in partial_weeks]
        if whole:
            table.insert(BEFORE_WEEKS, "weekly", frame[whole].to_numpy().tolist())
        return table

    return Table(
        "Contributions",
        in_file.map(shown),
        about=CONTRIBUTED,
        note=sentences(gaps, unlisted(known, contributed)),
        file=in_file.frame,
        picks={"name": "person"},
    )


@card
def allocation(divided: Allocation) -> Chart:
    """Show each person's hours by project."""
    return Chart(
        "Time allocation",
        hours.busiest(divided),
        partial(
            charts.allocation,
            label="name",
            series="project",
            colour="color",
            colours={UNASSIGNED: MUTED},
        ),
        HOURS,
        about="Each person's hours by project.",
        note=hours.left_out(divided),
        picks={"name": "person", "project": "project"},
    )


@card
def workload(
    full: Workload, contributed: Contributions, by_day: ByDay, working: Working, plan: Plan
) -> Chart:
    """Show each member's hours as a share of capacity."""
    return Chart(
        "Workload and capacity",
        hours.busiest(full) if by_day.answered else by_day,
        partial(charts.load, label="name"),
        HOURS,
        about="Logged hours, billable or not, ÷ capacity per team member. Capacity = working days "
        "of the period up to today \N{MULTIPLICATION SIGN} hours per working day. Members without "
        "hours show 0%.",
        note=sentences(
            _capacity(working),
            hours.narrowed(contributed.selection),
            hours.left_out(full),
            people.beyond_members(contributed),
            plan.said("capacity"),
        ),
    )


def _capacity(working: WorkingTime) -> str:
    """Return a sentence with the capacity of one person."""
    if not working.days:
        return "No working days in the period yet."
    return f"Capacity: {working.words} = {hours_of(working.hours)} per person."


@card
def assignments(
    placed: Annotated[Answer, people.assignments],
    unplaced: Annotated[str, people.unplaced],
    assigned: Assignments,
) -> Chart:
    """Show who is assigned to which project, and their hours in it."""
    return Chart(
        "Project assignments",
        placed,
        partial(charts.matrix, label="name", column="project", word="role"),
        HOURS,
        about="People assigned to a project or with hours in it. Dot size = hours in the period. "
        "The tooltip shows the role.",
        note=sentences(unplaced, archived_too(assigned)),
        picks={"name": "person", "project": "project"},
    )


@card
def deliverables(found: Delivery) -> tuple[Chart, Table]:
    """Show the deliverables that were completed, and those still open."""
    return (
        Chart(
            "Deliverables by team",
            teams.delivery_by_team(found),
            partial(charts.stacked, label="name", series="state", colours=DELIVERED),
            DELIVERY,
            empty=NO_DELIVERABLE,
            picks=TEAM,
        ),
        Table(
            "Deliverables",
            found,
            about="Overdue and open milestones, and milestones completed in the period.",
            empty=NO_DELIVERABLE,
        ),
    )


@card
def members_by_team(lines: Members) -> Chart:
    """Show how many members each team has."""
    return Chart("Members by team", lines, TEAM_BARS, MEMBERS, picks=TEAM)


@card
def signups(latest: Annotated[Answer, asking(queries.signups, limit=SIGNUPS_SHOWN)]) -> Table:
    """Show the users with new accounts."""
    about = "Users whose account was created in the period."
    return Table("Recent signups", people.signed_up(latest), about, rows=Opening(SIGNUPS.name))
