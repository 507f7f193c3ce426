"""Figures: one number each, with its comparison and its sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
"""The prefix of a column that covers only the compared days."""


@dataclass(frozen=True)
class Figure:
    """A metric's value; `before` is the value it is compared with, `versus` names its days.

    `comparable` is the part of the value that is compared, if not all of it is: today isn't
    complete. `beside` are values of the same unit that stand in the same row. `trend` holds one
    value per day, oldest first. `note` stands below; if the value is None, it says why. `origin`
    names the tables of the value.
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
    beside: tuple[float | None, ...] = ()

    @property
    def written(self) -> str:
        """Return the value for a card, in the unit and with the precision of those beside it."""
        return self.metric.alike([self.value, *self.beside])[0]

    @property
    def compared(self) -> float | None:
        """Return the value that the change is calculated from."""
        return self.value if self.comparable is None else self.comparable

    @property
    def change(self) -> float | None:
        """Return the relative change; None if there is nothing to compare with."""
        return change(self.compared, self.before)

    @property
    def delta(self) -> str | int | None:
        """Return the change for a card: in per cent, a level's in units, a ratio's in points."""
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
        """Say the figure in one sentence, for those who can't see it."""
        now = f"{self.metric.label}: {self.metric.exact(self.value)}"
        if self.before is None:
            return now
        if self.comparable is not None:
            now = f"{now}, {self.metric.exact(self.comparable)} of it on complete days"
        return f"{now}, {self.metric.exact(self.before)} {self.versus.removeprefix('vs ')}"


def in_a_row(figures: Iterable[Figure]) -> list[Figure]:
    """Return figures that are written alike where their units are the same, except counts.

    Rates of money are written alike among themselves: beside thousands, cents matter to them.
    """
    row = list(figures)
    return [
        replace(one, beside=tuple(other.value for other in row if _are_alike(one, other)))
        for one in row
    ]


def _are_alike(one: Figure, other: Figure) -> bool:
    return other is not one and _kind(one.metric) == _kind(other.metric)


def made(makes: Iterable[Callable[[], Figure]]) -> Iterator[Figure | Exception]:
    """Make the figures of a row, or return why one can't be made."""
    tried = [*map(_tried, makes)]
    alike = iter(in_a_row(one for one in tried if isinstance(one, Figure)))
    yield from (next(alike) if isinstance(one, Figure) else one for one in tried)


def _tried(make: Callable[[], Figure]) -> Figure | Exception:
    try:
        return make()
    except Exception as error:  # noqa: BLE001  one broken figure doesn't break its row
        return error


def _kind(metric: Metric) -> tuple[str, str]:
    """Return what figures that are written alike have in common.

    Counts of different things are each written alone: beside a million objects, 1,107 images stay
    1,107.
    """
    if metric.unit == "count":
        return metric.unit, metric.name
    is_rate = metric.unit == "money" and metric.total == "ratio of sums"
    return metric.unit, "rate" if is_rate else ""


@dataclass(frozen=True)
class Reading:
    """What is read from the answers: all of a figure except its metric.

    `value` is left out if the figure is declared with a measure.
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
    """A reading without a value or comparison; its note says why."""


Measure = Callable[[pd.DataFrame], float | None]


@dataclass(frozen=True, eq=False)
class NumberCard:
    """A figure as a page lists it: what it needs, and how it is read from that.

    `needs` are those of `read` and, with a `measure`, those of the comparison. `more` is the title
    of the page with details.
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
        """Read the figure from what it needs; without its first answer, say why it is missing."""
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
"""The needs of a figure in addition to its function's; no parameter has such a name."""


def figure(  # noqa: PLR0913  a figure has that many parts
    metric: Metric,
    measure: Measure | None = None,
    *,
    recorded: Iterable[str] = (),
    against: Query | None = None,
    of: object = None,
    more: str = "",
) -> Callable[[Callable[..., Reading]], NumberCard]:
    """Declare a function that reads a metric's figure from its needs, above all the first answer.

    With a `measure`, the value is that of the first answer's rows, and is compared with that of the
    comparison period: of the same query, or of the query `against`. Days before the first record
    of the logical tables `recorded` aren't compared. `of` is the need of the required answer, if
    the function doesn't take it itself.

    Raises:
        TypeError: nothing says which query the measure is of.
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
    """Return the query of a figure's first answer."""
    first = next((need for need in needs if not isinstance(need, Given)), None)
    if isinstance(first, Asked) and len(first.queries) == 1:
        return first.queries[0]
    raise TypeError(f"{read.__name__}: name the query that it is held against.")


def missing(answer: Answer) -> Reading:
    """Make the reading of a number whose answer is missing."""
    return Unknown(note=answer.reason, unanswered=True)


def both_sides(  # noqa: PLR0913, PLR0917  two sides, and what they are sides of
    reading: Reading,
    measure: Measure,
    now: Answer,
    then: Answer | None,
    first: date | None,
    selection: Selection,
) -> Reading:
    """Compare a reading; each side is the measure of its answer."""
    before = measure(then.frame) if then is not None and then.answered else None
    return beside(reading, selection, first, measure(comparable(now, selection)), before)


def beside(
    reading: Reading,
    selection: Selection,
    first: date | None,
    now: float | None,
    then: float | None,
) -> Reading:
    """Add to a reading its value on the comparable days and in the comparison period.

    `first` is the day of the first record that it is made of. If the days can't be compared, the
    note says why.
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
    """Return the rows of an answer for the comparable days only.

    They are found by the column `day`, or in columns of their own that cover only these days.
    """
    frame, days = answer.frame, selection.comparable
    counted = [str(name) for name in frame if str(name).startswith(OF_COMPARABLE_DAYS)]
    if counted:
        return frame.assign(
            **{name.removeprefix(OF_COMPARABLE_DAYS): frame[name] for name in counted}
        )
    return series.within(frame, days) if days else frame.head(0)


def of_today(reading: Reading, selection: Selection) -> Reading:
    """Mark a level as of today if the period is over; it is then compared with nothing."""
    if selection.today < selection.period.end:
        return reading
    note = sentences("As of today.", reading.note)
    return replace(reading, before=None, versus="", trend=(), note=note)


def covering(period: Period, selection: Selection) -> str:
    """Say which days a number or card covers; empty if they are those selected."""
    return "" if period == selection.period else f"Covers {period}."


def total(column: str) -> Measure:
    """Make a measure that sums a column."""
    return lambda frame: float(frame[column].sum())


def only(frame: pd.DataFrame, column: str) -> float | None:
    """Return the one value of a column; None if there is none."""
    values: Sequence[float] = list(frame[column].dropna())
    return float(values[0]) if values else None


def daily_values(answer: Answer, column: str, period: Period) -> tuple[float, ...]:
    """Return a column's value on every day of the period, for the trend of a card."""
    if answer.state != "ready":
        return ()
    return tuple(series.daily(answer.frame, period, column)[column].astype("float64"))
