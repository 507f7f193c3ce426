"""Metrics: what each number is called, what it means, and how it is written."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Unit = Literal["money", "hours", "count", "ratio"]

MISSING = "\N{EN DASH}"
"""What stands where a number is not known."""

DEFINITIONS: dict[str, Metric] = {}
"""Every metric by name, in the order of this file."""


@dataclass(frozen=True)
class Metric:
    """A number the product shows: one name, one unit, one definition.

    `good` says which way it should go; `total` how values of parts make the whole.
    """

    name: str
    label: str
    unit: Unit
    definition: str
    good: Literal["up", "down", "neither"] = "up"
    total: Literal["sum", "last", "distinct", "ratio of sums"] = "sum"

    def __post_init__(self) -> None:
        DEFINITIONS[self.name] = self

    def short(self, value: float | None) -> str:
        """The number as a card shows it: large ones abbreviated."""
        return MISSING if value is None or math.isnan(value) else _SHORT[self.unit](float(value))

    def exact(self, value: float | None) -> str:
        """The number as a tooltip or a table shows it: all its digits."""
        return MISSING if value is None or math.isnan(value) else _EXACT[self.unit](float(value))

    @property
    def axis_format(self) -> str:
        """Its d3 format on an axis."""
        return {"money": "$~s", "hours": "~s", "count": "~s", "ratio": ".0%"}[self.unit]

    @property
    def tooltip_format(self) -> str:
        """Its d3 format in a tooltip."""
        return {"money": "$,.2f", "hours": ",.1f", "count": ",.0f", "ratio": ".1%"}[self.unit]

    @property
    def column(self) -> str:
        """Its heading in an export, with the unit."""
        return self.label + {"money": " (USD)", "hours": " (h)"}.get(self.unit, "")


def change(now: float | None, before: float | None) -> float | None:
    """The relative change from `before` to `now`; None where it has no meaning."""
    if now is None or before is None or math.isnan(now) or not before > 0:
        return None
    return now / before - 1


def money(value: float) -> str:
    """Dollars and cents, the sign in front: `-$1,234.50`."""
    return f"{'-' if value < 0 else ''}${abs(value):,.2f}"


CENTS_BELOW = 1_000
"""From this many dollars on, a card shows no cents."""


def _abbreviated(value: float) -> str:
    for floor, letter in ((999_950_000, "B"), (999_950, "M"), (9_999.5, "k")):
        if abs(value) >= floor:
            power = {"B": 1e9, "M": 1e6, "k": 1e3}[letter]
            return f"{value / power:,.1f}{letter}"
    return f"{value:,.0f}"


def _short_money(value: float) -> str:
    sign, size = ("-" if value < 0 else ""), abs(value)
    return f"{sign}${_abbreviated(size)}" if size >= CENTS_BELOW else money(value)


_SHORT: dict[str, Callable[[float], str]] = {
    "money": _short_money,
    "hours": lambda value: f"{value:,.1f} h",
    "count": _abbreviated,
    "ratio": lambda value: f"{value:.1%}",
}
_EXACT: dict[str, Callable[[float], str]] = {
    "money": money,
    "hours": lambda value: f"{value:,.1f} h",
    "count": lambda value: f"{value:,.0f}",
    "ratio": lambda value: f"{value:.1%}",
}

COST = Metric(
    "cost",
    "Cost",
    "money",
    "Time, AI and infrastructure cost in the period; credits are negative.",
    good="down",
)
DAILY_BURN = Metric(
    "daily_burn",
    "Daily burn",
    "money",
    "Mean cost of the last 7 complete days.",
    good="down",
    total="ratio of sums",
)
MONTH_END = Metric(
    "month_end",
    "Projected month end",
    "money",
    "Cost of this month so far and the forecast of its remaining days.",
    good="down",
    total="last",
)
BUDGETS_IN_DANGER = Metric(
    "budgets_in_danger",
    "Budgets over or at risk",
    "count",
    "Monthly budgets of which 80 % is used, or which are forecast to be used up this month.",
    good="down",
    total="last",
)
CHANGE = Metric(
    "change",
    "Change in cost",
    "money",
    "Cost in the period less cost in the compared period.",
    good="down",
)
SHARE = Metric("share", "Share of cost", "ratio", "Part of the total cost.", "neither", "last")
BEFORE = Metric("before", "Cost before", "money", "Cost in the compared period.", good="down")
TEAMS = Metric("teams", "Teams", "count", "Number of teams.", total="last")
MEMBERS = Metric(
    "members", "Members", "count", "People in a team who have not left it.", "up", "last"
)
SIGNUPS = Metric(
    "signups", "Recent signups", "count", "Users whose account was created in the period."
)
COST_THIS_MONTH = Metric(
    "cost_this_month",
    "This month's cost",
    "money",
    "Time, AI and infrastructure cost from the first of the month to the end of today, "
    "compared with the same number of days of last month.",
    good="down",
)
HOURS = Metric(
    "hours",
    "Total time logged",
    "hours",
    "Hours of the time entries that started in the period; running timers and negative "
    "entries are left out.",
)
TOTAL_PROJECTS = Metric(
    "total_projects",
    "Total projects",
    "count",
    "All projects there are today except the archived ones.",
    total="last",
)
PROJECTS = Metric(
    "projects", "Projects", "count", "All projects, the archived ones included.", total="last"
)
STANDING_PROJECTS = Metric(
    "standing_projects",
    "Projects",
    "count",
    "All projects there are today except the archived ones.",
    total="last",
)
ACTIVE_USERS = Metric(
    "active_users",
    "Active users",
    "count",
    "Distinct people with a session, a time entry or an AI conversation in the period.",
    total="distinct",
)
ACTIVITY = Metric(
    "activity",
    "Activity",
    "count",
    "Rows of the project activity log in the period; time entries where there is no such log.",
)

COLUMN_UNITS: dict[str, Unit] = {
    "budget": "money",
    "actual": "money",
    "used": "ratio",
    "pace": "ratio",
    "remaining": "money",
    "burn7": "money",
    "burn30": "money",
    "run_rate": "money",
    "projected": "money",
    "reported": "money",
    "ledger": "money",
    "difference": "money",
    "savings": "money",
    "time_cost": "money",
    "ai_cost": "money",
    "infrastructure_cost": "money",
}
"""The units of columns that stand in tables beside the metrics."""


def unit_of(column: str) -> Unit | None:
    """The unit of a column, if it has one."""
    return DEFINITIONS[column].unit if column in DEFINITIONS else COLUMN_UNITS.get(column)
