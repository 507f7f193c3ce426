"""The pages there are: the sections of the menu, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from meaux.ui.text import escaped

PAGES_FOLDER = Path(__file__).resolve().parent.parent.parent / "pages"


@dataclass(frozen=True)
class MenuItem:
    """A page of the menu: its script below `pages/`, its words and its icon."""

    script: str
    title: str
    icon: str
    about: str
    filtered: bool = True
    """Whether period and filters choose what it shows; if not, it is about the whole database."""

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
    MenuItem(
        "overview/home.py",
        "Home",
        "home",
        "What is spent, who is at work and how the projects stand, at a glance.",
    ),
    MenuItem(
        "overview/executive.py",
        "Executive overview",
        "monitoring",
        "Projects, teams, users and costs in one view, with what needs a decision first.",
    ),
    MenuItem(
        "work/projects.py",
        "Project analytics",
        "folder_open",
        "Every project with its status, team, progress, deployment and cost.",
    ),
    MenuItem(
        "work/time.py",
        "Time tracking",
        "schedule",
        "Where the hours went, who worked them, and how many of them are billable.",
    ),
    MenuItem(
        "work/team.py",
        "Team performance",
        "groups",
        "What each team and each person does and delivers, and how evenly the work is spread.",
    ),
    MenuItem(
        "spend/financial.py",
        "Financial analytics",
        "payments",
        "What is spent on what, against which budgets, and where it is heading.",
    ),
    MenuItem(
        "systems/resources.py",
        "Resource usage",
        "dns",
        "What Workers, storage and AI models do, hold and take, and what the plans include.",
    ),
    MenuItem(
        "systems/operations.py",
        "Operations",
        "manufacturing",
        "How workflows run, what becomes of email, and what the logs say.",
    ),
    MenuItem(
        "explore/analytics.py",
        "Analytics",
        "insights",
        "A year at a glance, what costs are made of, what happened, and what may come.",
    ),
    MenuItem(
        "explore/data.py",
        "Data",
        "database",
        "What the database holds, how it is read, and a box to ask it in SQL.",
        filtered=False,
    ),
)


def menu() -> StreamlitPage:
    """Draw the menu and return the page that is open."""
    sections: dict[str, list[StreamlitPage]] = {}
    for page in PAGES:
        sections.setdefault(page.section, []).append(page.entry())
    return st.navigation(sections, expanded=True)


def find(title: str) -> MenuItem:
    """The page of that title."""
    return next(page for page in PAGES if page.title == title)


def link(title: str) -> None:
    """A link to the page of that title."""
    page = find(title)
    st.page_link(page.entry(), label=title, icon=":material/arrow_forward:")


def tab_link(title: str, tab: str, label: str) -> None:
    """A link to a tab of the page of that title."""
    page = find(title)
    st.page_link(page.entry(), label=label, icon="", query_params={"tab": tab})


def go(page: MenuItem, by: str, value: str) -> None:
    """Open a page with its filter `by` set to one value."""
    st.switch_page(page.entry(), query_params={by: value})


def links(page: MenuItem, by: str, values: Iterable[str]) -> None:
    """A link for each value to the page with its filter `by` set to it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(f"{page.title}:", width="content")
        for value in values:
            st.page_link(page.entry(), label=escaped(value), icon="", query_params={by: value})
