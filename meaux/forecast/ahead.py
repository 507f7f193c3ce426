"""Ahead: the forecast of a daily series, its bands, and how right it was before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from meaux.forecast.complete import NEEDS, RUN_RATE_NEEDS, complete
from meaux.forecast.smoothing import WEEK, Steps, averaged, filled, smoothed
from meaux.metrics import money
from meaux.wording import sentences

Method = Literal["exponential smoothing", "run rate"]

SMOOTHING_NEEDS = 28
"""Complete days from which on there is a weekly pattern to learn."""
TESTED_DAYS = 14
LONGEST_MEMORY = 364
"""Older days say nothing of the next weeks, and cost time."""
FORECASTS_KEPT = 64
LONGEST_REACH = 92
"""Days of the longest quarter: so far every forecast reaches, whatever part of it is drawn."""
BEFORE_THE_BEGINNING = 28
"""From so many days of zero on, those before the first value are no part of the series."""
BANDS = {"80": 0.80, "95": 0.95}


@dataclass(frozen=True)
class Accuracy:
    """How far off the same method was on the last 14 complete days, a day.

    `ratio` is to the error of repeating the week before; None where that made none.
    """

    mean_absolute_error: float
    ratio: float | None


@dataclass(frozen=True)
class Forecast:
    """The days from today on, and what is to be known of them.

    `ahead` reaches to the end of any quarter: day, value, low80, high80, low95, high95, and
    `total80`, half the width of the 80 % band of the total from today to that day. `sentence`
    says how it was made, or why there is none; `untested`, why there is no accuracy.
    """

    ahead: pd.DataFrame
    horizon: int
    method: Method | None
    sentence: str
    accuracy: Accuracy | None = None
    untested: str = ""
    never_negative: bool = False

    @property
    def said(self) -> str:
        """How it was made, or why there is none, and why it was not tested."""
        return sentences(self.sentence, self.untested)

    @property
    def frame(self) -> pd.DataFrame:
        """The days up to the horizon: day, value, low80, high80, low95, high95."""
        return self.ahead.drop(columns="total80").head(self.horizon)


def forecast(
    daily: pd.DataFrame,
    value: str,
    today: date,
    horizon: int = 30,
    worded: Callable[[float], str] = money,
) -> Forecast:
    """The days from today on, from the complete days of a filled daily series.

    Exponential smoothing with a weekly pattern from 28 known complete days on, the run rate
    (their mean) from 3 on. The bands are of single days, and never below zero where no day was.
    `worded` writes a value in the sentence.
    """
    values = _series(daily, value, today)
    return _forecast(tuple(values.index), tuple(values), today, horizon, worded)


@lru_cache(maxsize=FORECASTS_KEPT)
def _forecast(
    days: tuple[pd.Timestamp, ...],
    numbers: tuple[float, ...],
    today: date,
    horizon: int,
    worded: Callable[[float], str],
) -> Forecast:
    """The forecast of a series; a page that is drawn again does not learn again."""
    values = pd.Series(numbers, pd.DatetimeIndex(days), dtype="float64")
    method = _method(values)
    if method is None:
        return Forecast(_table(None, today, never_negative=True), horizon, None, _none(values))
    skipped = (today - values.index[-1].date()).days - 1
    steps = _steps(values, method, max(horizon, LONGEST_REACH), skipped)
    never_negative = bool((values.dropna() >= 0).all())
    accuracy, untested = _tested(values, method, never_negative=never_negative)
    return Forecast(
        _table(steps, today, never_negative=never_negative),
        horizon,
        method,
        _sentence(values, method, accuracy, untested, worded),
        accuracy,
        untested,
        never_negative,
    )


def _series(daily: pd.DataFrame, value: str, today: date) -> pd.Series:
    """The complete days to learn from: those since the first value, at most a year of them."""
    values = complete(daily, value, today)
    before = (values.fillna(0) == 0).cumprod().sum()
    if BEFORE_THE_BEGINNING <= before < len(values):
        values = values.iloc[before:]
    return values.tail(LONGEST_MEMORY)


def _method(values: pd.Series) -> Method | None:
    if values.count() >= SMOOTHING_NEEDS:
        return "exponential smoothing"
    return "run rate" if values.count() >= RUN_RATE_NEEDS else None


def _steps(values: pd.Series, method: Method, steps: int, skipped: int) -> Steps:
    if method == "run rate":
        return averaged(values, steps)
    return smoothed(values, steps, skipped)


def _table(steps: Steps | None, today: date, *, never_negative: bool) -> pd.DataFrame:
    """The days ahead with their bands; empty, with its columns, where there are none."""
    lengths = len(steps.mean) if steps else 0
    days = pd.date_range(today, periods=lengths, name="day").astype("datetime64[s]")
    columns: dict[str, object] = {"day": days, "value": steps.mean if steps else []}
    for name, share in BANDS.items():
        width = steps.deviation * steps.reach(share) if steps else np.array([])
        middle = steps.mean if steps else width
        columns |= {f"low{name}": middle - width, f"high{name}": middle + width}
    columns["total80"] = steps.total_deviation * steps.reach(BANDS["80"]) if steps else []
    table = pd.DataFrame(columns).astype(dict.fromkeys(list(columns)[1:], "float64"))
    return table.assign(**table.drop(columns="day").clip(lower=0)) if never_negative else table


def _tested(
    values: pd.Series, method: Method, *, never_negative: bool
) -> tuple[Accuracy | None, str]:
    """The back-test on the last 14 complete days, or the reason why there is none."""
    needed = SMOOTHING_NEEDS if method == "exponential smoothing" else WEEK
    before, after = values.iloc[:-TESTED_DAYS], values.iloc[-TESTED_DAYS:]
    if before.count() < needed:
        return None, f"needs {needed + TESTED_DAYS} complete days"
    mean = _steps(before, method, TESTED_DAYS, 0).mean
    naive = np.resize(filled(before).to_numpy()[-WEEK:], TESTED_DAYS)
    error = float((after - (mean.clip(min=0) if never_negative else mean)).abs().mean())
    naive_error = float((after - naive).abs().mean())
    return Accuracy(error, error / naive_error if naive_error > 0 else None), ""


def _none(values: pd.Series) -> str:
    found = int(values.count())
    are = "there is 1" if found == 1 else f"there are {found or 'none'}"
    return f"No forecast: it {NEEDS}, and {are}."


def _sentence(
    values: pd.Series,
    method: Method,
    accuracy: Accuracy | None,
    untested: str,
    worded: Callable[[float], str],
) -> str:
    how = {
        "exponential smoothing": "Exponential smoothing with a weekly pattern",
        "run rate": "Run rate",
    }[method]
    made = f"{how}, over {values.count()} complete days."
    if accuracy is None:
        return f"{made} It is not tested yet: that {untested}."
    off = f"In a test on the last {TESTED_DAYS} it was off by "
    off += f"{worded(accuracy.mean_absolute_error)} a day"
    if accuracy.ratio is None:
        return f"{made} {off}."
    return f"{made} {off}, {accuracy.ratio:.2f} times the error of repeating the week before."
