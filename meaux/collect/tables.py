"""Tables: what `collect` writes, and by which key a row is found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
"""A row by the names of its columns: texts, numbers, dates, times in UTC; None for unknown."""


@dataclass(frozen=True)
class Column:
    """A column of a table as in the demo's schema.

    - `logical`: the column of the logical table that reads it; empty if none does.
    - `encoding`: how a time is stored; empty for other values.
    - `per`: by what a number is multiplied, such as 100 for cents.
    - `needed`: whether the table can't be filled without it.
    """

    name: str
    logical: str = ""
    encoding: str = ""
    per: int = 1
    needed: bool = False


@dataclass(frozen=True)
class Table:
    """A table to fill.

    - `logical`: the logical table that reads it.
    - `key`: the columns that identify a row; none of them is ever None.
    - `day`: the column whose newest value says how far the table is filled; empty for a list.
    - `mine`: values of a column by which rows of this source are told from others.
    - `splits`: the columns of the key that a table may lack; its rows then hold the sums of `sums`.
      The first is never empty in a row that isn't such a sum.
    """

    name: str
    logical: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    day: str = ""
    mine: tuple[str, tuple[str, ...]] | None = None
    splits: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()


WALL_QUANTILES = ("p25", "p50", "p75", "p90", "p95", "p99", "p999")
"""The quantiles of wall time that an hour of a Worker has."""


def _plain(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


CLOUDFLARE_USAGE = Table(
    "cloudflare_usage",
    "infrastructure_usage",
    ("usage_date", "service", "resource", "unit", "currency"),
    (
        Column("usage_date", "at", "date", needed=True),
        Column("service", "service", needed=True),
        Column("resource", "resource"),
        Column("quantity"),
        Column("unit"),
        Column("cost_usd", "cost", needed=True),
        Column("currency", "currency"),
    ),
    day="usage_date",
)
BILLING_USAGE = Table(
    "billing_usage",
    "infrastructure_usage",
    ("period_start", "service", "currency"),
    (
        Column("service", "service", needed=True),
        Column("period_start", "at", "epoch_s", needed=True),
        Column("period_end", "", "epoch_s"),
        Column("quantity"),
        Column("amount_cents", "cost", per=100, needed=True),
        Column("currency", "currency"),
    ),
    day="period_start",
)
WORKERS = Table(
    "cloudflare_workers",
    "worker",
    ("id",),
    (
        Column("id", "id", needed=True),
        Column("name", "name"),
        Column("script_name", "script"),
        Column("created_at", "created", "iso"),
        Column("modified_at", "modified", "iso"),
    ),
)
WORKER_HOURLY = Table(
    "worker_hourly",
    "worker_hour",
    ("worker_id", "hour"),
    (
        Column("worker_id", "worker", needed=True),
        Column("hour", "at", "iso", needed=True),
        Column("requests", "requests", needed=True),
        Column("errors", "errors", needed=True),
        *_plain("subrequests"),
        Column("cpu_total_ms", "cpu_ms"),
        *_plain("cpu_p50_ms", "cpu_p99_ms"),
        *(Column(f"wall_{name}_ms", name) for name in WALL_QUANTILES),
        Column("mean_sample_interval", "sample_interval"),
    ),
    day="hour",
)
WORKER_STATS = Table(
    "worker_stats",
    "worker_stat",
    ("worker_id",),
    (
        Column("worker_id", "id", needed=True),
        Column("worker_name", "name"),
        Column("total_requests", "requests", needed=True),
        Column("last_request_at", "last_request", "epoch_s"),
    ),
)
BUCKETS = Table(
    "r2_buckets",
    "bucket",
    ("id",),
    (
        Column("id", "id", needed=True),
        Column("name", "name", needed=True),
        *_plain("location", "storage_class"),
        Column("created_at", "created", "iso"),
    ),
)
BUCKET_USAGE = Table(
    "r2_usage",
    "bucket_usage",
    ("bucket", "usage_date"),
    (
        Column("bucket", "bucket", needed=True),
        Column("usage_date", "at", "date", needed=True),
        Column("bytes", "bytes"),
        Column("objects", "objects"),
        Column("class_a", "class_a"),
        Column("class_b", "class_b"),
        Column("sample_interval"),
    ),
    day="usage_date",
)
STORAGE = Table(
    "storage_usage",
    "storage_level",
    ("source", "recorded_at"),
    (
        Column("source", "source", needed=True),
        Column("recorded_at", "at", "epoch_s", needed=True),
        Column("bytes", "bytes", needed=True),
        *(Column(name, name) for name in ("items", "rows_read", "rows_written")),
        *(Column(name, name) for name in ("reads", "writes", "deletes", "lists")),
    ),
    day="recorded_at",
    mine=("source", ("d1", "kv")),
)
AI_COSTS = Table(
    "ai_cost_tracking",
    "ai_usage",
    ("request_id",),
    (
        Column("request_id", needed=True),
        Column("created_at", "at", "iso", needed=True),
        *_plain("provider"),
        Column("model", "model"),
        *_plain("input_tokens", "output_tokens"),
        Column("cost_usd", "cost", needed=True),
        *_plain("cached"),
    ),
    day="created_at",
)
OPENAI_SPENDING = Table(
    "openai_spending",
    "ai_usage",
    ("date", "line_item", "openai_project"),
    (
        Column("date", "at", "date", needed=True),
        Column("line_item", "model"),
        Column("openai_project"),
        Column("amount_cents", "cost", per=100, needed=True),
        Column("currency", "currency"),
    ),
    day="date",
    splits=("line_item", "openai_project"),
    sums=("amount_cents",),
)
