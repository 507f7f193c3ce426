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
from meaux.figures.people import active_users, signups, teams
from meaux.figures.projects import total_projects
from meaux.figures.resources import (
    ai_requests,
    conversations,
    cost_per_thousand,
    deployed_workers,
    error_rate,
    gb_month,
    growth,
    images,
    input_tokens,
    model_cost,
    objects,
    output_tokens,
    requests,
    response_times,
    storage_cost,
    stored,
)

__all__ = [
    "Figure",
    "active_users",
    "ai_requests",
    "budgets_in_danger",
    "conversations",
    "cost",
    "cost_per_thousand",
    "cost_this_month",
    "daily_burn",
    "deployed_workers",
    "error_rate",
    "gb_month",
    "growth",
    "images",
    "input_tokens",
    "model_cost",
    "month_end",
    "objects",
    "output_tokens",
    "requests",
    "response_times",
    "signups",
    "storage_cost",
    "stored",
    "teams",
    "total_hours",
    "total_projects",
]
