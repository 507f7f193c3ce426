"""Figures of Workers: how many there are, requests, error rate and response times."""

from __future__ import annotations

import pandas as pd

from meaux.query import latency, queries
from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.subjects.figure import (
    NumberCard,
    Reading,
    Unknown,
    figure,
    total,
)
from meaux.subjects.workers import frames as workers
from meaux.subjects.workers import sources
from meaux.subjects.workers.frames import ByWorker, Known, OverTime, Requests
from meaux.subjects.workers.metrics import ERROR_RATE, P50, P95, P99, REQUESTS, WORKERS
from meaux.wording import sentences

NO_ENDING = "No request in the period has a known outcome."

NO_DURATION = "No request in the period has a duration."

RECORDED = (sources.TRACKED, sources.HOURS, sources.LOG)


@figure(WORKERS)
def deployed_workers(known: Known, logged: ByWorker) -> Reading:
    """Return how many Workers are deployed; the note counts those with requests in the period."""
    ids = workers.known_ids(known)
    note = _seen(ids, workers.logged_ids(known, logged)) if logged.answered else ""
    return Reading(float(len(ids)), note=note)


def _seen(known: set[str], logged: set[str]) -> str:
    """Return a sentence that counts the Workers with requests, and the unknown ones of these."""
    strange = len(logged - known)
    also = f", {strange} of them not registered and without statistics" if strange else ""
    return f"{len(logged)} with requests in the period{also}."


@figure(REQUESTS, total("requests"), recorded=RECORDED, against=queries.requests_by_duration)
def requests(counted: Requests, over: OverTime, selection: Selection) -> Reading:
    """Return the requests in the period."""
    return Reading(
        trend=tuple(over.frame["requests"].astype(float)),
        note=sentences(
            sources.origin(counted),
            sources.sampled(counted),
            selection.overlooked(project=True, person=False),
        ),
    )


@figure(ERROR_RATE, workers.error_rate, recorded=RECORDED, against=queries.requests_by_duration)
def error_rate(counted: Requests) -> Reading:
    """Return failed requests ÷ requests with a known outcome."""
    if workers.error_rate(counted.frame) is None:
        lacking = counted.lacks(*workers.OUTCOMES)
        return Unknown(note=lacking or NO_ENDING)
    failed, ended = int(counted.frame["errors"].sum()), workers.ended(counted.frame)
    return Reading(
        note=sentences(
            f"{failed:,} of {ended:,} failed.",
            workers.untold(counted.frame),
            sources.origin(counted),
            sources.sampled(counted),
        )
    )


def _response_time(metric: Metric) -> NumberCard:
    def percentile(frame: pd.DataFrame) -> float | None:
        if metric.name == sources.TOO_COARSE and sources.is_estimated(frame).any():
            return None
        return latency.histogram(frame).percentile(latency.PERCENTILES[metric.name])

    @figure(metric, percentile, recorded=RECORDED, against=queries.requests_by_duration)
    def response_time(counted: Requests) -> Reading:
        origin = sentences(sources.origin(counted), sources.sampled(counted))
        if percentile(counted.frame) is None:
            lacking = sources.too_coarse(counted) or counted.lacks(workers.DURATION) or NO_DURATION
            return Unknown(note=sentences(lacking, origin))
        rough, unmeasured = sources.estimated(counted), latency.unmeasured(counted.frame)
        return Reading(note=sentences(rough, unmeasured, origin))

    return response_time


response_times = tuple(map(_response_time, (P50, P95, P99)))
"""The median, p95 and p99 of the period."""
