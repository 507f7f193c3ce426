"""All pages, in the order of the menu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from meaux.data.access import Access, Right
from meaux.ui.text import escaped

PAGES_FOLDER = Path(__file__).resolve().parent.parent.parent / "pages"


@dataclass(frozen=True)
class MenuItem:
    """A page of the menu: its script below `pages/`, its texts and its icon."""

    script: str
    title: str
    icon: str
    about: str
    filtered: bool = True
    """Whether period and filters apply; if not, it covers the whole database."""
    right: Right = "pages"
    """What a visitor needs to open it."""
    narrowed_by: tuple[str, ...] = ()
    """The filters that it has besides those of every page: what a click on a mark can set."""

    @property
    def section(self) -> str:
        """The section: the folder of the script."""
        return self.script.partition("/")[0].capitalize()

    @property
    def address(self) -> str:
        """The path of its address below the server's: `/time`; that of the first page is empty."""
        return "" if self is PAGES[0] else f"/{Path(self.script).stem}"

    def entry(self, *, shown: bool = True) -> StreamlitPage:
        """Return the page for Streamlit's menu; if it isn't shown, only its address is known."""
        return st.Page(
            PAGES_FOLDER / self.script,
            title=self.title,
            icon=f":material/{self.icon}:",
            help=self.about,
            default=self is PAGES[0],
            visibility="visible" if shown else "hidden",
        )


PAGES = (
    MenuItem(
        "overview/home.py",
        "Home",
        "home",
        "Costs, active people and project status at a glance.",
    ),
    MenuItem(
        "overview/executive.py",
        "Executive overview",
        "monitoring",
        "Projects, teams, users and costs in one view, alerts first.",
    ),
    MenuItem(
        "overview/alerts.py",
        "Alerts",
        "notifications",
        "Open, snoozed and past alerts, who was told, and rules tried on the past.",
        filtered=False,
    ),
    MenuItem(
        "work/projects.py",
        "Project analytics",
        "folder_open",
        "All projects with status, team, progress, last deployment and cost.",
        narrowed_by=("status",),
    ),
    MenuItem(
        "work/time.py",
        "Time tracking",
        "schedule",
        "Hours by project and person, and the billable share.",
    ),
    MenuItem(
        "work/team.py",
        "Team performance",
        "groups",
        "Hours, cost, deliverables and workload by team and person.",
    ),
    MenuItem(
        "spend/financial.py",
        "Financial analytics",
        "payments",
        "Cost by category, project and service; budgets vs actual; forecast.",
        narrowed_by=("category", "service"),
    ),
    MenuItem(
        "systems/resources.py",
        "Resource usage",
        "dns",
        "Usage of Workers, storage and AI models, and plan allowances.",
        narrowed_by=("service", "worker"),
    ),
    MenuItem(
        "systems/operations.py",
        "Operations",
        "manufacturing",
        "Workflow runs, email delivery and log events.",
    ),
    MenuItem(
        "explore/analytics.py",
        "Analytics",
        "insights",
        "Calendar, cost breakdown, timeline, forecast and scenario.",
        narrowed_by=("category", "service"),
    ),
    MenuItem(
        "explore/data.py",
        "Data",
        "database",
        "Database health, tables and columns, and a read-only SQL console.",
        filtered=False,
        right="catalog",
    ),
)


OWN = MenuItem(
    "explore/cards.py",
    "My cards",
    "dashboard_customize",
    "Cards of your own, from the SQL files in the folder of cards.",
)
"""The page of own cards, in the menu if there are any."""


def menu(access: Access, *, my_cards: bool = False, hidden: bool = False) -> StreamlitPage:
    """Draw the menu of the pages that the visitor may open; `my_cards`: with that of own cards.

    If it is `hidden`, only the addresses are known.

    Return the page that they asked for, which may be one that they may not open.
    """
    sections: dict[str, list[StreamlitPage]] = {}
    for page in (*PAGES, OWN):
        entry = page.entry(shown=access.may(page.right) and (page is not OWN or my_cards))
        sections.setdefault(page.section, []).append(entry)
    position: Literal["hidden", "sidebar"] = "hidden" if hidden else "sidebar"
    return st.navigation(sections, position=position, expanded=True)


def find(title: str) -> MenuItem:
    """Return the page with this title."""
    return next(page for page in (*PAGES, OWN) if page.title == title)


def word(page: MenuItem) -> str:
    """Return the word for a page in a URL: `home`, `financial`."""
    return Path(page.script).stem


def link(title: str) -> None:
    """Draw a link to the page with this title."""
    page = find(title)
    st.page_link(page.entry(), label=title, icon=":material/arrow_forward:")


def tab_link(title: str, tab: str, label: str) -> None:
    """Draw a link to a tab of the page with this title."""
    page = find(title)
    st.page_link(page.entry(), label=label, icon="", query_params={"tab": tab})


def go(page: MenuItem, by: str, value: str) -> None:
    """Open a page with its filter `by` set to one value."""
    st.switch_page(page.entry(), query_params={by: value})


def links(page: MenuItem, by: str, values: Iterable[str]) -> None:
    """Draw a link for each value, to the page with its filter `by` set to that value."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(f"Show in {page.title}:", width="content")
        for value in values:
            st.page_link(page.entry(), label=escaped(value), icon="", query_params={by: value})
