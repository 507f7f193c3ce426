"""A figure: one number, with what it is compared with and how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from meaux import history, series
from meaux.answers import Answer, Rows
from meaux.filters import Period, Selection
from meaux.metrics import Metric, change
from meaux.wording import sentences

SMALLEST_CHANGE = 0.0005
"""Below this a change would read 0.0 %: it is drawn as none."""


@dataclass(frozen=True)
class Figure:
    """A metric's value; `before` is what it is compared with, `versus` says what that is.

    `trend` holds one value a day, oldest first. `note` is a sentence to stand below; where the
    value is None, `note` says why. `origin` says which tables the value comes from.
    """

    metric: Metric
    value: float | None
    before: float | None = None
    versus: str = ""
    trend: tuple[float, ...] = ()
    note: str = ""
    unanswered: bool = False
    origin: str = ""

    @property
    def change(self) -> float | None:
        """The relative change; None where there is nothing to compare with."""
        return change(self.value, self.before)

    @property
    def delta(self) -> str | int | None:
        """The change as a card shows it: in per cent, a level's in units, a ratio's in points."""
        if self.metric.unit == "ratio" and self.value is not None and self.before is not None:
            points = self.value - self.before
            return f"{points * 100:+.1f} pp" if abs(points) >= SMALLEST_CHANGE else 0
        if self.metric.total == "last" and self.value is not None and self.before is not None:
            grown = self.value - self.before
            return f"{'-' if grown < 0 else '+'}{self.metric.short(abs(grown))}" if grown else 0
        if self.change is None:
            return None
        return f"{self.change:+.1%}" if abs(self.change) >= SMALLEST_CHANGE else 0

    @property
    def words(self) -> str:
        """The figure in one sentence, for those who can't see it."""
        now = f"{self.metric.label}: {self.metric.exact(self.value)}"
        if self.before is None:
            return now
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


def versus(selection: Selection) -> str:
    """What a figure is compared with, in words."""
    return f"vs {selection.compared}" if selection.compared else ""


def where_recorded(
    figure: Figure, rows: Rows, then: Period | None, tables: Iterable[str]
) -> Figure:
    """The figure; not compared with a period that began before the first record of its tables."""
    why = history.unrecorded(rows, then, tables)
    if not why:
        return figure
    if figure.value is None:  # its note says why already
        return replace(figure, before=None, versus="")
    return replace(figure, before=None, versus="", note=sentences(why, figure.note))


def of_today(figure: Figure, selection: Selection) -> Figure:
    """A level as it is today; of a period that is over it says so, and is compared with nothing."""
    if selection.today < selection.period.end:
        return figure
    note = sentences("As of today.", figure.note)
    return replace(figure, before=None, versus="", trend=(), note=note)


def only(answer: Answer, column: str) -> float | None:
    """The one value of a column; None where there is none."""
    values: Sequence[float] = list(answer.frame[column].dropna())
    return float(values[0]) if values else None


def daily_values(answer: Answer, column: str, period: Period) -> tuple[float, ...]:
    """A column's value on every day of the period, for the trend of a card."""
    if answer.state != "ready":
        return ()
    return tuple(series.daily(answer.frame, period, column)[column].astype("float64"))
