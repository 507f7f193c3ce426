"""The list of projects: its filters, order and pages, and the chart below it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.subjects.card import Table
from meaux.subjects.projects import frames as projects
from meaux.subjects.projects.cards import Listing
from meaux.subjects.projects.frames import Choice
from meaux.ui import cards, dataframe, filters, project
from meaux.ui.loading import data, receipt
from meaux.wording import counted

TITLE = "Projects"
ABOUT = "Projects that match the filters, with their cost in the period."
PER_PAGE = 12
NARROWEST_TILE = 270
"""Minimum width of a tile in pixels; narrower tiles wrap."""

PICKS = {"name": "project", "team": "team", "status": "status"}
TILES, TABLE = "Cards", "Table"
OF_THE_LIST = "These filters apply to the list and to Cost vs progress."


def draw(listing: Listing) -> None:
    """Draw the projects that match the filters, the open drawer, and the chart below the list."""
    found = _shown(listing, _choice(listing.listed))
    with receipt.showing(None):
        project.drawer(listing.listed, listing.details)
    cards.draw(data.kept(Listing.placed, listing, found))


def _choice(listed: Answer) -> Choice:
    """Draw the page's own filters in the sidebar and return them."""
    priorities = [*vocabulary.PRIORITIES, vocabulary.OTHER]
    options = projects.options
    with filters.of_page():
        st.caption(OF_THE_LIST)
        return Choice(
            filters.several("Status", "status", options(listed, "status", projects.STATUS_ORDER)),
            filters.several("Priority", "priority", options(listed, "priority", priorities)),
            filters.several("Category", "category", options(listed, "category")),
            filters.text("Search", "find", "Name, team, category, URL"),
        )


def _shown(listing: Listing, wanted: Choice) -> Answer:
    """Draw the matching projects as paged tiles or as a table, and return them."""
    listed = listing.listed
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        order = filters.one("Sort by", "sort", list(projects.SORTS), width=220)
        view = cards.switch("Show as", [TILES, TABLE], "view")
        place = st.container()
    wanted = replace(wanted, sort=order)
    filters.restart("page", wanted)
    found = data.kept(projects.chosen, listed, wanted)

    def body(table: pd.DataFrame) -> None:
        if view == TABLE:
            opening = project.opening_by_row(list(found.frame["project"]))
            dataframe.rows(TITLE, table, listed.selection, **opening)
        else:
            _tiles(found.frame, listed.selection)

    in_file = found.map(lambda frame: frame[projects.IN_FILE])
    place.caption(_counted(found, listed))
    cards.table(Table(TITLE, in_file, ABOUT, listing.note, listing.empty, picks=PICKS), body)
    return found


def _counted(found: Answer, listed: Answer) -> str:
    every, left = len(listed.frame), len(found.frame)
    return (
        f"{left:,} of {counted(every, 'project')}."
        if left != every
        else f"{counted(every, 'project')}."
    )


def _tiles(frame: pd.DataFrame, selection: Selection) -> None:
    """Draw one page of the list as tiles, with links to the other pages."""
    pages = -(-len(frame) // PER_PAGE)
    filters.clamp("page", pages)
    place, number = st.container(), 1
    if pages > 1:
        number = st.pagination(pages, key="page", bind="query-params")
    with place, st.grid("auto", min_column_width=NARROWEST_TILE, gap="small"):
        for row in frame.iloc[(number - 1) * PER_PAGE : number * PER_PAGE].itertuples():
            project.tile(row, selection)
