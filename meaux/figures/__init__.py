"""Figures: one number each, with what it is compared with and how it came about."""

from meaux.figures.costs import (
    budgets_in_danger,
    cost,
    cost_this_month,
    daily_burn,
    month_end,
)
from meaux.figures.figure import Figure
from meaux.figures.hours import total_hours
from meaux.figures.people import active_members, active_users, deliverables, signups, teams
from meaux.figures.projects import total_projects

__all__ = [
    "Figure",
    "active_members",
    "active_users",
    "budgets_in_danger",
    "cost",
    "cost_this_month",
    "daily_burn",
    "deliverables",
    "month_end",
    "signups",
    "teams",
    "total_hours",
    "total_projects",
]
