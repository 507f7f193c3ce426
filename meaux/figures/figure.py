"""A figure: one number, with what it is compared with and how it came about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

import pandas as pd

from meaux import history, series
from meaux.answers import Answer, Rows
from meaux.filters import Period, Selection
from meaux.metrics import SMALLEST_CHANGE, Metric, change, relative
from meaux.wording import sentences

OF_COMPARABLE_DAYS = "comparable_"
"""What the name of a column begins with that counts only the days which are compared."""


@dataclass(frozen=True)
class Figure:
    """A metric's value; `before` is what it is compared with, `versus` says what that is.

    `comparable` is the part of the value that is compared, where that isn't all of it: a day that
    still runs is no match for a whole one. `trend` holds one value a day, oldest first. `note` is
    a sentence to stand below; where the value is None, `note` says why. `origin` says which tables
    the value comes from.
    """

    metric: Metric
    value: float | None
    before: float | None = None
    versus: str = ""
    trend: tuple[float, ...] = ()
    note: str = ""
    unanswered: bool = False
    origin: str = ""
    comparable: float | None = None

    @property
    def compared(self) -> float | None:
        """What the change is worked out from."""
        return self.value if self.comparable is None else self.comparable

    @property
    def change(self) -> float | None:
        """The relative change; None where there is nothing to compare with."""
        return change(self.compared, self.before)

    @property
    def delta(self) -> str | int | None:
        """The change as a card shows it: in per cent, a level's in units, a ratio's in points."""
        now, before = self.compared, self.before
        if self.metric.unit == "ratio" and now is not None and before is not None:
            points = now - before
            return f"{points * 100:+.1f} pp" if abs(points) >= SMALLEST_CHANGE else 0
        if self.metric.total == "last" and now is not None and before is not None:
            grown = now - before
            return f"{'-' if grown < 0 else '+'}{self.metric.short(abs(grown))}" if grown else 0
        if self.change is None:
            return None
        return relative(self.change) if abs(self.change) >= SMALLEST_CHANGE else 0

    @property
    def words(self) -> str:
        """The figure in one sentence, for those who can't see it."""
        now = f"{self.metric.label}: {self.metric.exact(self.value)}"
        if self.before is None:
            return now
        if self.comparable is not None:
            now = f"{now}, {self.metric.exact(self.comparable)} of it on complete days"
        return f"{now}, {self.metric.exact(self.before)} {self.versus.removeprefix('vs ')}"


def missing(metric: Metric, answer: Answer) -> Figure:
    """The figure of a number that could not be got."""
    return Figure(metric, None, note=answer.reason, unanswered=True)


def unanswered(answer: Answer) -> bool:
    """Whether an answer could not be got; an empty one was."""
    return not answer.answered


def known(answer: Answer | None) -> TypeGuard[Answer]:
    """Whether there is an answer to compare with."""
    return answer is not None and answer.answered


def compared(  # noqa: PLR0913, PLR0917  two sides, and what they are sides of
    figure: Figure,
    rows: Rows,
    selection: Selection,
    tables: Iterable[str],
    measure: Callable[[pd.DataFrame], float | None],
    now: Answer,
    then: Answer | None,
) -> Figure:
    """The figure beside the compared period: both sides are measured alike, on complete days.

    `then` is an answer over the compared days. `tables` are the logical tables that it is made
    of: with days before their first record nothing is compared.
    """
    before = measure(then.frame) if known(then) else None
    return beside(figure, rows, selection, tables, measure(comparable(now, selection)), before)


def beside(  # noqa: PLR0913, PLR0917  two sides, and what they are sides of
    figure: Figure,
    rows: Rows,
    selection: Selection,
    tables: Iterable[str],
    now: float | None,
    then: float | None,
) -> Figure:
    """The figure with its value on the comparable days and on the compared ones.

    Where they can't be compared, the note says why.
    """
    if selection.comparison is None and not selection.uncompared:
        return figure
    if why := history.uncompared(rows, selection, tables):
        said = figure.value is not None  # otherwise its note says why already
        return replace(figure, note=sentences(why, figure.note)) if said else figure
    versus = f"vs {selection.compared}"
    if now is None:
        return replace(figure, before=then if figure.value is None else None, versus=versus)
    part = now if selection.comparable != selection.period else None
    return replace(figure, before=then, versus=versus, comparable=part)


def comparable(answer: Answer, selection: Selection) -> pd.DataFrame:
    """The rows of an answer as they are on the comparable days alone.

    By its column `day`; an answer without one counts these days in columns of their own.
    """
    frame, days = answer.frame, selection.comparable
    counted = [str(name) for name in frame if str(name).startswith(OF_COMPARABLE_DAYS)]
    if counted:
        return frame.assign(
            **{name.removeprefix(OF_COMPARABLE_DAYS): frame[name] for name in counted}
        )
    return series.within(frame, days) if days else frame.head(0)


def of_today(figure: Figure, selection: Selection) -> Figure:
    """A level as it is today; of a period that is over it says so, and is compared with nothing."""
    if selection.today < selection.period.end:
        return figure
    note = sentences("As of today.", figure.note)
    return replace(figure, before=None, versus="", trend=(), note=note)


def only(frame: pd.DataFrame, column: str) -> float | None:
    """The one value of a column; None where there is none."""
    values: Sequence[float] = list(frame[column].dropna())
    return float(values[0]) if values else None


def daily_values(answer: Answer, column: str, period: Period) -> tuple[float, ...]:
    """A column's value on every day of the period, for the trend of a card."""
    if answer.state != "ready":
        return ()
    return tuple(series.daily(answer.frame, period, column)[column].astype("float64"))
