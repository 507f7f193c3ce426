"""One project: its tile and its drawer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypedDict
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from meaux import charts
from meaux.charts.colours import CATEGORY
from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.subjects.card import Card, Chart, Table
from meaux.subjects.hours import frames as hours
from meaux.subjects.hours.cards import BY_BILLABLE
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.metrics import COST
from meaux.subjects.projects import frames as projects
from meaux.subjects.projects.cards import LINES, Details
from meaux.subjects.projects.metrics import LIFETIME
from meaux.subjects.rows import Opening
from meaux.ui import cards, marks, opening
from meaux.ui.badges import STATUS_BADGES, dot
from meaux.ui.drawer.dialog import opened, refuse
from meaux.ui.loading import data
from meaux.ui.text import LONGEST_QUOTED, age, escaped, safe_url, wall_time
from meaux.wording import percent

KEY = "open"
"""The key in the URL that names the open project; `project` is the filter of every page."""

PICKED = "picked project"
DOT = 12
"""The size of the mark with the project's colour, in pixels."""

BETWEEN = " \N{MIDDLE DOT} "


class OnClick(TypedDict):
    """What a button needs to open the drawer."""

    on_click: Any
    args: tuple[str]


def tile(row: Any, selection: Selection) -> None:
    """Draw a tile of the grid; its name opens the drawer, unless its id is unknown."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.image(dot(row.color), width=DOT, alt="")
            name = f"**{escaped(row.name)}**"
            if pd.isna(row.project):
                st.markdown(name)
            else:
                key = f"{KEY} {row.project}"
                st.button(name, key, type="tertiary", **_opening(row.project))
        _head(row, selection)


def opening_by_row(projects: list[str]) -> dict[str, Any]:
    """Return the options of a table of these projects so that a click on a row opens the drawer."""

    def pick() -> None:
        rows = st.session_state[PICKED]["selection"]["rows"]
        if rows and isinstance(projects[rows[0]], str):
            _open(projects[rows[0]])

    return {"key": PICKED, "on_select": pick, "selection_mode": "single-row"}


def _opening(project: str) -> OnClick:
    return {"on_click": _open, "args": (project,)}


def _open(project: str) -> None:
    st.query_params[KEY] = project


def _close() -> None:
    st.query_params.pop(KEY, None)


def _head(row: Any, selection: Selection) -> None:
    """Draw status, team, cost, progress, deployment and site."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _status(row)
        st.caption(escaped(_kind(row)), width="content")
    st.markdown(_cost(row))
    _progress(row)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _deployment(row, selection)
        _site(row.url)


def _status(row: Any) -> None:
    """Draw the status with its colour and icon; an unknown one as the database spells it."""
    colour, icon = STATUS_BADGES[row.status]
    other = row.status == vocabulary.OTHER and pd.notna(row.spelling)
    words = f"{row.status}: {row.spelling}" if other else row.status
    st.badge(escaped(words), icon=f":material/{icon}:", color=colour)


def _kind(row: Any) -> str:
    """Return team, priority and category, as far as they are known."""
    team = row.team if pd.notna(row.team) else vocabulary.NO_TEAM
    priority = f"{row.priority} priority" if pd.notna(row.priority) else None
    return BETWEEN.join(word for word in (team, priority, row.category) if pd.notna(word))


def _cost(row: Any) -> str:
    """Return the cost of the period, and the reported lifetime cost."""
    known = pd.notna(row.lifetime)
    life = f"{BETWEEN}{LIFETIME.short(row.lifetime)} lifetime, reported" if known else ""
    return f"**{escaped(COST.short(row.cost))}** {escaped(f'in the period{life}')}"


def _progress(row: Any) -> None:
    if pd.isna(row.progress):
        st.caption("No progress recorded")
    else:
        st.progress(float(row.progress), f"{percent(row.progress)} done")


def _deployment(row: Any, selection: Selection) -> None:
    """Draw the time since the last deployment; the exact time is on hover."""
    if pd.isna(row.deployed):
        st.caption("No deployment recorded", width="content")
    else:
        exact = wall_time(row.deployed, selection.zone)
        st.caption(f"Deployed {age(row.deployed)}", help=escaped(exact), width="content")


def _site(url: object) -> None:
    """Draw a link to the project's site, if it has a web address."""
    address = safe_url(url)
    if address:
        host = escaped(urlsplit(address).hostname or address)
        st.link_button("Site", address, help=host, type="tertiary", icon=":material/open_in_new:")


def drawer(listed: Answer, details: Details) -> None:
    """Draw the drawer of the project in the URL, if there is one."""
    wanted = st.query_params.get(KEY)
    if wanted is None or opening.is_open():
        return
    found = listed.frame[listed.frame["project"] == wanted]
    if found.empty:
        name = escaped(wanted[:LONGEST_QUOTED])
        refuse(f"Project {name} from the link is unknown or hidden by the filters.", _close)
        return
    row = next(found.itertuples())
    opened(escaped(str(row.name)), _details, _close)(row, listed.selection, details)


def _details(row: Any, selection: Selection, details: Details) -> None:
    """Draw the project: its headline, then its cards."""
    if opening.is_open():
        st.rerun()  # the rows of a card open in a drawer of their own
    inside = replace(selection, projects=(row.project,), teams=())
    found = data.answers(details.asks(inside))
    _head(row, selection)
    for card in _cards(found, row.project, inside):
        with marks.still():
            cards.draw(card)


def _cards(found: Mapping[str, Answer], project: str, inside: Selection) -> tuple[Card, ...]:
    """Return cost, hours, milestones, members, deployments and activity of a project."""
    of = (("project", project),)
    spent = costs.by_category_over_time(Ledger(found["cost"], inside.period), inside)
    grain = inside.drawn_grain
    bars = partial(charts.bars, series="category", colours=CATEGORY, grain=grain)
    worked = hours.by_person(hours.people(found["hours"]))
    return (
        Chart("Cost over time", spent, bars, COST, rows=Opening(COST.name, of)),
        Chart("Hours by person", worked, BY_BILLABLE, HOURS, rows=Opening(HOURS.name, of)),
        Table(
            "Milestones",
            projects.dropping(found["milestones"], "project"),
            about="All milestones of the project, regardless of period.",
            empty="No milestones.",
        ),
        Table(
            "Members",
            projects.members(found["assignments"]),
            about="Project members.",
            empty="No members recorded.",
        ),
        Table(
            "Deployments",
            found["deployments"],
            about=f"Latest {LINES} deployments in the period, from the activity log.",
            empty="No deployments in the period.",
        ),
        Table(
            "Activity",
            projects.dropping(found["activity"], "project"),
            about=f"Latest {LINES} activities in the period.",
        ),
    )
