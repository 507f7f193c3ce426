"""Allowances: this month's usage beside what the plans include, as tables and as gauges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from meaux import charts
from meaux.data.plan import Plan
from meaux.data.thresholds import Thresholds
from meaux.query.answers import Answer
from meaux.query.metrics import Metric
from meaux.subjects.ai.metrics import TOKENS
from meaux.subjects.allowances import frames as allowances
from meaux.subjects.allowances.frames import Use
from meaux.subjects.allowances.month import AIMonth, M, StorageMonth, WorkersMonth
from meaux.subjects.allowances.resources import AI, STORAGE, WORKERS, Resource
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.money.metrics import COST
from meaux.subjects.money.spent import AIBudgets
from meaux.subjects.storage.frames import GB
from meaux.subjects.storage.metrics import STORED
from meaux.subjects.workers.metrics import REQUESTS
from meaux.wording import sentences

WHOLE_MONTH = "Covers {everyone}, regardless of filters. A dash means that usage isn't recorded."
NO_USE = "This month, no usage is recorded for any resource that has an allowance."
NO_ALLOWANCE = (
    "No allowances set in .streamlit/meaux.toml. Add them under [allowances] "
    "(see .streamlit/meaux.example.toml)."
)

NOT_FOR_TEAMS = "Not for your teams: allowances are the company's."


@card
def workers(month: WorkersMonth, plan: Plan) -> Table:
    """Show this month's Workers usage and the allowances."""
    return _table(WORKERS, month, plan)


@card
def storage(month: StorageMonth, plan: Plan) -> Table:
    """Show this month's storage usage and the allowances."""
    return _table(STORAGE, month, plan)


@card
def ai(month: AIMonth, plan: Plan) -> Table:
    """Show this month's AI usage and the allowances that were set."""
    return _table(AI, month, plan)


def _table(resources: Sequence[Resource[M]], month: M, plan: Plan) -> Table:
    measured = allowances.measured(resources, month, plan)
    return Table(
        "Allowances this month",
        measured,
        about="Usage this month so far and the estimated cost beyond the allowance, at list price.",
        note=sentences(
            WHOLE_MONTH.format(everyone=measured.selection.everyone), plan.said("allowances")
        ),
        empty=_why_empty(resources, measured, plan),
    )


def _why_empty(resources: Sequence[Resource[M]], measured: Answer, plan: Plan) -> str:
    if allowances.included(resources, plan):
        return NO_USE
    return NO_ALLOWANCE if measured.selection.only is None else NOT_FOR_TEAMS


@card
def gauges(
    workers: WorkersMonth, stored: StorageMonth, ai: AIMonth, budgets: AIBudgets, plan: Plan
) -> tuple[Chart, Chart, Chart]:
    """Show this month's usage of Workers, storage and AI beside the allowances."""
    requests, r2, models = allowances.gauged(workers, stored, ai, budgets, plan)
    return (
        _gauge(requests, allowances.gauge(workers, requests), REQUESTS, plan),
        _gauge(r2, allowances.gauge(stored, r2, GB), STORED, plan),
        _gauge(models, allowances.gauge(ai, models), TOKENS, plan, budgets),
    )


def _gauge(
    use: Use, measured: Answer, metric: Metric, plan: Plan, budgets: Answer | None = None
) -> Chart:
    limits = plan.thresholds
    shown = COST if use.unit == "USD" else metric
    return Chart(
        use.name,
        measured,
        partial(charts.gauge, limited=use.is_limit, thresholds=limits),
        shown,
        about=f"{use.name} this month vs the allowance, regardless of filters. Set your own "
        f"allowances in .streamlit/meaux.toml. {_judged(use, limits)}".rstrip(),
        note=sentences(
            allowances.said(use, budgets),
            plan.said("allowances", "thresholds.at_risk", "thresholds.over"),
        ),
        empty=f"No {use.name} recorded this month.",
        file=measured.frame.rename(columns={"used": "used_this_month", "allowed": "included"}),
        file_unit=shown.unit,
    )


def _judged(use: Use, limits: Thresholds) -> str:
    """Return a sentence on usage near and beyond an allowance; empty without one."""
    if use.allowed is None:
        return ""
    if not use.is_limit:
        return "Usage beyond the allowance is billed."
    return f"At risk from {limits.words['at_risk']}, over from {limits.words['over']}."
