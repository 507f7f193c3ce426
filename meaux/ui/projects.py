"""The list of projects: its filters, its order, its pages of tiles, and what it leaves."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.subjects.card import Table
from meaux.subjects.projects import frames as projects
from meaux.subjects.projects.cards import NONE_FITS, Listing
from meaux.subjects.projects.frames import Choice
from meaux.ui import cards, filters, project
from meaux.wording import counted

TITLE = "Projects"
ABOUT = "Every project that the filters leave, with what it cost in the period."
PER_PAGE = 12
NARROWEST_TILE = 270
"""Pixels below which tiles go under each other."""

TILES, TABLE = "Cards", "Table"
OF_THE_LIST = "The filters below choose what the list and Cost and progress show."
NO_PROJECT = "No project is recorded."


def draw(listing: Listing) -> None:
    """All projects that the filters leave, with the open one's drawer, by cost and progress too."""
    found = _shown(listing.listed, _choice(listing.listed), listing.note)
    project.drawer(listing.listed, listing.details)
    cards.draw(listing.placed(found))


def _choice(listed: Answer) -> Choice:
    """The page's own filters, in the sidebar."""
    priorities = [*vocabulary.PRIORITIES, vocabulary.OTHER]
    options = projects.options
    with filters.of_page():
        st.caption(OF_THE_LIST)
        return Choice(
            filters.several("Status", "status", options(listed, "status", projects.STATUS_ORDER)),
            filters.several("Priority", "priority", options(listed, "priority", priorities)),
            filters.several("Category", "category", options(listed, "category")),
            filters.text("Find", "find", "Name, team, category, url"),
        )


def _shown(listed: Answer, wanted: Choice, note: str) -> Answer:
    """The chosen projects as tiles, page by page, or as a table; they come back."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        order = filters.one("Sort by", "sort", list(projects.SORTS), width=220)
        view = cards.switch("Show as", [TILES, TABLE], "view")
        place = st.container()
    wanted = replace(wanted, sort=order)
    filters.restart("page", wanted)
    found = projects.chosen(listed, wanted)

    def body(table: pd.DataFrame) -> None:
        if view == TABLE:
            opening = project.opening_by_row(list(found.frame["project"]))
            cards.rows(TITLE, table, listed.selection, **opening)
        else:
            _tiles(found.frame, listed.selection)

    in_file = found.map(lambda frame: frame[projects.IN_FILE])
    place.caption(_counted(found, listed))
    empty = NONE_FITS if len(listed.frame) else NO_PROJECT
    cards.table(Table(TITLE, in_file, ABOUT, note, empty), body)
    return found


def _counted(found: Answer, listed: Answer) -> str:
    every, left = len(listed.frame), len(found.frame)
    return (
        f"{left:,} of {counted(every, 'project')}."
        if left != every
        else f"{counted(every, 'project')}."
    )


def _tiles(frame: pd.DataFrame, selection: Selection) -> None:
    """One page of the list as tiles, and the way to the others."""
    pages = -(-len(frame) // PER_PAGE)
    filters.clamp("page", pages)
    place, number = st.container(), 1
    if pages > 1:
        number = st.pagination(pages, key="page", bind="query-params")
    with place, st.grid("auto", min_column_width=NARROWEST_TILE, gap="small"):
        for row in frame.iloc[(number - 1) * PER_PAGE : number * PER_PAGE].itertuples():
            project.tile(row, selection)
