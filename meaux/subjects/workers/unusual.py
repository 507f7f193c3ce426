"""Unusual days of Workers: of their requests and their errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from meaux.data.schema.vocabulary import UNNAMED
from meaux.query import forecast, queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection
from meaux.query.needs import Request, each
from meaux.query.rollups import MOST_DAYS
from meaux.subjects.rows import DAYS, SIDE, Opening
from meaux.subjects.workers.frames import FAILED, Known, names
from meaux.subjects.workers.metrics import ERROR_RATE, REQUESTS
from meaux.wording import day_of

FLOORS = {"requests": 100.0, "errors": 20.0}
"""The least difference of each measure that is unusual."""


@dataclass(frozen=True)
class UnusualWorker:
    """An unusual day of a Worker: a count of its requests or errors, and the usual count.

    `words` are the Worker's names in the rows; an empty one is that of rows without a name.
    """

    day: date
    worker: str
    measure: str
    count: float
    usual: float
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """Say how unusual it is: `api: 500 errors; usually 12`."""
        return f"{self.worker}: {self.count:,.0f} {self.measure}; usually {self.usual:,.0f}"

    @property
    def label(self) -> str:
        """Name the day, the Worker and the measure: `13 Nov, api, errors`."""
        return f"{day_of(self.day, year=False)}, {self.worker}, {self.measure}"

    @property
    def rows(self) -> Opening:
        """Return the requests of the Worker on that day, or its failed ones."""
        of = (*(("worker", word) for word in self.words), (DAYS, f"{self.day}..{self.day}"))
        if self.measure == "errors":
            return Opening(ERROR_RATE.name, ((SIDE, FAILED), *of))
        return Opening(REQUESTS.name, of)


Found = tuple[UnusualWorker, ...]


def _by_day(request: Request) -> dict[str, Ask]:
    """Ask for the requests of each Worker and day, if that reads no more than the page does."""
    selection = request.selection
    cheap = selection.period.days <= MOST_DAYS["worker"]
    return {"": Ask(queries.requests_by_worker_day, selection)} if cheap else {}


ByDay = Annotated[Mapping[str, Answer], each(_by_day, queries.requests_by_worker_day)]


def of_period(by_day: ByDay, known: Known, selection: Selection) -> Found:
    """Return the unusual complete days of the Workers in the period, the latest first."""
    return tuple(one for answer in by_day.values() for one in find(answer, known, selection))


Unusual = Annotated[Found, of_period]


def find(by_day: Answer, known: Answer, selection: Selection) -> Found:
    """Find the unusual complete days of the Workers, the latest first.

    `by_day` is an answer to `requests_by_worker_day`; its other days tell what is usual.
    """
    if by_day.state != "ready":
        return ()
    words = by_day.frame["worker"].fillna("")
    named = names(known)
    frame = by_day.frame.assign(word=words, worker=[named.get(w, w) or UNNAMED for w in words])
    found = [one for measure in FLOORS for one in _unusual(frame, measure, selection)]
    return tuple(sorted(found, key=lambda one: (-one.day.toordinal(), one.worker)))


def _unusual(frame: pd.DataFrame, measure: str, selection: Selection) -> Iterator[UnusualWorker]:
    complete = frame[frame["day"] < pd.Timestamp(selection.today)]
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
        worker = str(counts.columns[part])
        yield UnusualWorker(
            days[int(day)].date(),
            worker,
            measure,
            float(values[day, part + 1]),
            float(judged.usual[day, part + 1]),
            tuple(sorted(set(complete.loc[complete["worker"] == worker, "word"]))),
        )


def table(found: Found) -> pd.DataFrame:
    """Shape findings as a table: day, worker, measure, count, usual_count."""
    rows = [(one.day, one.worker, one.measure.capitalize(), one.count, one.usual) for one in found]
    columns = ["day", "worker", "measure", "count", "usual_count"]
    return pd.DataFrame(rows, columns=columns).astype({"day": "datetime64[s]"})


def marks(
    found: Found, measure: str, shown: Answer, column: str, selection: Selection
) -> pd.DataFrame | None:
    """Place the findings of a measure on a chart of days: day, value, text; None for none.

    The values are the sums of a column of what is shown.
    """
    texts = [(one.day, one.text) for one in found if one.measure == measure]
    if not texts or shown.state != "ready" or selection.drawn_grain != "day":
        return None
    told = pd.DataFrame(texts, columns=["day", "text"]).astype({"day": "datetime64[s]"})
    once = told.groupby("day")["text"].agg(". ".join).reset_index()
    values = shown.frame.groupby("day")[column].sum().rename("value").reset_index()
    return once.merge(values, on="day")
