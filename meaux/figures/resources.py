"""Resources: what Workers, storage and AI models did, held and took."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meaux import allowances, costs, latency, storage, tokens, workers
from meaux.answers import Answer, Rows
from meaux.figures.bag import compared, missing, unanswered
from meaux.figures.figure import Figure, daily_values, only
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
    STORAGE_COST,
    STORED,
    WORKERS,
)
from meaux.plan import Plan
from meaux.wording import sentences

LOGS = ("worker_log",)
NEEDS_DAYS = f"It needs {storage.FIT_NEEDS} complete days."
NO_LEVEL = "No level was recorded in the period."
NO_DURATION = "No request in the period says how long it took."
NO_ENDING = "No request in the period says how it ended."
NO_COST = "No line of AI cost in the period has a price."
NO_PRICE = "It needs tokens and their cost in the period."


def deployed_workers(rows: Rows) -> Figure:
    """How many Workers are known, and how many were seen in the logs of the period.

    Made of `known_workers` and `requests_by_worker`.
    """
    known, logged = rows.known_workers, rows.requests_by_worker
    if unanswered(known):
        return missing(WORKERS, known)
    ids = workers.known_ids(known)
    note = "" if unanswered(logged) else _seen(ids, workers.logged_ids(known, logged))
    return Figure(WORKERS, float(len(ids)), note=note)


def _seen(known: set[str], logged: set[str]) -> str:
    """How many are in the logs, and how many of these are not known otherwise."""
    strange = len(logged - known)
    also = f", {strange} of them neither registered nor counted" if strange else ""
    return f"{len(logged)} in the logs of the period{also}."


def requests(rows: Rows, selection: Selection) -> Figure:
    """Requests in the period; made of `requests_over_time` and `requests_by_duration_before`."""
    now, before = rows.requests_over_time, rows.requests_by_duration_before
    if unanswered(now):
        return missing(REQUESTS, now)
    figure = Figure(
        REQUESTS,
        _requests(now.frame),
        trend=tuple(workers.over_time(now, selection).frame["requests"].astype(float)),
        note=sentences(
            workers.sampled(now.frame), selection.overlooked(project=True, person=False)
        ),
    )
    return compared(figure, rows, selection, LOGS, _requests, now, before)


def _requests(frame: pd.DataFrame) -> float:
    return float(frame["requests"].sum())


def error_rate(rows: Rows, selection: Selection) -> Figure:
    """Failed requests by those that say how they ended.

    Made of `requests_over_time` and `requests_by_duration_before`.
    """
    now, before = rows.requests_over_time, rows.requests_by_duration_before
    if unanswered(now):
        return missing(ERROR_RATE, now)
    rate = workers.error_rate(now.frame)
    if rate is None:
        return Figure(
            ERROR_RATE, None, note=now.lacks("worker_log.status", "worker_log.outcome") or NO_ENDING
        )
    failed, ended = int(now.frame["errors"].sum()), workers.ended(now.frame)
    figure = Figure(
        ERROR_RATE,
        rate,
        note=sentences(
            f"{failed:,} of {ended:,} failed.",
            workers.untold(now.frame),
            workers.sampled(now.frame),
        ),
    )
    return compared(figure, rows, selection, LOGS, workers.error_rate, now, before)


def response_times(rows: Rows, selection: Selection) -> list[Figure]:
    """The median, p95 and p99 of the period.

    Made of `requests_over_time` and `requests_by_duration_before`.
    """
    return [_response_time(metric, rows, selection) for metric in (P50, P95, P99)]


def _response_time(metric: Metric, rows: Rows, selection: Selection) -> Figure:
    now, before = rows.requests_over_time, rows.requests_by_duration_before
    if unanswered(now):
        return missing(metric, now)

    def percentile(frame: pd.DataFrame) -> float | None:
        return latency.histogram(frame).percentile(latency.PERCENTILES[metric.name])

    found = percentile(now.frame)
    untold = now.lacks("worker_log.duration_ms") or NO_DURATION
    note = untold if found is None else latency.unmeasured(now.frame)
    figure = Figure(metric, found, note=sentences(note, workers.sampled(now.frame)))
    return compared(figure, rows, selection, LOGS, percentile, now, before)


def stored(rows: Rows, selection: Selection) -> Figure:
    """The last level of all buckets and its change over the period; made of `bucket_levels`."""
    return _level(STORED, "bytes", rows.bucket_levels, selection)


def objects(rows: Rows, selection: Selection) -> Figure:
    """The last number of objects and its change over the period; made of `bucket_levels`."""
    return _level(OBJECTS, "objects", rows.bucket_levels, selection)


def _level(metric: Metric, column: str, levels: Answer, selection: Selection) -> Figure:
    if unanswered(levels):
        return missing(metric, levels)
    whole = storage.total(storage.held(levels.frame, selection, "bucket", column), column)
    if whole.empty:
        return Figure(metric, None, note=NO_LEVEL)
    first = whole["day"].iloc[0]
    return Figure(
        metric,
        float(whole[column].iloc[-1]),
        float(whole[column].iloc[0]) if len(whole) > 1 else None,
        f"since {first:%-d %b %Y}" if len(whole) > 1 else "",
        tuple(whole[column].astype(float)),
        selection.overlooked(project=True, person=False),
    )


def growth(rows: Rows, selection: Selection) -> Figure:
    """Bytes a day by a straight line; made of `bucket_levels`."""
    levels = rows.bucket_levels
    if unanswered(levels):
        return missing(GROWTH, levels)
    whole = storage.total(storage.held(levels.frame, selection, "bucket"))
    found = storage.growth(whole, selection.today)
    if found is None:
        return Figure(GROWTH, None, note=NEEDS_DAYS)
    return Figure(GROWTH, found, note=f"At this rate {GROWTH.short(30 * found)} in 30 days.")


def gb_month(rows: Rows, selection: Selection) -> Figure:
    """The mean of the daily peaks; made of `bucket_levels` and `bucket_peaks`."""
    if unanswered(rows.bucket_peaks):
        return missing(GB_MONTH, rows.bucket_peaks)
    found = _gb_month(rows, selection)
    return Figure(GB_MONTH, found, note=NO_LEVEL if found is None else "")


def _gb_month(rows: Rows, selection: Selection) -> float | None:
    levels, peaks = rows.bucket_levels.frame, rows.bucket_peaks.frame
    return storage.gb_month(levels, peaks, selection, "bucket")


def storage_cost(rows: Rows, plan: Plan, selection: Selection) -> Figure:
    """An estimate of what a month like this period's costs; made as `gb_month` is."""
    if unanswered(rows.bucket_peaks):
        return missing(STORAGE_COST, rows.bucket_peaks)
    used, listed = _gb_month(rows, selection), allowances.R2_STORAGE
    note = (
        f"Estimate: beyond {listed.allowed(plan):g} GB included, ${listed.price} a GB-month; "
        f"list price of {allowances.AS_OF:%-d %b %Y}."
    )
    return Figure(
        STORAGE_COST, listed.extra_cost(used, plan), note=NO_LEVEL if used is None else note
    )


def images(rows: Rows, selection: Selection) -> Figure:
    """How many images are stored, and how many of them the period brought.

    Made of `images_stored`.
    """
    answer = rows.images_stored
    if unanswered(answer):
        return missing(IMAGES, answer)
    count, size = only(answer.frame, "images") or 0.0, only(answer.frame, "bytes")
    dated = "image.uploaded" not in answer.without
    return Figure(
        IMAGES,
        count,
        count - (only(answer.frame, "added") or 0.0) if dated else None,
        f"since {selection.period.start:%-d %b %Y}" if dated else "",
        note=sentences(
            f"{STORED.short(size)} in all." if size is not None else "",
            selection.overlooked(project=True, person=False),
        ),
    )


def input_tokens(rows: Rows, selection: Selection) -> Figure:
    """Tokens that went in; made of `tokens_by_day` and `tokens_used_before`."""
    total = tokens.summed(rows.tokens_by_day.frame, "tokens")
    note = f"{INPUT_TOKENS.exact(total)} tokens in all." if total else ""
    return _tokens(INPUT_TOKENS, rows, selection, note)


def output_tokens(rows: Rows, selection: Selection) -> Figure:
    """Tokens that came out; made of `tokens_by_day` and `tokens_used_before`."""
    return _tokens(OUTPUT_TOKENS, rows, selection, tokens.unsplit(rows.tokens_by_day))


def _tokens(metric: Metric, rows: Rows, selection: Selection, note: str) -> Figure:
    by_day, before = rows.tokens_by_day, rows.tokens_used_before
    if unanswered(by_day):
        return missing(metric, by_day)
    summed = partial(tokens.summed, column=metric.name)
    trend = daily_values(by_day, metric.name, selection.period)
    figure = Figure(metric, summed(by_day.frame), trend=trend, note=note)
    return compared(figure, rows, selection, ["model_usage"], summed, by_day, before)


def model_cost(rows: Rows, selection: Selection) -> Figure:
    """What AI cost, as the ledger has it; made of `model_cost_by_day` and the same before."""
    by_day, before = rows.model_cost_by_day, rows.model_cost_by_day_before
    if unanswered(by_day):
        return missing(MODEL_COST, by_day)
    found = tokens.cost(by_day.frame)
    if found is None:
        return Figure(MODEL_COST, None, note=NO_COST)
    figure = Figure(
        MODEL_COST,
        found,
        trend=daily_values(by_day, "cost", selection.period),
        note=sentences(costs.unpriced(by_day.frame), tokens.sources(rows.tokens_by_day, by_day)),
    )
    return compared(figure, rows, selection, ["ai_usage"], tokens.cost, by_day, before)


def cost_per_thousand(rows: Rows) -> Figure:
    """AI cost by tokens; made of `model_cost_by_day` and `tokens_by_day`."""
    spent, by_day = rows.model_cost_by_day, rows.tokens_by_day
    for answer in (spent, by_day):
        if unanswered(answer):
            return missing(COST_PER_1K, answer)
    used = tokens.summed(by_day.frame, "tokens")
    found = tokens.per_thousand(tokens.cost(spent.frame), used)
    note = NO_PRICE if found is None else tokens.sources(by_day, spent)
    return Figure(COST_PER_1K, found, note=note)


def ai_requests(rows: Rows) -> Figure:
    """Requests to models; made of `tokens_by_day`."""
    by_day = rows.tokens_by_day
    if unanswered(by_day):
        return missing(AI_REQUESTS, by_day)
    return Figure(AI_REQUESTS, tokens.requests(by_day))


def conversations(rows: Rows, selection: Selection) -> Figure:
    """Conversations that began; made of `conversations_by_day` and the same before."""
    by_day, before = rows.conversations_by_day, rows.conversations_by_day_before
    if unanswered(by_day):
        return missing(CONVERSATIONS, by_day)
    begun = partial(tokens.summed, column="conversations")
    trend = daily_values(by_day, "conversations", selection.period)
    figure = Figure(CONVERSATIONS, begun(by_day.frame), trend=trend)
    return compared(figure, rows, selection, ["ai_conversation"], begun, by_day, before)
