"""Cloudflare's GraphQL Analytics API: datasets read in windows that its limits allow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from meaux.collect.sources.source import Account, listed
from meaux.errors import NotPermitted

MOST = 10_000
"""The maximum number of rows of an answer; a full one may lack some."""
WINDOW = timedelta(days=30)
"""The longest time that one query may cover."""

_QUERY = """\
query Collect($account: string!, $start: {kind}, $end: {kind}) {{
  viewer {{
    accounts(filter: {{accountTag: $account}}) {{
      {dataset}(limit: {most}, filter: {{{field}_geq: $start, {field}_{until}: $end}}) {{
        {fields}
      }}
    }}
  }}
}}"""
_NOT_PERMITTED = ("authz", "not authorized", "does not have access", "authentication")


def hours(
    account: Account, dataset: str, fields: str, since: date, now: datetime
) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a dataset per window, with times from a day up to now."""
    start = datetime.combine(since, time(), UTC)
    while start < now:
        end = min(start + WINDOW, now)
        yield _between(account, dataset, fields, start, end)
        start = end


def _between(
    account: Account, dataset: str, fields: str, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return the rows of a time; in halves if an answer would be full."""
    kind = {"kind": "Time!", "field": "datetime", "until": "lt"}
    rows = _asked(account, dataset, fields, kind, (_written(start), _written(end)))
    if len(rows) < MOST:
        return rows
    whole_hours = (end - start) // timedelta(hours=1)
    if whole_hours <= 1:
        raise account.service.unreadable(f"{dataset} has more rows in an hour than it returns")
    middle = start + timedelta(hours=whole_hours // 2)
    return [
        *_between(account, dataset, fields, start, middle),
        *_between(account, dataset, fields, middle, end),
    ]


def days(
    account: Account, dataset: str, fields: str, first: date, last: date
) -> list[dict[str, Any]]:
    """Return the rows of a dataset from the first to the last day; in halves if it has many."""
    kind = {"kind": "Date!", "field": "date", "until": "leq"}
    rows = _asked(account, dataset, fields, kind, (str(first), str(last)))
    if len(rows) < MOST:
        return rows
    if first >= last:
        raise account.service.unreadable(f"{dataset} has more rows in a day than it returns")
    middle = first + (last - first) // 2
    return [
        *days(account, dataset, fields, first, middle),
        *days(account, dataset, fields, middle + timedelta(days=1), last),
    ]


def _asked(
    account: Account, dataset: str, fields: str, kind: dict[str, str], ends: tuple[str, str]
) -> list[dict[str, Any]]:
    query = _QUERY.format(dataset=dataset, fields=fields, most=MOST, **kind)
    variables = {"account": account.id, "start": ends[0], "end": ends[1]}
    answer = account.service.post("/graphql", {"query": query, "variables": variables})
    if errors := answer.get("errors"):
        raise _refusal(account, dataset, errors)
    match answer.get("data"):
        case {"viewer": {"accounts": [{**datasets}]}}:
            return listed(account, datasets.get(dataset))
        case {"viewer": {"accounts": []}}:
            raise NotPermitted(f"{account.service.name} has no such account for this token.")
    raise account.service.unreadable(f"{dataset} is missing")


def _refusal(account: Account, dataset: str, errors: Any) -> Exception:
    match errors:
        case [{"message": str(message), **rest}, *_]:
            words = f"{message} {rest.get('extensions', '')}".lower()
            if any(sign in words for sign in _NOT_PERMITTED):
                return NotPermitted(f"{account.service.name} refused the token.")
            return account.service.unreadable(f"{dataset}: {message[:200].rstrip('.')}")
    return account.service.unreadable(f"{dataset}: an unknown error")


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
