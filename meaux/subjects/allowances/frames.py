"""Allowances: the amount of each resource that the plans include, and this month's usage.

An allowance in the settings comes first; otherwise the Workers Paid plan is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Generic, TypeVar

import pandas as pd

from meaux.data.plan import PLAN_FILE, Plan
from meaux.query import queries
from meaux.query.answers import Answer, without_answer
from meaux.query.filters import Selection, month_to_date
from meaux.query.metrics.units import SECOND
from meaux.query.needs import asking
from meaux.query.series import known_sum
from meaux.subjects.ai import frames as tokens
from meaux.subjects.money.budgets import PARTS, of_ai
from meaux.subjects.storage import frames as storage
from meaux.wording import day_of, money

AS_OF = date(2026, 8, 3)
"""The day for which the list below is known to hold."""

DOCS = "https://developers.cloudflare.com"
WORKERS_PRICES = f"{DOCS}/workers/platform/pricing/"
R2_PRICES = f"{DOCS}/r2/pricing/"
D1_PRICES = f"{DOCS}/d1/platform/pricing/"
KV_PRICES = f"{DOCS}/kv/platform/pricing/"

ASSUMED = "Workers Paid plan (assumed)"


def month(selection: Selection) -> Selection:
    """Select this month up to today for the whole company, regardless of filters."""
    so_far = selection.over(month_to_date(selection.today))
    return replace(so_far.unnarrowed, grain="auto")


@dataclass(frozen=True)
class Month:
    """The answers that measure this month's usage of one subject."""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return all of them, in order."""
        return tuple(vars(self).values())


@dataclass(frozen=True)
class WorkersMonth(Month):
    """This month of Workers."""

    use: Annotated[Answer, asking(queries.worker_use, over=month)]


@dataclass(frozen=True)
class StorageMonth(Month):
    """This month of buckets and of other storage."""

    buckets: Annotated[Answer, asking(queries.bucket_levels, over=month)]
    bucket_peaks: Annotated[Answer, asking(queries.bucket_peaks, over=month)]
    operations: Annotated[Answer, asking(queries.bucket_operations, over=month)]
    sources: Annotated[Answer, asking(queries.storage_levels, over=month)]
    source_peaks: Annotated[Answer, asking(queries.storage_peaks, over=month)]
    source_operations: Annotated[Answer, asking(queries.storage_operations, over=month)]


@dataclass(frozen=True)
class AIMonth(Month):
    """This month of AI."""

    tokens: Annotated[Answer, asking(queries.tokens_used, over=month)]
    cost: Annotated[Answer, asking(queries.model_cost_by_day, over=month)]


AIBudgets = Annotated[Answer, asking(queries.ai_budgets)]

M = TypeVar("M", bound=Month)


@dataclass(frozen=True)
class Resource(Generic[M]):
    """Something that the plans include, in its unit; `measure` returns this month's usage.

    `free`: the free plan's allowance, in words. `paid`: the paid plan's allowance per month, None
    if no Cloudflare plan has one. `price`: dollars per `per` units beyond it. `setting`: its key
    under `[allowances]` in the settings.
    """

    name: str
    unit: str
    measure: Callable[[M], float | None]
    free: str = ""
    paid: float | None = None
    price: float | None = None
    per: float = 1.0
    url: str = ""
    setting: str = ""

    def allowed(self, plan: Plan) -> float | None:
        """Return the allowance: the one that was set, otherwise the paid plan's."""
        declared: float | None = getattr(plan.allowances, self.setting) if self.setting else None
        return self.paid if declared is None else declared

    def is_declared(self, plan: Plan) -> bool:
        """Return whether the user set the allowance."""
        return bool(self.setting) and getattr(plan.allowances, self.setting) is not None

    def extra_cost(self, used: float | None, plan: Plan) -> float | None:
        """Return the list price in dollars of usage beyond the allowance; None if unknown."""
        allowed = self.allowed(plan)
        if used is None or allowed is None or self.price is None:
            return None
        return max(0.0, used - allowed) / self.per * self.price


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


def _cpu_seconds(month: WorkersMonth) -> float | None:
    found = known_sum(month.use.frame["cpu_ms"])
    return None if found is None else found / SECOND


def _of_source(source: str) -> Callable[[StorageMonth], float | None]:
    """Make the measure of a kind of storage, in GB-month."""

    def measure(month: StorageMonth) -> float | None:
        levels, peaks = (_only(source, one) for one in (month.sources, month.source_peaks))
        return storage.gb_month(levels, peaks, month.sources.selection, "source")

    return measure


def _operations(source: str, kind: str) -> Callable[[StorageMonth], float | None]:
    """Make the measure of rows or operations of a kind of storage."""
    return lambda month: known_sum(_only(source, month.source_operations)[kind])


def _only(source: str, answer: Answer) -> pd.DataFrame:
    """Return the rows of a kind of storage, whatever its case."""
    return answer.frame[answer.frame["source"].str.strip().str.lower() == source]


def _of_buckets(month: StorageMonth) -> float | None:
    levels, peaks = month.buckets, month.bucket_peaks
    return storage.gb_month(levels.frame, peaks.frame, levels.selection, "bucket")


MILLION = 1e6

WORKERS: tuple[Resource[WorkersMonth], ...] = (
    Resource(
        "Workers requests",
        "requests",
        lambda month: known_sum(month.use.frame["requests"]),
        free="100,000 per day",
        paid=10 * MILLION,
        price=0.30,
        per=MILLION,
        url=WORKERS_PRICES,
        setting="workers_requests",
    ),
    Resource(
        "Workers CPU time",
        "s",
        _cpu_seconds,
        free="10 ms per request",
        paid=30 * MILLION / SECOND,
        price=0.02,
        per=MILLION / SECOND,
        url=WORKERS_PRICES,
    ),
)

STORAGE: tuple[Resource[StorageMonth], ...] = (
    Resource(
        "R2 storage",
        "GB-month",
        _of_buckets,
        free="10 GB-month",
        paid=10,
        price=0.015,
        url=R2_PRICES,
        setting="r2_storage_gb",
    ),
    Resource(
        "R2 class A operations",
        "operations",
        lambda month: known_sum(month.operations.frame["class_a"]),
        free="1,000,000 per month",
        paid=1 * MILLION,
        price=4.50,
        per=MILLION,
        url=R2_PRICES,
    ),
    Resource(
        "R2 class B operations",
        "operations",
        lambda month: known_sum(month.operations.frame["class_b"]),
        free="10,000,000 per month",
        paid=10 * MILLION,
        price=0.36,
        per=MILLION,
        url=R2_PRICES,
    ),
    Resource(
        "D1 storage",
        "GB-month",
        _of_source("d1"),
        free="5 GB",
        paid=5,
        price=0.75,
        url=D1_PRICES,
    ),
    Resource(
        "D1 rows read",
        "rows",
        _operations("d1", "rows_read"),
        free="5,000,000 per day",
        paid=25_000 * MILLION,
        price=0.001,
        per=MILLION,
        url=D1_PRICES,
    ),
    Resource(
        "D1 rows written",
        "rows",
        _operations("d1", "rows_written"),
        free="100,000 per day",
        paid=50 * MILLION,
        price=1.00,
        per=MILLION,
        url=D1_PRICES,
    ),
    Resource(
        "KV storage",
        "GB-month",
        _of_source("kv"),
        free="1 GB",
        paid=1,
        price=0.50,
        url=KV_PRICES,
    ),
    Resource(
        "KV keys read",
        "keys",
        _operations("kv", "reads"),
        free="100,000 per day",
        paid=10 * MILLION,
        price=0.50,
        per=MILLION,
        url=KV_PRICES,
    ),
    Resource(
        "KV keys written",
        "keys",
        _operations("kv", "writes"),
        free="1,000 per day",
        paid=1 * MILLION,
        price=5.00,
        per=MILLION,
        url=KV_PRICES,
    ),
    Resource(
        "KV keys deleted",
        "keys",
        _operations("kv", "deletes"),
        free="1,000 per day",
        paid=1 * MILLION,
        price=5.00,
        per=MILLION,
        url=KV_PRICES,
    ),
    Resource(
        "KV list requests",
        "requests",
        _operations("kv", "lists"),
        free="1,000 per day",
        paid=1 * MILLION,
        price=5.00,
        per=MILLION,
        url=KV_PRICES,
    ),
)

AI_TOKENS = Resource[AIMonth](
    "AI tokens",
    "tokens",
    lambda month: known_sum(month.tokens.frame["tokens"]),
    setting="ai_tokens",
)
AI_SPEND = Resource[AIMonth](
    "AI spend", "USD", lambda month: tokens.cost(month.cost.frame), setting="ai_usd"
)
AI = (AI_TOKENS, AI_SPEND)

Listed = Resource[WorkersMonth] | Resource[StorageMonth] | Resource[AIMonth]

RESOURCES: tuple[Listed, ...] = (*WORKERS, *STORAGE, *AI)
"""Every resource with Cloudflare's list allowance; AI has only those that a user sets."""

WORKERS_REQUESTS, R2_STORAGE = WORKERS[0], STORAGE[0]


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
