"""Cards about teams and their people that need more than a line."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from meaux import charts, hours, people, teams
from meaux.answers import Answer, Rows
from meaux.categories import PERSONAL_IN_WORDS
from meaux.filters import Selection
from meaux.hours import WorkingTime
from meaux.metrics.hours import HOURS
from meaux.metrics.people import (
    ACTIVE_MEMBERS,
    DELIVERY,
    MEMBER_SHARE,
    TEAM_COST,
    TEAM_DELIVERABLES,
    TEAM_HOURS,
)
from meaux.metrics.projects import STANDING_PROJECTS
from meaux.plan import Plan
from meaux.projects import archived_too
from meaux.ui import cards
from meaux.ui.fence import section
from meaux.ui.marks import dot
from meaux.ui.text import escaped
from meaux.wording import counted, sentences

NARROWEST_TILE = 250
NARROWEST_FACT = 90
"""Pixels below which tiles, and what they say, go under each other."""
MOST_TILES = 24
DOT = 12
"""The size of the mark with the team's colour, in pixels."""
BEFORE_WEEKS = 3
"""How many columns stand before the small chart of the weeks."""

ADDS_UP = (
    "Time, cost and deliverables of a team are those of its projects. What has no project, or one "
    "without a team, is No team's, so that all of them add up to the whole. Members are a team's "
    "own, whatever they worked in. The small charts are of weeks; one at either end of the period "
    "may be partial."
)
CONTRIBUTED = (
    "What each person did in the period, by name. The billable ratio is of the classified hours: "
    f"those of entries that say whether they are billable. Cost is that of {PERSONAL_IN_WORDS}, "
    "deliverables are the milestones that the person owned and that were completed. The line is of "
    "the whole weeks of the period; a week at either end in the file may be partial."
)
NO_TEAM = "No team and no project is recorded."
NO_BALANCE = "No team has two members, and hours of theirs in its projects."
ONE_CHOSEN = "A balance needs all members of a team: choose no person."
NO_DELIVERABLE = "No milestone was completed in the period, and none is open."


@section
def tiles(measured: Answer, work: Answer, note: str) -> None:
    """A tile for each team, with its hours by whole week; a table where they are many."""
    partial = pd.DatetimeIndex(hours.partial_weeks(work))
    weekly = teams.weekly(work, "team").drop(columns=partial, errors="ignore").T.to_dict("list")

    def body(frame: pd.DataFrame) -> None:
        if len(frame) > MOST_TILES:
            cards.rows("Teams", frame, measured.selection)
            return
        with st.grid("auto", min_column_width=NARROWEST_TILE, gap="small"):
            for team in measured.frame.itertuples():
                _tile(team, weekly.get(team.team, []), alone=bool(measured.selection.people))

    in_file = measured.shaped(lambda frame: frame.drop(columns=["team", "color"]))
    cards.custom("Teams", in_file, body, about=ADDS_UP, note=note, empty=NO_TEAM)


def _tile(team: Any, weekly: list[float], *, alone: bool) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.image(dot(team.color), width=DOT, alt="")
            st.markdown(f"**{escaped(team.name)}**", width="stretch")
        st.metric(
            TEAM_HOURS.label,
            TEAM_HOURS.short(team.team_hours),
            chart_data=weekly or None,
            chart_type="area",
        )
        with st.grid(2, min_column_width=NARROWEST_FACT, gap="xsmall"):
            for label, value in _facts(team, alone=alone):
                st.markdown(f":small[{escaped(label)}]  \n**{escaped(value)}**")


def _facts(team: Any, *, alone: bool) -> list[tuple[str, str]]:
    """What a tile says below the hours; what has no team has no members.

    Where people are chosen, nothing is said of the members of a team that has none of them.
    """
    facts = [
        (TEAM_COST.label, TEAM_COST.short(team.team_cost)),
        (STANDING_PROJECTS.label, STANDING_PROJECTS.short(team.standing_projects)),
        (TEAM_DELIVERABLES.label, TEAM_DELIVERABLES.short(team.team_deliverables)),
    ]
    if team.team == teams.NONE or (alone and not team.members):
        return facts
    of = f" of {team.members:,.0f}" if pd.notna(team.members) else ""
    return [*facts, (ACTIVE_MEMBERS.label, f"{ACTIVE_MEMBERS.short(team.active_members)}{of}")]


@section
def balance(rows: Rows) -> None:
    """How evenly each team's hours are spread over its members."""
    found = teams.balance(rows)
    cards.chart(
        "Load balance",
        found,
        charts.spread,
        MEMBER_SHARE,
        note=teams.least_even(found),
        empty=ONE_CHOSEN if rows.memberships.selection.people else NO_BALANCE,
        label="team",
        part="name",
    )


@section
def contributions(contributed: Answer, work: Answer, note: str) -> None:
    """What each person contributes; on the screen the weeks are one small chart."""
    title = "Contributions"
    partial = set(map(people.of_week, hours.partial_weeks(work)))

    def body(frame: pd.DataFrame) -> None:
        weeks = [column for column in frame if str(column).startswith(people.WEEK)]
        shown = frame.drop(columns=weeks)
        whole = [column for column in weeks if column not in partial]
        if whole:
            shown.insert(BEFORE_WEEKS, "weekly", frame[whole].to_numpy().tolist())
        cards.rows(title, shown, contributed.selection)

    in_file = contributed.shaped(lambda frame: frame.drop(columns="person"))
    cards.custom(title, in_file, body, about=CONTRIBUTED, note=note)


@section
def workload(contributed: Answer, by_day: Answer, plan: Plan) -> None:
    """How full each member's time is."""
    working = hours.working_time(by_day, plan)
    full = people.workload(contributed, working)
    narrowed = hours.narrowed(contributed.selection)
    others = people.beyond_members(contributed)
    cards.chart(
        "Workload and capacity",
        hours.busiest(full) if by_day.answered else by_day,
        charts.load,
        HOURS,
        about="Each team member's logged hours as a share of capacity: working days of the period "
        "up to today times the hours of a day. Who logged nothing has 0 %.",
        note=sentences(
            _capacity(working), narrowed, hours.left_out(full), others, plan.said("capacity")
        ),
        label="name",
    )


def _capacity(working: WorkingTime) -> str:
    """What one person could have worked, in words."""
    if not working.days:
        return "The period has had no working day yet."
    days = f"{counted(working.days, 'working day')} of {working.hours_per_day:g} h"
    return f"{days} {'is' if working.days == 1 else 'are'} {working.hours:,.0f} h a person."


@section
def allocation(rows: Rows) -> None:
    """What everybody's time went into."""
    divided = people.allocation(rows)
    cards.chart(
        "Time allocation",
        hours.busiest(divided),
        charts.projects_by_person,
        HOURS,
        about="How each person's hours are divided among projects.",
        note=hours.left_out(divided),
    )


@section
def assignments(rows: Rows) -> None:
    """Who is assigned to which project, and how much they worked in it."""
    cards.chart(
        "Project assignments",
        people.assignments(rows),
        charts.assignments,
        HOURS,
        about="Who is assigned to which project, or logged hours in it. The larger the dot, the "
        "more hours in the period; the role stands in the tooltip.",
        note=sentences(people.unplaced(rows), archived_too(rows.assignments)),
    )


@section
def deliverables(rows: Rows, selection: Selection) -> None:
    """What was delivered, and what is to be."""
    found = teams.delivery(rows, selection.today)
    by_team = teams.delivery_by_team(found)
    cards.chart(
        "Deliverables by team", by_team, charts.deliverables, DELIVERY, empty=NO_DELIVERABLE
    )
    about = "Milestones that are overdue, open, or were completed in the period."
    cards.table("Deliverables", found, about=about, empty=NO_DELIVERABLE)
