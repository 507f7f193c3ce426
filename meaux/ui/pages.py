"""The pages there are: the sections of the menu, in order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

PAGES_FOLDER = Path(__file__).resolve().parent.parent.parent / "pages"


@dataclass(frozen=True)
class Page:
    """A page of the menu: its script below `pages/`, its words and its icon."""

    script: str
    title: str
    icon: str
    about: str

    @property
    def section(self) -> str:
        """The section is the folder."""
        return self.script.partition("/")[0].capitalize()

    def entry(self) -> StreamlitPage:
        """The page as Streamlit's menu takes it."""
        return st.Page(
            PAGES_FOLDER / self.script,
            title=self.title,
            icon=f":material/{self.icon}:",
            help=self.about,
            default=self is PAGES[0],
        )


PAGES = (
    Page(
        "overview/home.py",
        "Home",
        "home",
        "What is spent, who is at work and how the projects stand, at a glance.",
    ),
    Page(
        "overview/executive.py",
        "Executive overview",
        "monitoring",
        "Projects, teams, users and costs in one view, with what needs a decision first.",
    ),
    Page(
        "work/projects.py",
        "Project analytics",
        "folder_open",
        "Every project with its status, team, progress, deployment and cost.",
    ),
    Page(
        "spend/financial.py",
        "Financial analytics",
        "payments",
        "What is spent on what, against which budgets, and where it is heading.",
    ),
    Page(
        "explore/data.py",
        "Data",
        "database",
        "What the database holds, how it is read, and a box to ask it in SQL.",
    ),
)


def menu() -> StreamlitPage:
    """Draw the menu and return the page that is open."""
    sections: dict[str, list[StreamlitPage]] = {}
    for page in PAGES:
        sections.setdefault(page.section, []).append(page.entry())
    return st.navigation(sections, expanded=True)


def about(title: str) -> str:
    """The sentence that says what a page shows."""
    return next(page.about for page in PAGES if page.title == title)


def link(title: str) -> None:
    """A link to the page of that title, if there is one already."""
    for page in PAGES:
        if page.title == title:
            st.page_link(page.entry(), label=title, icon=":material/arrow_forward:")
