"""Categories: the one list of cost categories, with everything that differs between them.

To add one, add an entry here and the logical table that it names to `schema/model.toml`. The
ledger, the cards, budgets, alerts, files and Health follow from the entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from meaux.wording import enumerated

Branch = Literal["project", "service"]
Leaf = Literal["person", "service", "resource"]


@dataclass(frozen=True)
class Category:
    """A category of cost.

    - `word`: its name inside a sentence.
    - `table`: the logical table that feeds it; `at`: its time column.
    - `lines`: the view of its entries, a block in a file of queries; by default, the rows of its
      table in dollars. `abroad_lines`: the view of its entries in other currencies.
    - `personal`: whether an entry can have a person; `serviced`: whether it has a service.
    - `branch`, `leaf`: what the category is broken down into. `unnamed_branch` (by default
      Unassigned) and `unnamed_leaf` label entries without one.
    """

    name: str
    word: str
    table: str
    colour: str
    at: str = "at"
    lines: str = ""
    abroad_lines: str = ""
    personal: bool = True
    serviced: bool = True
    branch: Branch = "project"
    leaf: Leaf = "service"
    unnamed_branch: str = ""
    unnamed_leaf: str = "No service"

    @property
    def line(self) -> str:
        """The view of its entries: day, service, resource, project, person, amount, unpriced.

        Of time entries it also has billable, seconds, running, unread, unpriced_seconds; else NULL.
        """
        return self.lines or f"{self.table}_line"

    @property
    def abroad(self) -> str:
        """The view of its entries in other currencies: currency, project, person, amount."""
        return self.abroad_lines or f"{self.table}_abroad"

    @property
    def rows(self) -> str:
        """The query for a page of its entries."""
        return f"{self.table}_rows"

    @property
    def reported(self) -> str:
        """The column of a report that has this category's amount."""
        return f"{self.name.lower().replace(' ', '_')}_cost"


CATEGORIES = (
    Category(
        "Time",
        "time",
        "time_entry",
        "#2f6fde",
        at="started",
        lines="time_line",
        abroad_lines="time_abroad",
        serviced=False,
        leaf="person",
        unnamed_leaf="No person",
    ),
    Category("AI", "AI", "ai_usage", "#cf6a12", lines="ai_line", unnamed_leaf="No model"),
    Category(
        "Infrastructure",
        "infrastructure",
        "infrastructure_usage",
        "#1f9d8b",
        personal=False,
        branch="service",
        leaf="resource",
        unnamed_branch="Other services",
        unnamed_leaf="No resource",
    ),
)
"""All categories, in the order of charts and tables."""

NAMES = tuple(category.name for category in CATEGORIES)
SOURCES = tuple(category.table for category in CATEGORIES)
"""The logical tables of the ledger."""

IN_WORDS = enumerated([category.word for category in CATEGORIES])
"""All categories, for use in a sentence."""

PERSONAL_IN_WORDS = enumerated([category.word for category in CATEGORIES if category.personal])
"""The categories whose entries can have a person, for use in a sentence."""


def of_table(table: str) -> Category:
    """Return the category that a logical table feeds."""
    return next(category for category in CATEGORIES if category.table == table)


AI = of_table("ai_usage").name
"""The category of AI cost, which has its own budgets, allowances and cards."""


def capitalised(words: str) -> str:
    """Return words with a capital first letter."""
    return words[:1].upper() + words[1:]
