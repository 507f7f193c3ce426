"""The tiles of the teams."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from meaux.charts.sparkline import sparkline
from meaux.subjects.card import Table
from meaux.subjects.people import teams
from meaux.subjects.people.cards import TeamTiles
from meaux.subjects.people.metrics import ACTIVE_MEMBERS, TEAM_COST, TEAM_DELIVERABLES, TEAM_HOURS
from meaux.subjects.projects.metrics import STANDING_PROJECTS
from meaux.ui import cards, dataframe
from meaux.ui.badges import dot
from meaux.ui.text import escaped

NARROWEST_TILE = 250
NARROWEST_FACT = 90
"""Minimum widths of a tile and of a fact in pixels; narrower ones wrap."""
MOST_TILES = 24
DOT = 12
"""The size of the mark with the team's colour, in pixels."""

ADDS_UP = (
    "Hours, cost and deliverables come from the team's projects. Work without a project or team "
    "is shown as No team, so teams add up to the total. Members are the people who belong to the "
    "team, whichever projects they work on. Sparklines show whole weeks."
)
TITLE = "Teams"
NO_TEAM = "No teams or projects recorded."


def draw(tiles: TeamTiles) -> None:
    """Draw a tile for each team, with its hours by whole week; a table if they are many."""

    def body(frame: pd.DataFrame) -> None:
        if len(frame) > MOST_TILES:
            dataframe.rows(TITLE, frame, tiles.answer.selection)
            return
        with st.grid("auto", min_column_width=NARROWEST_TILE, gap="small"):
            costs = TEAM_COST.alike(tiles.teams["team_cost"])
            for team, cost in zip(tiles.teams.itertuples(), costs, strict=True):
                _tile(team, cost, tiles.weekly.get(str(team.team), []), alone=tiles.alone)

    cards.table(Table(TITLE, tiles.answer, ADDS_UP, tiles.note, NO_TEAM), body)


def _tile(team: Any, cost: str, weekly: list[float], *, alone: bool) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.image(dot(team.color), width=DOT, alt="")
            st.markdown(f"**{escaped(team.name)}**", width="stretch")
        st.metric(
            TEAM_HOURS.label,
            TEAM_HOURS.short(team.team_hours),
            chart_data=sparkline(weekly, TEAM_HOURS, "week") or None,
            chart_type="area",
        )
        with st.grid(2, min_column_width=NARROWEST_FACT, gap="xsmall"):
            for label, value in _facts(team, cost, alone=alone):
                st.markdown(f":small[{escaped(label)}]  \n**{escaped(value)}**")


def _facts(team: Any, cost: str, *, alone: bool) -> list[tuple[str, str]]:
    """Return the facts below the hours; No team has no members.

    If people are selected, a team without any of them shows no members.
    """
    facts = [
        (TEAM_COST.label, cost),
        (STANDING_PROJECTS.label, STANDING_PROJECTS.short(team.standing_projects)),
        (TEAM_DELIVERABLES.label, TEAM_DELIVERABLES.short(team.team_deliverables)),
    ]
    if team.team == teams.NONE or (alone and not team.members):
        return facts
    of = f" of {team.members:,.0f}" if pd.notna(team.members) else ""
    return [*facts, (ACTIVE_MEMBERS.label, f"{ACTIVE_MEMBERS.short(team.active_members)}{of}")]
