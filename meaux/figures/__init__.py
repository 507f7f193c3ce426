"""Figures: one number each, with what it is compared with and how it came about."""

from meaux.figures.costs import budgets_in_danger, cost, cost_this_month
from meaux.figures.figure import Figure
from meaux.figures.hours import total_hours
from meaux.figures.outlook import (
    daily_burn,
    forecast_error,
    month_end,
    month_end_if,
    quarter_end,
    quarter_end_if,
)
from meaux.figures.people import active_users, signups, teams
from meaux.figures.projects import activity, stale_projects, total_projects

__all__ = [
    "Figure",
    "active_users",
    "activity",
    "budgets_in_danger",
    "cost",
    "cost_this_month",
    "daily_burn",
    "forecast_error",
    "month_end",
    "month_end_if",
    "quarter_end",
    "quarter_end_if",
    "signups",
    "stale_projects",
    "teams",
    "total_hours",
    "total_projects",
]
