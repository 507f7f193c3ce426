"""Categories: the one list of what cost is divided into, and all that tells one from another.

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

    `word` is its name within a sentence. `table` is the logical table that feeds it, `at` the
    column that says when. `lines` is the view of its lines, a block in a file of queries; without
    one, its lines are the rows of its table that are in dollars; `abroad_lines` that of those in
    other currencies. `personal` says that a line may be somebody's, `serviced` that its lines are
    told apart by service. `branch` and `leaf` are what it is broken down into, `unnamed_branch`
    (else it is unassigned) and `unnamed_leaf` what stands there where a line names none.
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
    unnamed_leaf: str = "No service named"

    @property
    def line(self) -> str:
        """The view of its lines: day, service, resource, project, person, amount, unpriced."""
        return self.lines or f"{self.table}_line"

    @property
    def abroad(self) -> str:
        """The view of its lines in other currencies: currency, project, person, amount."""
        return self.abroad_lines or f"{self.table}_abroad"

    @property
    def reported(self) -> str:
        """The column of a report that has its part."""
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
        unnamed_leaf="Nobody named",
    ),
    Category("AI", "AI", "ai_usage", "#cf6a12", lines="ai_line", unnamed_leaf="No model named"),
    Category(
        "Infrastructure",
        "infrastructure",
        "infrastructure_usage",
        "#1f9d8b",
        personal=False,
        branch="service",
        leaf="resource",
        unnamed_branch="Other services",
        unnamed_leaf="No resource named",
    ),
)
"""Every category, in the order in which charts and tables have them."""

NAMES = tuple(category.name for category in CATEGORIES)
SOURCES = tuple(category.table for category in CATEGORIES)
"""The logical tables of the ledger."""

IN_WORDS = enumerated([category.word for category in CATEGORIES])
"""All of them within a sentence."""

PERSONAL_IN_WORDS = enumerated([category.word for category in CATEGORIES if category.personal])
"""Those of which a line may be somebody's, within a sentence."""


def of_table(table: str) -> Category:
    """The category that a logical table feeds."""
    return next(category for category in CATEGORIES if category.table == table)


AI = of_table("ai_usage").name
"""The category of what models cost, which has budgets, allowances and cards of its own."""


def capitalised(words: str) -> str:
    """Words as a sentence begins with them."""
    return words[:1].upper() + words[1:]
