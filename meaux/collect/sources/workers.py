"""Workers: the list of scripts, and their hourly requests, errors and times.

Documented at developers.cloudflare.com/analytics/graphql-api/tutorials/querying-workers-metrics: a
query covers at most a month, of the last three. The numbers are sampled: `mean_sample_interval`
is the mean number of requests that a measured one stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from meaux.collect.fitting import Fitted
from meaux.collect.sources import graphql
from meaux.collect.sources.source import Account, Batch, Source, instant, listed, number
from meaux.collect.tables import WALL_QUANTILES, WORKER_HOURLY, WORKER_STATS, WORKERS, Row
from meaux.data.database import Statement
from meaux.data.schema import quoted
from meaux.errors import ServiceError
from meaux.wording import enumerated

DATASET = "workersInvocationsAdaptive"
QUANTILES = {
    "cpu_p50_ms": "cpuTimeP50",
    "cpu_p99_ms": "cpuTimeP99",
    **{f"wall_{name}_ms": f"wallTime{name.upper()}" for name in WALL_QUANTILES},
}
"""The service's name of each quantile, by its column."""
FIELDS = """\
        dimensions {{ datetimeHour scriptName }}
        sum {{ requests errors subrequests cpuTimeUs }}
        quantiles {{ {quantiles} }}
        avg {{ sampleInterval }}"""
MICROSECONDS = 1_000


def read_scripts(account: Account, _since: date, _now: datetime) -> Iterator[Batch]:
    """Yield the deployed scripts."""
    scripts = listed(account, account.service.get(f"{account.path}/workers/scripts").get("result"))
    yield {WORKERS.name: [_script(account, one) for one in scripts if one.get("id")]}


def _script(account: Account, one: dict[str, Any]) -> Row:
    times = {"created_at": one.get("created_on"), "modified_at": one.get("modified_on")}
    return {
        **dict.fromkeys(("id", "name", "script_name"), str(one["id"])),
        **{name: instant(account, told) if told else None for name, told in times.items()},
    }


def read_hours(account: Account, since: date, now: datetime) -> Iterator[Batch]:
    """Yield the complete hours of all scripts, a month at a time.

    The running hour is left out: a part of it would look like all of it.
    """
    end = now.replace(minute=0, second=0, microsecond=0)
    for window in _windows(account, QUANTILES, since, end):
        rows = [_hour(account, one) for one in window]
        yield {WORKER_HOURLY.name: sorted(rows, key=lambda row: row["hour"])}


def _windows(
    account: Account, quantiles: Mapping[str, str], since: date, end: datetime
) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows per window; without the quantiles that the service refuses by name.

    The documentation shows only some of them, and no schema is published.
    """
    fields = FIELDS.format(quantiles=" ".join(quantiles.values()))
    try:
        yield from graphql.hours(account, DATASET, fields, since, end)
    except ServiceError as refusal:
        words = set(re.findall(r"\w+", str(refusal)))
        known = {column: name for column, name in quantiles.items() if name not in words}
        refused = quantiles.keys() - known.keys()
        if not refused or not known:
            raise
    else:
        return
    columns = enumerated([column for column in quantiles if column in refused])
    account.notes.append(f"{account.service.name} doesn't count {columns}.")
    yield from _windows(account, known, since, end)


def _hour(account: Account, one: dict[str, Any]) -> Row:
    match one:
        case {"dimensions": {"datetimeHour": hour, "scriptName": str(script)}, "sum": {**sums}}:
            pass
        case _:
            raise account.service.unreadable(f"{DATASET} lacks dimensions or sums")
    quantiles, average = one.get("quantiles") or {}, one.get("avg") or {}
    return {
        "worker_id": script,
        "hour": instant(account, hour),
        **{name: number(account, sums.get(name)) for name in ("requests", "errors", "subrequests")},
        "cpu_total_ms": _milliseconds(account, sums.get("cpuTimeUs")),
        **{name: _milliseconds(account, quantiles.get(of)) for name, of in QUANTILES.items()},
        "mean_sample_interval": number(account, average.get("sampleInterval")),
    }


def _milliseconds(account: Account, told: Any) -> float | None:
    microseconds = number(account, told)
    return None if microseconds is None else microseconds / MICROSECONDS


def totals(tables: Mapping[str, Fitted]) -> Statement:
    """Return the statement that writes each Worker's total of all stored hours.

    It never lowers a total: what was counted before the first stored hour stays.
    """
    hourly, stats = tables[WORKER_HOURLY.name], tables[WORKER_STATS.name]
    at = {name: quoted(place.column) for name, place in hourly.places.items()}
    to = {name: quoted(place.column) for name, place in stats.places.items()}
    cells = {
        "worker_id": at["worker_id"],
        "worker_name": at["worker_id"],
        "total_requests": f"sum({at['requests']})",
        "last_request_at": _last(hourly, stats, f"max({at['hour']})"),
    }
    written = {name: sql for name, sql in cells.items() if sql and name in to}
    target = quoted(stats.name)
    grown = {
        column: f"max(coalesce({target}.{column}, excluded.{column}), excluded.{column})"
        for column in (to[name] for name in written if not name.startswith("worker_"))
    }
    return Statement(
        f"INSERT INTO {target} ({', '.join(to[name] for name in written)}) "
        f"SELECT {', '.join(written.values())} FROM {quoted(hourly.name)} "
        f"WHERE {at['requests']} > 0 GROUP BY {at['worker_id']} "
        f"ON CONFLICT ({to['worker_id']}) DO UPDATE "
        f"SET {', '.join(f'{column} = {sql}' for column, sql in grown.items())} "
        f"WHERE {' OR '.join(f'{target}.{column} IS NOT {sql}' for column, sql in grown.items())}"
    )


def _last(hourly: Fitted, stats: Fitted, newest: str) -> str:
    """Return SQL for the last hour as the totals store it; empty if it can't be converted."""
    there = stats.places.get("last_request_at")
    stored = hourly.places["hour"].encoding
    if there is None or (there.encoding != stored and (there.encoding, stored) not in _CONVERTED):
        return ""
    return _CONVERTED.get((there.encoding, stored), "{}").format(newest)


_CONVERTED = {("epoch_s", "iso"): "CAST(strftime('%s', {}) AS INTEGER)"}
"""How a time is converted, by the encodings to and from."""

SCRIPTS = Source("workers", "cloudflare", "Workers Scripts Read", (WORKERS,), read_scripts)
REQUESTS = Source(
    "requests",
    "cloudflare",
    "Account Analytics Read",
    (WORKER_HOURLY, WORKER_STATS),
    read_hours,
    days=89,
    after=totals,
)
