"""Billing: Cloudflare's billable usage and its costs, per day and per billing period.

Documented at developers.cloudflare.com/api/resources/billing/subresources/usage (version 1,
alpha). A range must include the day on which the subscription is billed: so whole billing periods
are read.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from meaux.collect.sources.source import Account, Batch, Source, instant, listed, needed
from meaux.collect.tables import BILLING_USAGE, CLOUDFLARE_USAGE, Row
from meaux.errors import ServiceError

Records = list[dict[str, Any]]


def read(account: Account, since: date, now: datetime) -> Iterator[Batch]:
    """Yield the usage of each billing period from the one that has the day."""
    today = now.astimezone(UTC).date()
    anchor = _anchor(account)
    first = _period_with(since, anchor)
    while first <= today:
        following = _next(first, anchor)
        last = min(following - timedelta(days=1), today)
        path = f"{account.path}/billable-usage"
        answer = account.service.get(path, **{"from": str(first), "to": str(last)})
        records = listed(account, answer.get("result"))
        yield {
            CLOUDFLARE_USAGE.name: _per_day(account, records),
            BILLING_USAGE.name: _per_period(account, records, first, following),
        }
        first = following


def _anchor(account: Account) -> int:
    """Return the day of the month on which the first running subscription is billed."""
    info = account.service.get(f"{account.path}/billable-usage/info").get("result")
    if not isinstance(info, dict):
        raise account.service.unreadable("the subscriptions are missing")
    subscriptions = listed(account, info.get("subscriptions"))
    if not info.get("covered") or not subscriptions:
        raise ServiceError("Cloudflare doesn't report billable usage for this account.")
    running = [one for one in subscriptions if not one.get("end_timestamp")] or subscriptions
    return instant(account, running[0].get("billing_cycle_anchor_timestamp")).day


def _in_month(month: date, anchor: int) -> date:
    """Return the billing day of a month; its last day if it is shorter."""
    return month.replace(day=min(anchor, monthrange(month.year, month.month)[1]))


def _period_with(day: date, anchor: int) -> date:
    first = _in_month(day, anchor)
    return first if first <= day else _in_month(day.replace(day=1) - timedelta(days=1), anchor)


def _next(first: date, anchor: int) -> date:
    return _in_month(first.replace(day=1) + timedelta(days=31), anchor)


def _per_day(account: Account, records: Records) -> list[Row]:
    """Add up the usage and the costs per day, service, zone, unit and currency."""
    sums: dict[tuple[Any, ...], list[float]] = {}
    for one in records:
        key = (
            instant(account, one.get("ChargePeriodStart")).date(),
            str(one.get("ServiceName") or ""),
            str(one.get("ZoneName") or ""),
            str(one.get("ConsumedUnit") or ""),
            str(one.get("BillingCurrency") or ""),
        )
        _add(sums.setdefault(key, [0.0, 0.0]), _amounts(account, one))
    columns = (*CLOUDFLARE_USAGE.key, "quantity", "cost_usd")
    rows = [dict(zip(columns, (*key, *sums[key]), strict=True)) for key in sums]
    return sorted(rows, key=lambda row: row["usage_date"])


def _per_period(account: Account, records: Records, first: date, following: date) -> list[Row]:
    """Add up the costs of a billing period per service and currency.

    The quantity is unknown if a service is measured in several units.
    """
    sums: dict[tuple[str, str], list[float]] = {}
    units: dict[tuple[str, str], set[str]] = {}
    for one in records:
        key = (str(one.get("ServiceName") or ""), str(one.get("BillingCurrency") or ""))
        _add(sums.setdefault(key, [0.0, 0.0]), _amounts(account, one))
        units.setdefault(key, set()).add(str(one.get("ConsumedUnit") or ""))
    return [
        {
            "service": service,
            "period_start": first,
            "period_end": following,
            "quantity": quantity if len(units[service, currency]) == 1 else None,
            "amount_cents": cost,
            "currency": currency,
        }
        for (service, currency), (quantity, cost) in sums.items()
    ]


def _amounts(account: Account, record: dict[str, Any]) -> tuple[float, float]:
    names = ("ConsumedQuantity", "BilledCost")
    quantity, cost = (needed(account, record.get(name)) for name in names)
    return quantity, cost


def _add(sums: list[float], amounts: Iterable[float]) -> None:
    sums[:] = [total + amount for total, amount in zip(sums, amounts, strict=True)]


BILLING = Source(
    "billing",
    "cloudflare",
    "Billing Read",
    (CLOUDFLARE_USAGE, BILLING_USAGE),
    read,
    days=90,
    overlap=3,
)
