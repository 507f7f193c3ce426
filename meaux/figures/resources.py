"""Resources: what Workers, storage and AI models did, held and took."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meaux import costs, latency, queries, storage, tokens, workers
from meaux.figures.figure import (
    NumberCard,
    Reading,
    Unknown,
    daily_values,
    figure,
    missing,
    only,
    total,
)
from meaux.filters import Selection
from meaux.metrics import Metric
from meaux.metrics.resources import (
    AI_REQUESTS,
    CONVERSATIONS,
    COST_PER_1K,
    ERROR_RATE,
    GB_MONTH,
    GROWTH,
    IMAGES,
    INPUT_TOKENS,
    MODEL_COST,
    OBJECTS,
    OUTPUT_TOKENS,
    P50,
    P95,
    P99,
    REQUESTS,
    STORED,
    WORKERS,
)
from meaux.storage import Images, Levels, Peaks
from meaux.tokens import Conversations, Spent, Used
from meaux.wording import sentences
from meaux.workers import ByWorker, Known, OverTime, Requests

LOGS = ("worker_log",)
MODELS = ("model_usage",)
NEEDS_DAYS = f"It needs {storage.FIT_NEEDS} complete days."
NO_LEVEL = "No level was recorded in the period."
NO_DURATION = "No request in the period says how long it took."
NO_ENDING = "No request in the period says how it ended."
NO_COST = "No line of AI cost in the period has a price."
NO_PRICE = "It needs tokens and their cost in the period."


@figure(WORKERS)
def deployed_workers(known: Known, logged: ByWorker) -> Reading:
    """How many Workers are known, and how many were seen in the logs of the period."""
    ids = workers.known_ids(known)
    note = _seen(ids, workers.logged_ids(known, logged)) if logged.answered else ""
    return Reading(float(len(ids)), note=note)


def _seen(known: set[str], logged: set[str]) -> str:
    """How many are in the logs, and how many of these are not known otherwise."""
    strange = len(logged - known)
    also = f", {strange} of them neither registered nor counted" if strange else ""
    return f"{len(logged)} in the logs of the period{also}."


@figure(REQUESTS, total("requests"), recorded=LOGS, against=queries.requests_by_duration)
def requests(counted: Requests, over: OverTime, selection: Selection) -> Reading:
    """Requests in the period."""
    return Reading(
        trend=tuple(over.frame["requests"].astype(float)),
        note=sentences(
            workers.sampled(counted.frame), selection.overlooked(project=True, person=False)
        ),
    )


@figure(ERROR_RATE, workers.error_rate, recorded=LOGS, against=queries.requests_by_duration)
def error_rate(counted: Requests) -> Reading:
    """Failed requests by those that say how they ended."""
    if workers.error_rate(counted.frame) is None:
        lacking = counted.lacks("worker_log.status", "worker_log.outcome")
        return Unknown(note=lacking or NO_ENDING)
    failed, ended = int(counted.frame["errors"].sum()), workers.ended(counted.frame)
    return Reading(
        note=sentences(
            f"{failed:,} of {ended:,} failed.",
            workers.untold(counted.frame),
            workers.sampled(counted.frame),
        )
    )


def _response_time(metric: Metric) -> NumberCard:
    def percentile(frame: pd.DataFrame) -> float | None:
        return latency.histogram(frame).percentile(latency.PERCENTILES[metric.name])

    @figure(metric, percentile, recorded=LOGS, against=queries.requests_by_duration)
    def response_time(counted: Requests) -> Reading:
        untold = counted.lacks("worker_log.duration_ms") or NO_DURATION
        known = percentile(counted.frame) is not None
        note = latency.unmeasured(counted.frame) if known else untold
        return Reading(note=sentences(note, workers.sampled(counted.frame)))

    return response_time


response_times = tuple(map(_response_time, (P50, P95, P99)))
"""The median, p95 and p99 of the period."""


def _level(metric: Metric, column: str) -> NumberCard:
    @figure(metric)
    def level(levels: Levels, selection: Selection) -> Reading:
        whole = storage.total(storage.held(levels.frame, selection, "bucket", column), column)
        if whole.empty:
            return Unknown(note=NO_LEVEL)
        first = whole["day"].iloc[0]
        return Reading(
            float(whole[column].iloc[-1]),
            float(whole[column].iloc[0]) if len(whole) > 1 else None,
            f"since {first:%-d %b %Y}" if len(whole) > 1 else "",
            tuple(whole[column].astype(float)),
            selection.overlooked(project=True, person=False),
        )

    return level


stored = _level(STORED, "bytes")
"""The last level of all buckets and its change over the period."""

objects = _level(OBJECTS, "objects")
"""The last number of objects and its change over the period."""


@figure(GROWTH)
def growth(levels: Levels, selection: Selection) -> Reading:
    """Bytes a day by a straight line."""
    whole = storage.total(storage.held(levels.frame, selection, "bucket"))
    found = storage.growth(whole, selection.today)
    if found is None:
        return Unknown(note=NEEDS_DAYS)
    return Reading(found, note=f"At this rate {GROWTH.short(30 * found)} in 30 days.")


@figure(GB_MONTH)
def gb_month(peaks: Peaks, levels: Levels, selection: Selection) -> Reading:
    """The mean of the daily peaks."""
    used = storage.gb_month(levels.frame, peaks.frame, selection, "bucket")
    return Reading(used, note=NO_LEVEL if used is None else "")


@figure(IMAGES)
def images(kept: Images, selection: Selection) -> Reading:
    """How many images are stored, and how many of them the period brought."""
    count, size = only(kept.frame, "images") or 0.0, only(kept.frame, "bytes")
    dated = "image.uploaded" not in kept.without
    return Reading(
        count,
        count - (only(kept.frame, "added") or 0.0) if dated else None,
        f"since {selection.period.start:%-d %b %Y}" if dated else "",
        note=sentences(
            f"{STORED.short(size)} in all." if size is not None else "",
            selection.overlooked(project=True, person=False),
        ),
    )


@figure(
    INPUT_TOKENS,
    partial(tokens.summed, column=INPUT_TOKENS.name),
    recorded=MODELS,
    against=queries.tokens_used,
)
def input_tokens(used: Used, selection: Selection) -> Reading:
    """Tokens that went in."""
    whole = tokens.summed(used.frame, "tokens")
    return Reading(
        trend=daily_values(used, INPUT_TOKENS.name, selection.period),
        note=f"{INPUT_TOKENS.exact(whole)} tokens in all." if whole else "",
    )


@figure(
    OUTPUT_TOKENS,
    partial(tokens.summed, column=OUTPUT_TOKENS.name),
    recorded=MODELS,
    against=queries.tokens_used,
)
def output_tokens(used: Used, selection: Selection) -> Reading:
    """Tokens that came out."""
    return Reading(
        trend=daily_values(used, OUTPUT_TOKENS.name, selection.period), note=tokens.unsplit(used)
    )


@figure(MODEL_COST, tokens.cost, recorded=("ai_usage",))
def model_cost(spent: Spent, used: Used, selection: Selection) -> Reading:
    """What AI cost, as the ledger has it."""
    if tokens.cost(spent.frame) is None:
        return Unknown(note=NO_COST)
    return Reading(
        trend=daily_values(spent, "cost", selection.period),
        note=sentences(costs.unpriced(spent.frame), tokens.sources(used, spent)),
    )


@figure(COST_PER_1K)
def cost_per_thousand(spent: Spent, used: Used) -> Reading:
    """AI cost by tokens."""
    if not used.answered:
        return missing(used)
    found = tokens.per_thousand(tokens.cost(spent.frame), tokens.summed(used.frame, "tokens"))
    return Reading(found, note=NO_PRICE if found is None else tokens.sources(used, spent))


@figure(AI_REQUESTS)
def ai_requests(used: Used) -> Reading:
    """Requests to models."""
    return Reading(tokens.requests(used))


@figure(
    CONVERSATIONS,
    partial(tokens.summed, column="conversations"),
    recorded=("ai_conversation",),
)
def conversations(begun: Conversations, selection: Selection) -> Reading:
    """Conversations that began."""
    return Reading(trend=daily_values(begun, "conversations", selection.period))
