"""Unusual days of Workers: of their requests and their errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
import pandas as pd

from meaux.query import forecast, queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection
from meaux.query.needs import Request, each
from meaux.query.rollups import MOST_DAYS
from meaux.subjects.workers.frames import NAMELESS, Known, names

FLOORS = {"requests": 100.0, "errors": 20.0}
"""The least difference of each measure that is unusual."""


def _by_day(request: Request) -> dict[str, Ask]:
    """Ask for the requests of each Worker and day, if that reads no more than the page does."""
    selection = request.selection
    cheap = selection.period.days <= MOST_DAYS["worker"]
    return {"": Ask(queries.requests_by_worker_day, selection)} if cheap else {}


ByDay = Annotated[Mapping[str, Answer], each(_by_day, queries.requests_by_worker_day)]


def unusual(by_day: ByDay, known: Known, selection: Selection) -> pd.DataFrame:
    """Return the unusual complete days of the Workers, the latest first.

    Columns: day, worker (its name), measure, count, usual_count, text. Other days of the period
    tell what is usual.
    """
    found = [
        line
        for answer in by_day.values()
        if answer.state == "ready"
        for measure in FLOORS
        for line in _unusual(answer.frame, measure, names(known), selection)
    ]
    columns = ["day", "worker", "measure", "count", "usual_count", "text"]
    return pd.DataFrame(found, columns=columns).sort_values(
        ["day", "worker"], ascending=[False, True], ignore_index=True
    )


Unusual = Annotated[pd.DataFrame, unusual]


def marked(found: pd.DataFrame, rates: Answer, selection: Selection) -> pd.DataFrame | None:
    """Place unusual errors on the line of the error rate: day, value, text; None for none."""
    errors = found[found["measure"] == "Errors"]
    if errors.empty or rates.state != "ready" or selection.drawn_grain != "day":
        return None
    once = errors.groupby("day")["text"].agg(". ".join).reset_index()
    values = rates.frame[["day", "error_rate"]].rename(columns={"error_rate": "value"})
    return once.merge(values, on="day")


def _unusual(
    frame: pd.DataFrame, measure: str, named: Mapping[str, str], selection: Selection
) -> Iterator[tuple[pd.Timestamp, str, str, float, float, str]]:
    words = frame["worker"].fillna("")
    workers = words.map(lambda word: named.get(word, word) or NAMELESS)
    complete = frame.assign(worker=workers)[frame["day"] < pd.Timestamp(selection.today)]
    if complete.empty:
        return
    grid = complete.pivot_table(
        index="day", columns="worker", values=measure, aggfunc="sum", observed=True
    )
    days = pd.date_range(complete["day"].min(), complete["day"].max())
    counts = grid.reindex(days).fillna(0.0)
    values = np.column_stack([counts.sum(axis=1), counts.to_numpy("float64")])
    judged = forecast.judge_within(values, FLOORS[measure])
    for day, part in zip(*np.nonzero(judged.unusual[:, 1:]), strict=True):
        count, usual = float(values[day, part + 1]), float(judged.usual[day, part + 1])
        worker = str(counts.columns[part])
        text = f"{worker}: {count:,.0f} {measure}; usually {usual:,.0f}"
        yield days[int(day)], worker, measure.capitalize(), count, usual, text
