"""Allowances: this month's usage of each resource beside what the plans include."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from meaux.data.plan import PLAN_FILE, Plan
from meaux.query.answers import Answer, without_answer
from meaux.subjects.allowances.month import AIMonth, M, Month, StorageMonth, WorkersMonth
from meaux.subjects.allowances.resources import (
    AI_SPEND,
    AI_TOKENS,
    AS_OF,
    R2_STORAGE,
    WORKERS_REQUESTS,
    Resource,
)
from meaux.subjects.money.budgets import PARTS, of_ai
from meaux.subjects.money.spent import AIBudgets
from meaux.wording import day_of, money

ASSUMED = "Workers Paid plan (assumed)"


@dataclass(frozen=True)
class Use:
    """This month's usage of a resource and its allowance; None is unknown.

    `source` says where the allowance comes from, `as_of` the day on which it was looked up.
    """

    name: str
    used: float | None
    allowed: float | None
    unit: str
    extra_cost: float | None
    source: str
    as_of: date | None
    url: str = ""

    @property
    def is_limit(self) -> bool:
        """Return whether the user set it as a limit; beyond a plan's allowance, usage is billed."""
        return self.source != ASSUMED

    @property
    def share(self) -> float | None:
        """Return the share of the allowance that is used."""
        return self.used / self.allowed if self.used is not None and self.allowed else None


def included(resources: Iterable[Resource[M]], plan: Plan) -> list[Resource[M]]:
    """Return the resources that have an allowance."""
    return [resource for resource in resources if resource.allowed(plan) is not None]


def uses(resources: Iterable[Resource[M]], month: M, plan: Plan) -> list[Use]:
    """Return this month's usage of each resource that has an allowance."""
    return [_use(resource, month, plan) for resource in included(resources, plan)]


def gauged(
    workers: WorkersMonth, stored: StorageMonth, ai: AIMonth, budgets: AIBudgets, plan: Plan
) -> tuple[Use, Use, Use]:
    """Return this month's usage of Workers requests, R2 storage and AI.

    AI is measured in what its allowance is set in. An unknown allowance is None.
    """
    return (
        _use(WORKERS_REQUESTS, workers, plan),
        _use(R2_STORAGE, stored, plan),
        _ai_use(ai, budgets, plan),
    )


def _ai_use(ai: AIMonth, budgets: Answer, plan: Plan) -> Use:
    """Return AI usage beside its allowance, otherwise beside its one budget in the database."""
    spends = AI_SPEND.is_declared(plan) and not AI_TOKENS.is_declared(plan)
    use = _use(AI_SPEND if spends else AI_TOKENS, ai, plan)
    budget = _ai_budget(budgets)
    if use.allowed is not None or budget is None:
        return use
    source = f"budget in {budgets.sources['ai_budget']}"
    return replace(_use(AI_SPEND, ai, plan), allowed=budget, source=source, as_of=None)


def _ai_budget(budgets: Answer) -> float | None:
    """Return the monthly budget of all AI, if the database has exactly one today."""
    found, today = of_ai(budgets), pd.Timestamp(budgets.selection.today)
    of_all = found[[*PARTS, "currency"]].isna().all(axis=1)
    ended, later = found["last_day"] < today, found["first_day"] > today
    monthly = found["amount"][of_all & (found["period"] == "month") & ~ended & ~later]
    return float(monthly.iloc[0]) if len(monthly) == 1 else None


def _use(resource: Resource[M], month: M, plan: Plan) -> Use:
    used, declared = resource.measure(month), resource.is_declared(plan)
    return Use(
        resource.name,
        used,
        resource.allowed(plan),
        resource.unit,
        resource.extra_cost(used, plan),
        PLAN_FILE.name if declared else ASSUMED,
        plan.allowances.as_of if declared else AS_OF,
        "" if declared else resource.url,
    )


def measured(resources: Iterable[Resource[M]], month: M, plan: Plan) -> Answer:
    """Return the usage of one subject as `frame` shapes it, with an answer that it came from.

    It is empty if nothing has an allowance, or no usage was recorded this month.
    """
    found = frame(uses(resources, month, plan))
    return _base(month).with_frame(found if found["use"].notna().any() else found.head(0))


def _base(month: Month) -> Answer:
    """Return the first answer that has rows, otherwise the first of all."""
    return next((one for one in month.answers if one.state == "ready"), month.answers[0])


def gauge(month: Month, use: Use, scale: float = 1) -> Answer:
    """Return one usage for a gauge: name, used, allowed, both times `scale`; empty if unknown."""
    base = _base(month)
    allowed = None if use.allowed is None else use.allowed * scale
    if use.used is None:
        unanswered = (one for one in month.answers if not one.answered)
        return next(unanswered, base.with_frame(pd.DataFrame()))
    return base.with_frame(
        pd.DataFrame({"name": [use.name], "used": [use.used * scale], "allowed": [allowed]})
    )


def said(use: Use, budgets: Answer | None = None) -> str:
    """Say where an allowance comes from, when it was looked up and the cost beyond it.

    `budgets` are the AI budgets of the database, if one could replace the allowance.
    """
    if use.allowed is None:
        needed = without_answer(AI_budget=budgets) if budgets else ""
        return f"Set an allowance in .streamlit/meaux.toml. {needed}".rstrip()
    known = f", as of {day_of(use.as_of)}" if use.as_of else ""
    billed = f" About {money(use.extra_cost)} beyond the allowance." if use.extra_cost else ""
    return f"Allowance: {use.source}{known}.{billed}"


def frame(uses: Iterable[Use]) -> pd.DataFrame:
    """Shape usage as a table.

    Columns: resource, allowance_used (a ratio), use, allowance, unit, estimated_cost (dollars
    beyond the allowance), source, as_of, url.
    """
    found = list(uses)
    return pd.DataFrame(
        {
            "resource": [use.name for use in found],
            "allowance_used": pd.Series([use.share for use in found], dtype="float64"),
            "use": pd.Series([use.used for use in found], dtype="float64"),
            "allowance": pd.Series([use.allowed for use in found], dtype="float64"),
            "unit": [use.unit for use in found],
            "estimated_cost": pd.Series([use.extra_cost for use in found], dtype="float64"),
            "source": [use.source for use in found],
            "as_of": pd.Series([use.as_of for use in found], dtype="datetime64[s]"),
            "url": [use.url or None for use in found],
        }
    )
