"""Frames of Workers: requests over time and per Worker, from counts per duration bucket."""

from __future__ import annotations

from typing import Annotated

import pandas as pd

from meaux.data.schema.reading import key_of
from meaux.data.schema.vocabulary import UNNAMED
from meaux.query import latency, queries, series
from meaux.query.answers import Answer, without_answer
from meaux.query.filters import Selection
from meaux.query.needs import asking
from meaux.query.typed import integers
from meaux.subjects.workers import sources

ANSWERED, FAILED, UNTOLD = "Answered", "Failed", "Unknown"
"""The outcomes of a request; without status and outcome it is unknown."""

OUTCOMES = ("worker_log.status", "worker_log.outcome")
DURATION = "worker_log.duration_ms"
"""What a log may lack."""
TEXTS = ("name", "script", "status", "category", "url")

Known = Annotated[Answer, asking(queries.known_workers)]
Requests = Annotated[Answer, asking(queries.requests_over_time)]
ByWorker = Annotated[Answer, asking(queries.requests_by_worker)]


def untold(counted: pd.DataFrame) -> str:
    """Return a sentence that counts the requests without an outcome; or nothing."""
    count = int(counted["untold"].sum())
    if count == 1:
        return "1 request has no outcome."
    return f"{count:,} requests have no outcome." if count else ""


def error_rate(counted: pd.DataFrame) -> float | None:
    """Return failed requests ÷ requests with a known outcome; None without any.

    Columns: requests, errors, untold.
    """
    told = ended(counted)
    return float(counted["errors"].sum()) / told if told else None


def ended(counted: pd.DataFrame) -> int:
    """Count the requests with a known outcome."""
    return int((counted["requests"] - counted["untold"]).sum())


def over_time(requests: Requests, selection: Selection) -> Answer:
    """Return requests by day, week or month; without requests, rate and percentiles are unknown.

    Columns: day, partial, ongoing, requests, errors, untold, error_rate, p50, p95, p99
    (milliseconds).
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        counts = ["requests", "errors", "untold"]
        steps = series.steps(selection, frame).set_index("day")
        sums = frame.groupby("day")[counts].sum().reindex(steps.index, fill_value=0)
        told = sums["requests"] - sums["untold"]
        rates = sums["errors"].astype(float) / told.where(told > 0).astype(float)
        times = latency.percentiles(frame, "day").set_index("day")
        rough = frame.loc[sources.is_estimated(frame), "day"]
        times.loc[times.index.isin(rough), sources.TOO_COARSE] = float("nan")
        return steps.join([sums, rates.rename("error_rate"), times]).reset_index()

    return requests.map(shape)


OverTime = Annotated[Answer, over_time]


def endings(over: Answer) -> Answer:
    """Return the requests of `over_time` by outcome: day, ending, requests, partial, ongoing."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        ended = {
            ANSWERED: frame["requests"] - frame["errors"] - frame["untold"],
            FAILED: frame["errors"],
            UNTOLD: frame["untold"],
        }
        steps = frame[["day", *series.MARKS]]
        silent = frame["untold"].any() and (frame["untold"] == frame["requests"]).all()
        parts = [
            steps.assign(ending=ending, requests=counts)
            for ending, counts in ended.items()
            if (counts.any() if ending == UNTOLD else not silent)
        ]
        columns = ["day", "ending", "requests", *series.MARKS]
        return pd.concat(parts, ignore_index=True)[columns]

    return over.map(shape)


def rates(over: Answer) -> Answer:
    """Return the error rate of each step of `over_time`: day, error_rate, partial, ongoing."""
    told = "error_rate" in over.frame and over.frame["error_rate"].notna().any()
    known = over if told else over.require_any(*OUTCOMES)
    known = known.with_values_in("error_rate")
    return known.map(lambda frame: frame[["day", "error_rate", *series.MARKS]])


def response_times(over: Answer) -> Answer:
    """Return the percentiles of each step of `over_time`, except those without any value.

    Columns: day, percentile, response_time, partial, ongoing.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        keys = ["day", *series.MARKS]
        known = [name for name in latency.PERCENTILES if frame[name].notna().any()]
        long = frame.melt(keys, known, "percentile", "response_time")
        return long[["day", "percentile", "response_time", *series.MARKS]]

    return _measured(over, *latency.PERCENTILES).with_values_in(*latency.PERCENTILES).map(shape)


def _measured(answer: Answer, *columns: str) -> Answer:
    """Return the answer, unavailable if it has no value in these columns and nothing measures."""
    if any(name in answer.frame and answer.frame[name].any() for name in columns):
        return answer
    return answer.require(DURATION)


def table(known: Answer, logged: Answer) -> Answer:
    """Return Workers with a registration, lifetime statistics or requests, busiest first.

    Columns: name, requests, error_rate, p95 (milliseconds), status, category, lifetime_requests,
    last_request, url.
    """
    base = known if known.answered or not logged.answered else logged
    counted = _counted(logged.frame, aliases(known.frame))
    rows = _described(known.frame).join(counted, how="outer").astype(dict.fromkeys(TEXTS, "str"))
    ids = pd.Series(rows.index, rows.index).replace("", UNNAMED)
    found = pd.DataFrame(
        {
            "name": rows["name"].fillna(rows["script"]).fillna(ids),
            "requests": rows["requests"].fillna(0) if logged.answered else rows["requests"],
            "error_rate": rows["error_rate"],
            "p95": rows["p95"],
            "status": rows["status"].str.capitalize(),
            "category": rows["category"],
            "lifetime_requests": integers(rows["lifetime_requests"]),
            "last_request": rows[["last_request", "last_logged"]].max(axis=1),
            "url": rows["url"],
        }
    )
    order = ["requests", "lifetime_requests", "name"]
    return base.with_frame(
        found.sort_values(order, ascending=[False, False, True], ignore_index=True)
    )


def gaps(logged: Answer) -> str:
    """Return sentences on what the table lacks; empty if nothing is missing."""
    silent = _measured(logged, "timed")
    if logged.answered:
        return without_answer(response_times=silent)
    return without_answer(requests=logged)


def known_ids(known: Answer) -> set[str]:
    """Return the id of every Worker that is registered or has lifetime statistics."""
    return set(_ids(known.frame["worker"], aliases(known.frame)))


def logged_ids(known: Answer, logged: Answer) -> set[str]:
    """Return the id of every Worker with requests in the period."""
    return set(_ids(logged.frame["worker"], aliases(known.frame)))


def aliases(known: pd.DataFrame) -> dict[str, str]:
    """Map every name of a Worker to its id; the registry takes precedence."""
    registered = _words(known[known["registered"] == 1])
    others = _words(known[known["registered"] == 0])
    return {word: registered.get(worker, worker) for word, worker in others.items()} | registered


def names(known: Answer) -> dict[str, str]:
    """Map every name, script and id of a Worker to the name that it is shown by."""
    rows = _described(known.frame)
    shown = rows["name"].fillna(rows["script"])
    return {word: str(shown.get(id_, id_)) for word, id_ in aliases(known.frame).items()}


def _words(known: pd.DataFrame) -> dict[str, str]:
    """Map every name, script and id to the id; ids take precedence."""
    return {
        key_of(word) or "": worker
        for column in ("name", "script", "worker")
        for word, worker in zip(known[column], known["worker"], strict=True)
        if isinstance(word, str) and isinstance(worker, str)
    }


def _ids(words: pd.Series, known: dict[str, str]) -> pd.Series:
    """Replace each name by its id; keep a name without one."""
    return words.fillna("").map(lambda word: known.get(word, word)).astype("str")


def _described(known: pd.DataFrame) -> pd.DataFrame:
    """Return a row per Worker, by id: from the registry, otherwise from its statistics."""
    ids = _ids(known["worker"], aliases(known))
    return known.drop(columns="worker").groupby(ids).first()


def _counted(logged: pd.DataFrame, known: dict[str, str]) -> pd.DataFrame:
    """Sum up each Worker's logs by its id: requests, error_rate, p95, last_logged."""
    rows = logged.assign(worker=_ids(logged["worker"], known))
    groups = rows.groupby("worker")
    sums = groups[["requests", "errors", "untold"]].sum()
    told = sums["requests"] - sums["untold"]
    return pd.DataFrame(
        {
            "requests": sums["requests"],
            "error_rate": sums["errors"].astype(float) / told.where(told > 0).astype(float),
            "p95": latency.percentiles(rows, "worker").set_index("worker")["p95"],
            "last_logged": groups["last_request"].max(),
        }
    )
