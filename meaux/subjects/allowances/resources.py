"""Resources: what the Cloudflare and AI plans include of each, its price and its measure.

An allowance in the settings comes first; otherwise the Workers Paid plan is assumed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic

import pandas as pd

from meaux.data.plan import Plan
from meaux.query.answers import Answer
from meaux.query.metrics.units import SECOND
from meaux.query.series import known_sum
from meaux.subjects.ai import frames as tokens
from meaux.subjects.allowances.month import AIMonth, M, StorageMonth, WorkersMonth
from meaux.subjects.storage import frames as storage

AS_OF = date(2026, 8, 3)
"""The day for which the list below is known to hold."""

DOCS = "https://developers.cloudflare.com"
WORKERS_PRICES = f"{DOCS}/workers/platform/pricing/"
R2_PRICES = f"{DOCS}/r2/pricing/"
D1_PRICES = f"{DOCS}/d1/platform/pricing/"
KV_PRICES = f"{DOCS}/kv/platform/pricing/"

MILLION = 1e6


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
