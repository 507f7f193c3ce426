"""Outlook: the forecast of costs, from the last 13 weeks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.query import forecast
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.forecast import Forecast, PeriodEnd
from meaux.query.metrics import Metric
from meaux.query.needs import Control
from meaux.subjects.money import frames as costs
from meaux.subjects.money import recurring


@dataclass(frozen=True)
class Scenario(Control):
    """Changed assumptions: each day ahead costs a ratio more or less, one day an amount more."""

    change: float
    once: float
    on: date

    @property
    def changes(self) -> bool:
        """Return whether any day ahead would cost more or less."""
        return bool(self.change or self.once)

    def of(self, seen: Outlook) -> Outlook:
        """Return the outlook with this scenario."""
        return seen.what_if(self.change, self.once, self.on)


@dataclass(frozen=True)
class Outlook:
    """Daily costs with their forecast, and the projected ends of the month and the quarter.

    `daily`: day, cost, partial, from the first day with a cost. `origin` names the tables of the
    costs, `note` the categories without a source or without prices.
    """

    daily: pd.DataFrame
    forecast: Forecast
    month: PeriodEnd
    quarter: PeriodEnd
    today: date
    origin: str
    note: str = ""

    @property
    def table(self) -> pd.DataFrame:
        """Return the days behind and ahead, with their ranges.

        Columns: day, actual, forecast, low80, high80, low95, high95, recurring, ongoing. Today has
        both its cost so far and its forecast. `recurring` is the recurring cost due on a day; the
        forecast includes it.
        """
        behind = self.daily.rename(columns={"cost": "actual"})
        ahead = self.forecast.frame.rename(columns={"value": "forecast"})
        both = behind.merge(ahead, on="day", how="outer", sort=True)
        named = both.rename(columns={"partial": "ongoing"})
        end = self.today + self.forecast.horizon * DAY
        due = forecast.due_by_day(self.forecast.recurring, self.today, end)
        named["recurring"] = [due.get(day) for day in named["day"].dt.date]
        return named[["day", "actual", *ahead.columns[1:], "recurring", "ongoing"]]

    @property
    def period(self) -> Period | None:
        """Return the days of the table; None if there are none."""
        days = self.table["day"].dt.date
        return Period(days.min(), days.max() + DAY) if len(days) else None

    def burn(self, days: int) -> float | None:
        """Return the mean of the last complete days, in dollars per day; None if too few."""
        return forecast.burn(self.daily, "cost", self.today, days, self.forecast.recurring)

    def burning(self, days: int) -> Period | None:
        """Return the days that a burn rate is the mean of; None if none is known."""
        first = self.daily["day"].min()
        if pd.isna(first) or first.date() >= self.today:
            return None
        return Period(max(first.date(), self.today - days * DAY), self.today)

    @property
    def included(self) -> str:
        """Name the recurring costs in the days ahead; empty for none."""
        if self.period is None:
            return ""
        ahead = Period(self.today, max(self.period.end, self.today + DAY))
        return forecast.included(self.forecast.recurring, ahead, self.today)

    def what_if(self, change: float, once: float, on: date | None) -> Outlook:
        """Return the outlook with the days ahead changed; see `forecast.what_if`."""
        ahead = forecast.what_if(self.forecast, self.today, change, once, on)
        return replace(
            self,
            forecast=ahead,
            month=forecast.month_end(self.daily, "cost", self.today, ahead),
            quarter=forecast.quarter_end(self.daily, "cost", self.today, ahead),
        )


def outlook(
    ledger: costs.RecentLedger, selection: Selection, lines: recurring.Chosen = ()
) -> Outlook | None:
    """Forecast the recent costs; None if there are none.

    `lines` are the recurring costs that are known by name.
    """
    recent = ledger.answer
    if recent.state != "ready":
        return None
    begun = costs.begun(costs.total_by_day(recent.frame, costs.recent(selection).period))
    today = selection.today
    ahead = forecast.forecast(begun, "cost", today, recurring=lines)
    return Outlook(
        begun.assign(partial=begun["day"].dt.date >= today),
        ahead,
        forecast.month_end(begun, "cost", today, ahead),
        forecast.quarter_end(begun, "cost", today, ahead),
        today,
        ledger.origin,
        ledger.gaps,
    )


Seen = Annotated[Outlook | None, outlook]


def band(end: PeriodEnd, metric: Metric) -> str:
    """Name the 80% range of a projection; empty if it is unknown.

    Its ends have as many digits as tell them from the projection. What is already spent may be the
    lower end, and the projection itself: then only the upper end says something.
    """
    if end.forecast is None or end.low80 is None or end.high80 is None:
        return ""
    low, _, high = metric.apart([end.low80, end.forecast, end.high80])
    if end.low80 == end.forecast:
        return f"80% range up to {high}"
    return f"80% range {low}\N{EN DASH}{high}"
