"""Kinds of reports: the week, the month, and every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import PurePath

from meaux.data.access import Access
from meaux.data.readers import near
from meaux.errors import SettingError
from meaux.query.filters import Period, Selection, preset
from meaux.query.filters.period import DAY, last_month
from meaux.reports.notes import newest
from meaux.subjects import rights
from meaux.subjects.alerts.cards import strip
from meaux.subjects.email import cards as email
from meaux.subjects.email.figures import mail_rates, mail_sent
from meaux.subjects.events import cards as logs
from meaux.subjects.hours import cards as hours
from meaux.subjects.hours import figures as of_hours
from meaux.subjects.money import figures as of_money
from meaux.subjects.money.cards import budgets, costs, forecast, reconciliation
from meaux.subjects.page import Item, Page, Tabs, all_pages, row
from meaux.subjects.projects import cards as projects
from meaux.subjects.projects.figures import stale_projects, total_projects
from meaux.subjects.workers import cards as workers
from meaux.subjects.workers import figures as of_workers
from meaux.subjects.workflows import cards as workflows
from meaux.subjects.workflows.figures import failed_runs, runs, success_rate

WEEK = 7
WHOLE = "Covers the whole database. Period and filters don't apply here."
OF_DATABASE = "data"
"""The page that no filter applies to."""
ROWS_OF_SUMMARY, ROWS_OF_PAGE = 15, 500
"""The most rows of a table in a weekly or monthly report, and in that of a page."""

Contents = Mapping[str, tuple[Item, ...]]
"""The cards of each section, by its title; empty for a section without a title."""

SUMMARY: Contents = {
    "Needs attention": (strip,),
    "Costs": (
        row(3, of_money.cost, of_money.daily_burn, of_money.cost_this_month),
        costs.trend,
        row(2, costs.by_category, costs.month, costs.by_project, costs.by_service),
    ),
    "Budgets": (row(1, of_money.budgets_in_danger), budgets.status),
    "What changed most": (costs.movers, costs.every_project, costs.unusual),
    "Hours": (
        row(
            3,
            of_hours.total_hours,
            of_hours.billable_ratio,
            of_hours.utilisation,
            of_hours.effective_rate,
        ),
        hours.trend,
        row(2, hours.by_project, hours.members),
    ),
    "Projects to look at": (row(2, total_projects, stale_projects), projects.stale),
    "Systems": (
        row(
            3,
            of_workers.requests,
            of_workers.error_rate,
            of_workers.response_times[1],
            runs,
            success_rate,
            failed_runs,
            mail_sent,
            *mail_rates[:2],
        ),
        row(2, workers.requests, workers.error_rate, workflows.runs, email.over_time),
        workflows.failed_runs,
        logs.top_errors,
    ),
    "Forecast": (row(2, of_money.month_end, of_money.quarter_end), forecast.ahead),
    "Data notes": (costs.left_out, reconciliation.reported, newest),
}
"""The weekly and the monthly report."""


@dataclass(frozen=True)
class Kind:
    """A kind of report: its name, its title, its cards by section, and its usual period.

    `page` is the page that it shows, if it shows one; `rows` is the limit of its tables.
    """

    name: str
    title: str
    contents: Contents
    period: Callable[[date], Period]
    rows: int = ROWS_OF_PAGE
    page: Page | None = None

    def scope(self, selection: Selection) -> str:
        """Return the period and filters in words."""
        return WHOLE if self.name == OF_DATABASE else selection.sentence

    def permitted(self, access: Access) -> Contents:
        """Return the cards that somebody may see."""
        kept = {name: rights.permitted(items, access) for name, items in self.contents.items()}
        return {name: items for name, items in kept.items() if items}


def last_week(today: date) -> Period:
    """Return the last complete week, from Monday to Sunday."""
    monday = today - today.weekday() * DAY
    return Period(monday - WEEK * DAY, monday)


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of report: weekly, monthly, and a page each."""
    return (
        Kind("weekly", "Weekly report", SUMMARY, last_week, ROWS_OF_SUMMARY),
        Kind("monthly", "Monthly report", SUMMARY, last_month, ROWS_OF_SUMMARY),
        *map(_of_page, all_pages()),
    )


def _of_page(page: Page) -> Kind:
    return Kind(
        PurePath(page.script).stem,
        page.title,
        _sections(page.items),
        lambda today: preset("30d", today),
        page=page,
    )


def _sections(items: tuple[Item, ...]) -> Contents:
    """Return the tabs of a page as sections, below the cards that are in no tab."""
    found: dict[str, tuple[Item, ...]] = {}
    for item in items:
        if isinstance(item, Tabs):
            found |= item.bodies
        else:
            found[""] = (*found.get("", ()), item)
    return found


def find(name: str) -> Kind:
    """Return the kind with this name; a page's title is a name too, in any case.

    Raises:
        SettingError: there is none.
    """
    wanted = name.strip().lower()
    for kind in kinds():
        if wanted in (kind.name, kind.title.lower()):
            return kind
    known = [kind.name for kind in kinds()]
    meant = near(name, [*known, *(kind.title for kind in kinds())])
    rest = f"did you mean {meant}?" if meant else f"use {', '.join(known)}."
    raise SettingError(f"There is no report {name[:60]!r}; {rest}")
