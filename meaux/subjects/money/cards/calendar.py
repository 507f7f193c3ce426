"""The calendar: every day of a year by its hours or its cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated

import pandas as pd

from meaux import charts
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.needs import Control, Request, choosing
from meaux.subjects.card import Switched, card
from meaux.subjects.hours.frames import by_day
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money import frames as costs
from meaux.subjects.money.metrics import COST


@dataclass(frozen=True)
class Year(Control):
    """The year of the calendar."""

    number: int

    def days(self, selection: Selection) -> Selection:
        """Select the days of the year, up to today."""
        after = min(date(self.number + 1, 1, 1), selection.today + DAY)
        return selection.over(Period(date(self.number, 1, 1), after))


def _hours_of_year(request: Request) -> Ask:
    return Ask(queries.hours_by_day, request.given(Year).days(request.selection))


def _cost_of_year(request: Request) -> Ask:
    return Ask(queries.cost_by_day, request.given(Year).days(request.selection))


@card
def calendar(
    hours: Annotated[Answer, choosing(_hours_of_year, queries.hours_by_day)],
    spent: Annotated[Answer, choosing(_cost_of_year, queries.cost_by_day)],
    year: Year,
    selection: Selection,
) -> Switched:
    """Show every day of a year by its hours or its cost."""
    options = {"Hours": (by_day(hours), HOURS), "Cost": (costs.by_recorded_day(spent), COST)}
    today = pd.Timestamp(selection.today)
    draw = partial(charts.calendar, year=year.number, today=today)
    return Switched("Calendar", options, draw, key="calendar")
