"""Allowances: what the plans include of each resource, and how much of it this month has used.

What a user declares wins; the list of Cloudflare's own plans stands in otherwise, as an estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from meaux import queries, storage, tokens
from meaux.answers import Answer, Ask, Rows, without_answer
from meaux.budgets import of_ai
from meaux.filters import Selection, month_to_date
from meaux.metrics import money
from meaux.metrics.units import SECOND
from meaux.plan import PLAN_FILE, Plan

AS_OF = date(2026, 8, 3)
"""The day for which the list below is known to hold."""

DOCS = "https://developers.cloudflare.com"
WORKERS_PRICES = f"{DOCS}/workers/platform/pricing/"
R2_PRICES = f"{DOCS}/r2/pricing/"
D1_PRICES = f"{DOCS}/d1/platform/pricing/"
KV_PRICES = f"{DOCS}/kv/platform/pricing/"

ESTIMATE = "Estimate: Workers Paid plan"

Measure = Callable[[Rows, Selection], float | None]


@dataclass(frozen=True)
class Resource:
    """Something that the plans include, in its unit.

    `free` is what the free plan has, in words; `paid` what the paid plan includes a month, None
    where no plan of Cloudflare's has it; `price` is in dollars for each `per` units more.
    `setting` is the key of `[allowances]` that declares it.
    """

    name: str
    subject: str
    unit: str
    measure: Measure
    free: str = ""
    paid: float | None = None
    price: float | None = None
    per: float = 1.0
    url: str = ""
    setting: str = ""

    def allowed(self, plan: Plan) -> float | None:
        """What is included: what was declared, else what the paid plan has."""
        declared: float | None = getattr(plan.allowances, self.setting) if self.setting else None
        return self.paid if declared is None else declared

    def is_declared(self, plan: Plan) -> bool:
        """Whether the user said how much is included."""
        return bool(self.setting) and getattr(plan.allowances, self.setting) is not None

    def extra_cost(self, used: float | None, plan: Plan) -> float | None:
        """Dollars for what goes beyond what is included, by the list; None where unknown."""
        allowed = self.allowed(plan)
        if used is None or allowed is None or self.price is None:
            return None
        return max(0.0, used - allowed) / self.per * self.price


@dataclass(frozen=True)
class Use:
    """What this month has used of a resource beside what is included; None is not known.

    `source` says who included so much, `as_of` for which day that is known.
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
        """Whether somebody set it; what a plan includes is merely billed beyond."""
        return self.source != ESTIMATE

    @property
    def share(self) -> float | None:
        """The part of what is included that is used."""
        return self.used / self.allowed if self.used is not None and self.allowed else None


def _of(name: str, column: str, scale: float = 1) -> Measure:
    """The sum of a column of an answer, multiplied by `scale`."""

    def measure(rows: Rows, _: Selection) -> float | None:
        found = getattr(rows, name).frame[column].sum(min_count=1)
        return None if pd.isna(found) else float(found) * scale

    return measure


def _of_source(source: str) -> Measure:
    """The GB-month of a kind of storage."""

    def measure(rows: Rows, selection: Selection) -> float | None:
        levels, peaks = (
            answer.frame[answer.frame["source"].str.strip().str.lower() == source]
            for answer in (rows.storage_this_month, rows.storage_peaks_this_month)
        )
        return storage.gb_month(levels, peaks, month(selection), "source")

    return measure


def _of_buckets(rows: Rows, selection: Selection) -> float | None:
    levels, peaks = rows.buckets_this_month.frame, rows.bucket_peaks_this_month.frame
    return storage.gb_month(levels, peaks, month(selection), "bucket")


def _of_ai(rows: Rows, _: Selection) -> float | None:
    return tokens.cost(rows.model_cost_this_month.frame)


def _unknown(_rows: Rows, _selection: Selection) -> None:
    """The use of what no table tells of."""


MILLION = 1e6

RESOURCES = (
    Resource(
        "Workers requests",
        "Workers",
        "requests",
        _of("workers_this_month", "requests"),
        free="100,000 a day",
        paid=10 * MILLION,
        price=0.30,
        per=MILLION,
        url=WORKERS_PRICES,
        setting="workers_requests",
    ),
    Resource(
        "Workers CPU time",
        "Workers",
        "s",
        _of("workers_this_month", "cpu_ms", 1 / SECOND),
        free="10 ms a request",
        paid=30 * MILLION / SECOND,
        price=0.02,
        per=MILLION / SECOND,
        url=WORKERS_PRICES,
    ),
    Resource(
        "R2 storage",
        "Storage",
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
        "Storage",
        "operations",
        _of("operations_this_month", "class_a"),
        free="1 million a month",
        paid=1 * MILLION,
        price=4.50,
        per=MILLION,
        url=R2_PRICES,
    ),
    Resource(
        "R2 class B operations",
        "Storage",
        "operations",
        _of("operations_this_month", "class_b"),
        free="10 million a month",
        paid=10 * MILLION,
        price=0.36,
        per=MILLION,
        url=R2_PRICES,
    ),
    Resource(
        "D1 storage",
        "Storage",
        "GB-month",
        _of_source("d1"),
        free="5 GB",
        paid=5,
        price=0.75,
        url=D1_PRICES,
    ),
    Resource(
        "D1 rows read",
        "Storage",
        "rows",
        _unknown,
        free="5 million a day",
        paid=25_000 * MILLION,
        price=0.001,
        per=MILLION,
        url=D1_PRICES,
    ),
    Resource(
        "D1 rows written",
        "Storage",
        "rows",
        _unknown,
        free="100,000 a day",
        paid=50 * MILLION,
        price=1.00,
        per=MILLION,
        url=D1_PRICES,
    ),
    Resource(
        "KV storage",
        "Storage",
        "GB-month",
        _of_source("kv"),
        free="1 GB",
        paid=1,
        price=0.50,
        url=KV_PRICES,
    ),
    Resource("AI tokens", "AI", "tokens", _of("tokens_this_month", "tokens"), setting="ai_tokens"),
    Resource("AI spend", "AI", "USD", _of_ai, setting="ai_usd"),
)
"""Every resource with what Cloudflare lists of it; AI has only what a user declares."""

R2_STORAGE = next(resource for resource in RESOURCES if resource.name == "R2 storage")


def month(selection: Selection) -> Selection:
    """This month up to today, of the whole company, whatever the filters say."""
    so_far = selection.over(month_to_date(selection.today))
    return replace(so_far, grain="auto", teams=(), projects=(), people=())


def asks(selection: Selection, *subjects: str) -> dict[str, Ask]:
    """What the use of each resource is measured by; of some subjects, or of all."""
    whole = month(selection)
    measured = {
        "Workers": {"workers_this_month": Ask(queries.worker_use, whole)},
        "Storage": {
            "buckets_this_month": Ask(queries.bucket_levels, whole),
            "bucket_peaks_this_month": Ask(queries.bucket_peaks, whole),
            "operations_this_month": Ask(queries.bucket_operations, whole),
            "storage_this_month": Ask(queries.storage_levels, whole),
            "storage_peaks_this_month": Ask(queries.storage_peaks, whole),
        },
        "AI": {
            "tokens_this_month": Ask(queries.tokens_used, whole),
            "model_cost_this_month": Ask(queries.model_cost_by_day, whole),
        },
    }
    chosen = subjects or tuple(measured)
    return {name: ask for subject in chosen for name, ask in measured[subject].items()}


def included(plan: Plan, *subjects: str) -> list[Resource]:
    """The resources of which something is included; of some subjects, or of all."""
    wanted = [r for r in RESOURCES if not subjects or r.subject in subjects]
    return [resource for resource in wanted if resource.allowed(plan) is not None]


def standing(rows: Rows, plan: Plan, selection: Selection, *subjects: str) -> list[Use]:
    """This month's use of each resource that is included; made of `asks`."""
    return [
        _use(resource, resource.measure(rows, selection), plan)
        for resource in included(plan, *subjects)
    ]


GAUGED = ("Workers requests", "R2 storage", "AI tokens")
"""The resources that a business watches, one of each subject."""


def gauged(rows: Rows, plan: Plan, selection: Selection) -> list[Use]:
    """This month's use of the watched resources; of AI, what an allowance is declared of.

    An allowance that nobody knows is None. Made of `asks`.
    """
    by_name = {resource.name: resource for resource in RESOURCES}
    spends = by_name["AI spend"].is_declared(plan) and not by_name["AI tokens"].is_declared(plan)
    names = [*GAUGED[:2], "AI spend" if spends else GAUGED[2]]
    uses = [_use(by_name[name], by_name[name].measure(rows, selection), plan) for name in names]
    budget = _ai_budget(rows.ai_budgets)
    if uses[-1].allowed is not None or budget is None:
        return uses
    spend = _use(by_name["AI spend"], by_name["AI spend"].measure(rows, selection), plan)
    source = f"Budget in {rows.ai_budgets.sources['ai_budget']}"
    return [*uses[:-1], replace(spend, allowed=budget, source=source, as_of=None)]


def _ai_budget(budgets: Answer) -> float | None:
    """The month's budget of all AI, where the database holds just one today; else None."""
    found, today = of_ai(budgets), pd.Timestamp(budgets.selection.today)
    of_all = found["project"].isna() & found["team"].isna() & found["currency"].isna()
    ended, later = found["last_day"] < today, found["first_day"] > today
    monthly = found["amount"][of_all & (found["period"] == "month") & ~ended & ~later]
    return float(monthly.iloc[0]) if len(monthly) == 1 else None


def _use(resource: Resource, used: float | None, plan: Plan) -> Use:
    declared = resource.is_declared(plan)
    return Use(
        resource.name,
        used,
        resource.allowed(plan),
        resource.unit,
        resource.extra_cost(used, plan),
        PLAN_FILE.name if declared else ESTIMATE,
        plan.allowances.as_of if declared else AS_OF,
        "" if declared else resource.url,
    )


def measured(rows: Rows, plan: Plan, selection: Selection, subject: str) -> Answer:
    """The uses of one subject as `frame` has them, with the answer that they were made of.

    It is empty where nothing is included, or nothing was measured this month.
    """
    answers = [getattr(rows, name) for name in asks(selection, subject)]
    base: Answer = next((a for a in answers if a.state == "ready"), answers[0])
    uses = standing(rows, plan, selection, subject)
    found = frame(uses)
    return base.holding(found if found["use"].notna().any() else found.head(0))


def gauge(rows: Rows, use: Use, subject: str, selection: Selection, scale: float) -> Answer:
    """One use for a gauge: name, used, allowed, each multiplied by `scale`; empty if not known."""
    answers = [getattr(rows, name) for name in asks(selection, subject)]
    base: Answer = next((a for a in answers if a.state == "ready"), answers[0])
    allowed = None if use.allowed is None else use.allowed * scale
    if use.used is None:
        return next((a for a in answers if not a.answered), base.holding(pd.DataFrame()))
    return base.holding(
        pd.DataFrame({"name": [use.name], "used": [use.used * scale], "allowed": [allowed]})
    )


def said(use: Use, budgets: Answer | None = None) -> str:
    """Where an allowance comes from, for which day it is known, and what is billed beyond it.

    `budgets` are those of the database, where one of them could stand in.
    """
    if use.allowed is None:
        needed = without_answer(AI_budget=budgets) if budgets else ""
        return f"Declare an allowance in .streamlit/meaux.toml. {needed}".rstrip()
    told = f"{use.source}, as of {use.as_of:%-d %b %Y}." if use.as_of else f"{use.source}."
    billed = f" About {money(use.extra_cost)} for what is beyond." if use.extra_cost else ""
    return told + billed


def frame(uses: Iterable[Use]) -> pd.DataFrame:
    """Uses as a table.

    Columns: resource, use, allowance, unit, allowance_used (a ratio), estimated_cost (dollars
    beyond what is included), source, as_of, url.
    """
    found = list(uses)
    return pd.DataFrame(
        {
            "resource": [use.name for use in found],
            "use": pd.Series([use.used for use in found], dtype="float64"),
            "allowance": pd.Series([use.allowed for use in found], dtype="float64"),
            "unit": [use.unit for use in found],
            "allowance_used": pd.Series([use.share for use in found], dtype="float64"),
            "estimated_cost": pd.Series([use.extra_cost for use in found], dtype="float64"),
            "source": [use.source for use in found],
            "as_of": pd.Series([use.as_of for use in found], dtype="datetime64[s]"),
            "url": [use.url or None for use in found],
        }
    )
