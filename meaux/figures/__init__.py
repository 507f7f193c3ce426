"""Figures: one number each, with what it is compared with and how it came about."""

from meaux.figures.costs import (
    budgets_in_danger,
    cost,
    cost_this_month,
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
from meaux.figures.outlook import (
    daily_burn,
    month_end,
    month_end_if,
    quarter_end,
    quarter_end_if,
)
from meaux.figures.people import (
    active_users,
    signups,
    teams,
)
from meaux.figures.projects import (
    activity,
    stale_projects,
    total_projects,
)
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
    "activity",
    "ai_requests",
    "billable_ratio",
    "budgets_in_danger",
    "conversations",
    "cost",
    "cost_per_thousand",
    "cost_this_month",
    "daily_burn",
    "deployed_workers",
    "effective_rate",
    "entries",
    "error_rate",
    "gb_month",
    "growth",
    "images",
    "input_tokens",
    "model_cost",
    "month_end",
    "month_end_if",
    "objects",
    "output_tokens",
    "quarter_end",
    "quarter_end_if",
    "requests",
    "response_times",
    "running_timers",
    "signups",
    "stale_projects",
    "storage_cost",
    "stored",
    "teams",
    "total_hours",
    "total_projects",
    "utilisation",
]
