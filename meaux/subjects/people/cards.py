"""Teams and their people: how evenly work is spread, what it went into, and what is delivered."""

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
from meaux.subjects.people.metrics import DELIVERY, MEMBER_SHARE, MEMBERS
from meaux.subjects.people.teams import (
    Balance,
    Comparisons,
    Delivery,
    Measured,
    Members,
    WeeklyWork,
)
from meaux.subjects.projects.frames import archived_too
from meaux.wording import counted, sentences

TEAM_BARS = partial(charts.ranking, label="name", colour="color", colours={NO_TEAM: MUTED})
SIGNUPS = 500
"""How many new users are listed at most."""

BEFORE_WEEKS = 3
"""How many columns stand before the small chart of the weeks."""

CONTRIBUTED = (
    "What each person did in the period, by name. The billable ratio is of the classified hours: "
    f"those of entries that say whether they are billable. Cost is that of {PERSONAL_IN_WORDS}, "
    "deliverables are the milestones that the person owned and that were completed. The line is of "
    "the whole weeks of the period; a week at either end in the file may be partial."
)
NO_BALANCE = "No team has two members, and hours of theirs in its projects."
ONE_CHOSEN = "A balance needs all members of a team: choose no person."
NO_DELIVERABLE = "No milestone was completed in the period, and none is open."


@dataclass(frozen=True)
class TeamTiles(Card):
    """A tile for each of the `teams`; `weekly` are the hours of each whole week by the team's key.

    `answer` is what the CSV holds. Where people are chosen a team is `alone` with their numbers.
    """

    answer: Answer
    teams: pd.DataFrame
    weekly: Mapping[str, list[float]]
    note: str
    alone: bool


@card
def tiles(measured: Measured, work: WeeklyWork, gaps: Annotated[str, teams.gaps]) -> TeamTiles:
    """What each team has and does."""
    partial = pd.DatetimeIndex(hours.partial_weeks(work))
    weekly = teams.weekly(work, "team").drop(columns=partial, errors="ignore")
    return TeamTiles(
        measured.map(lambda frame: frame.drop(columns=["team", "color"])),
        measured.frame,
        {str(team): list(week) for team, week in weekly.iterrows()},
        gaps,
        alone=bool(measured.selection.people),
    )


@card
def compared(by: Comparisons) -> Switched:
    """All teams by one of the things that they have or do."""
    return Switched("Teams compared", by, TEAM_BARS, key="measure")


@card
def balance(balanced: Balance) -> Chart:
    """How evenly each team's hours are spread over its members."""
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
    """What each person contributes; on the screen the weeks are one small chart."""
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
    )


@card
def allocation(divided: Allocation) -> Chart:
    """What everybody's time went into."""
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
        about="How each person's hours are divided among projects.",
        note=hours.left_out(divided),
    )


@card
def workload(
    full: Workload, contributed: Contributions, by_day: ByDay, working: Working, plan: Plan
) -> Chart:
    """How full each member's time is."""
    return Chart(
        "Workload and capacity",
        hours.busiest(full) if by_day.answered else by_day,
        partial(charts.load, label="name"),
        HOURS,
        about="Each team member's logged hours as a share of capacity: working days of the period "
        "up to today times the hours of a day. Who logged nothing has 0%.",
        note=sentences(
            _capacity(working),
            hours.narrowed(contributed.selection),
            hours.left_out(full),
            people.beyond_members(contributed),
            plan.said("capacity"),
        ),
    )


def _capacity(working: WorkingTime) -> str:
    """What one person could have worked, in words."""
    if not working.days:
        return "The period has had no working day yet."
    days = f"{counted(working.days, 'working day')} of {working.hours_per_day:g} h"
    return f"{days} {'is' if working.days == 1 else 'are'} {working.hours:,.0f} h a person."


@card
def assignments(
    placed: Annotated[Answer, people.assignments],
    unplaced: Annotated[str, people.unplaced],
    assigned: Assignments,
) -> Chart:
    """Who is assigned to which project, and how much they worked in it."""
    return Chart(
        "Project assignments",
        placed,
        partial(charts.matrix, label="name", column="project", word="role"),
        HOURS,
        about="Who is assigned to which project, or logged hours in it. The larger the dot, the "
        "more hours in the period; the role stands in the tooltip.",
        note=sentences(unplaced, archived_too(assigned)),
    )


@card
def deliverables(found: Delivery) -> tuple[Chart, Table]:
    """What was delivered, and what is to be."""
    return (
        Chart(
            "Deliverables by team",
            teams.delivery_by_team(found),
            partial(charts.stacked, label="name", series="state", colours=DELIVERED),
            DELIVERY,
            empty=NO_DELIVERABLE,
        ),
        Table(
            "Deliverables",
            found,
            about="Milestones that are overdue, open, or were completed in the period.",
            empty=NO_DELIVERABLE,
        ),
    )


@card
def members_by_team(lines: Members) -> Chart:
    """How many members each team has."""
    return Chart("Members by team", lines, TEAM_BARS, MEMBERS)


@card
def signups(people: Annotated[Answer, asking(queries.signups, limit=SIGNUPS)]) -> Table:
    """Who is new."""
    return Table("Recent signups", people, about="Users whose account is new.")
