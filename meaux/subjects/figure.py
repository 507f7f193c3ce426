"""A figure: one number, with what it is compared with and how it came about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import pandas as pd

from meaux.query import first_records, series
from meaux.query import needs as needs_of
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection
from meaux.query.metrics import SMALLEST_CHANGE, Metric, change, relative
from meaux.query.needs import Asked, Given, Need, parameters
from meaux.query.queries import Query
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


@dataclass(frozen=True)
class Reading:
    """What is read off the answers: all of a figure but its metric.

    `value` is left out where the figure is declared with a measure.
    """

    value: float | None = None
    before: float | None = None
    versus: str = ""
    trend: tuple[float, ...] = ()
    note: str = ""
    unanswered: bool = False
    origin: str = ""
    comparable: float | None = None


@dataclass(frozen=True)
class Unknown(Reading):
    """A reading without a value, for the reason in its note; nothing is compared with it."""


Measure = Callable[[pd.DataFrame], float | None]


@dataclass(frozen=True, eq=False)
class NumberCard:
    """A figure as a page lists it: what it needs, and how it is read off that.

    `needs` are those of `read`, and where there is a `measure`, what the compared days hold.
    `more` is the title of the page that says more.
    """

    metric: Metric
    read: Callable[..., Reading]
    needs: Mapping[str, Need]
    measure: Measure | None = None
    more: str = ""

    @property
    def __name__(self) -> str:
        return self.read.__name__

    def __call__(self, **met: object) -> Figure:
        """Read the figure off what was needed, unless its first answer could not be got."""
        of_body = {name: met[name] for name in parameters(self.read)}
        answers = (met.get(OF), *of_body.values())
        now = next((value for value in answers if isinstance(value, Answer)), None)
        if now is not None and not now.answered:
            return self._figure(missing(now))
        reading = self.read(**of_body)
        if self.measure is None or now is None or isinstance(reading, Unknown):
            return self._figure(reading)
        reading = replace(reading, value=self.measure(now.frame))
        then = cast("Answer | None", met[COMPARED])
        first = cast("date | None", met[FIRST])
        selection = cast("Selection", met[SELECTION])
        return self._figure(both_sides(reading, self.measure, now, then, first, selection))

    def _figure(self, reading: Reading) -> Figure:
        return Figure(self.metric, **vars(reading))


OF, COMPARED, FIRST, SELECTION = "its answer", "compared answer", "first record", "what is selected"
"""What a figure needs beside what its function does; no parameter has such a name."""


def figure(  # noqa: PLR0913  a figure has that many parts
    metric: Metric,
    measure: Measure | None = None,
    *,
    recorded: Iterable[str] = (),
    against: Query | None = None,
    of: object = None,
    more: str = "",
) -> Callable[[Callable[..., Reading]], NumberCard]:
    """Declare a function to read a metric's figure off its needs, the first answer above all.

    With a `measure` the value is what that makes of the first answer's rows, and is compared with
    what it makes of the compared days: of the same query, or of the one that it is held `against`.
    Days before the first record of the logical tables that it is `recorded` in aren't compared.
    `of` is the need of the answer that must be there, where the function doesn't take it itself.

    Raises:
        TypeError: nothing says which query the measure is taken of.
    """

    def declare(read: Callable[..., Reading]) -> NumberCard:
        needs = dict(parameters(read))
        if of is not None:
            needs = {OF: needs_of.need(read, OF, of), **needs}
        answers = list(needs.values())
        if measure:
            needs |= {
                COMPARED: needs_of.compared(against or _measured(read, answers)),
                FIRST: needs_of.recorded(*recorded),
                SELECTION: needs_of.Given(Selection),
            }
        return NumberCard(metric, read, needs, measure, more)

    return declare


def _measured(read: Callable[..., Reading], needs: Iterable[Need]) -> Query:
    """The query of a figure's first answer."""
    first = next((need for need in needs if not isinstance(need, Given)), None)
    if isinstance(first, Asked) and len(first.queries) == 1:
        return first.queries[0]
    raise TypeError(f"{read.__name__}: name the query that it is held against.")


def missing(answer: Answer) -> Reading:
    """The reading of a number that could not be got."""
    return Unknown(note=answer.reason, unanswered=True)


def both_sides(  # noqa: PLR0913, PLR0917  two sides, and what they are sides of
    reading: Reading,
    measure: Measure,
    now: Answer,
    then: Answer | None,
    first: date | None,
    selection: Selection,
) -> Reading:
    """The reading beside the compared days; each side is what a measure makes of its answer."""
    before = measure(then.frame) if then is not None and then.answered else None
    return beside(reading, selection, first, measure(comparable(now, selection)), before)


def beside(
    reading: Reading,
    selection: Selection,
    first: date | None,
    now: float | None,
    then: float | None,
) -> Reading:
    """The reading with its value on the comparable days and on the compared ones.

    `first` is the day of the first record of what it is made of. Where the days can't be
    compared, the note says why.
    """
    if selection.comparison is None and not selection.uncompared:
        return reading
    if why := first_records.uncompared(selection, first):
        said = reading.value is not None  # otherwise its note says why already
        return replace(reading, note=sentences(why, reading.note)) if said else reading
    versus = f"vs {selection.compared}"
    if now is None:
        return replace(reading, before=then if reading.value is None else None, versus=versus)
    part = now if selection.comparable != selection.period else None
    return replace(reading, before=then, versus=versus, comparable=part)


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


def of_today(reading: Reading, selection: Selection) -> Reading:
    """A level as it is today; of a period that is over it says so, and is compared with nothing."""
    if selection.today < selection.period.end:
        return reading
    note = sentences("As of today.", reading.note)
    return replace(reading, before=None, versus="", trend=(), note=note)


def total(column: str) -> Measure:
    """A measure: the sum of a column."""
    return lambda frame: float(frame[column].sum())


def only(frame: pd.DataFrame, column: str) -> float | None:
    """The one value of a column; None where there is none."""
    values: Sequence[float] = list(frame[column].dropna())
    return float(values[0]) if values else None


def daily_values(answer: Answer, column: str, period: Period) -> tuple[float, ...]:
    """A column's value on every day of the period, for the trend of a card."""
    if answer.state != "ready":
        return ()
    return tuple(series.daily(answer.frame, period, column)[column].astype("float64"))
