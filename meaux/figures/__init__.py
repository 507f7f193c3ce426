"""Figures: one number each, with what it is compared with and how it came about."""

from meaux.figures.costs import (
    budgets_in_danger,
    cost,
    cost_this_month,
    daily_burn,
    month_end,
)
from meaux.figures.figure import Figure
from meaux.figures.hours import (
    billable_ratio,
    effective_rate,
    entries,
    running_timers,
    total_hours,
    utilisation,
)
from meaux.figures.people import active_users, signups, teams
from meaux.figures.projects import total_projects

__all__ = [
    "Figure",
    "active_users",
    "billable_ratio",
    "budgets_in_danger",
    "cost",
    "cost_this_month",
    "daily_burn",
    "effective_rate",
    "entries",
    "month_end",
    "running_timers",
    "signups",
    "teams",
    "total_hours",
    "total_projects",
    "utilisation",
]
