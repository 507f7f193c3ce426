"""Budgets: how much of each is used, how fast, and where the month will end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from meaux.answers import Answer
from meaux.faults import Fault
from meaux.filters import Period, month_to_date
from meaux.forecast import Lines, PeriodEnd, burn, due_by_day, included, month_of, run_rate
from meaux.forecast.complete import known_in
from meaux.metrics import money
from meaux.plan import LEFT_OUT, Budget, Scope, Thresholds
from meaux.schema import vocabulary
from meaux.wording import counted

__all__ = ["STATUSES", "Budget", "Standing", "Status", "assess", "find"]

COVERS = ("ai_budget.project", "ai_budget.team")
"""What says which part of AI a budget of the database covers."""

Status = Literal["over", "at risk", "watch", "on track", "unknown"]

STATUSES: tuple[Status, ...] = ("over", "at risk", "watch", "on track", "unknown")
"""The most severe first; unknown is where nobody knows what was spent."""


@dataclass(frozen=True)
class Standing:
    """Where a budget stands today, in dollars and as shares of it; unknown numbers are None.

    `used` = actual / budget; `pace` = used - share of the month that has passed, today included;
    `burn7` and `burn30` are dollars a day without recurring lines; `forecast` is of the whole
    month. `included` names the recurring lines of the month.
    """

    budget: Budget
    today: date
    status: Status
    actual: float | None = None
    used: float | None = None
    pace: float | None = None
    remaining: float | None = None
    burn7: float | None = None
    burn30: float | None = None
    run_rate: float | None = None
    forecast: float | None = None
    forecast_low: float | None = None
    forecast_high: float | None = None
    exhausted_on: date | None = None
    included: str = ""

    @property
    def projected(self) -> float | None:
        """What the month may end at: the forecast, else the run rate."""
        return self.run_rate if self.forecast is None else self.forecast

    @property
    def projected_by(self) -> str | None:
        """What the projection is made by: `Forecast` or `Run rate`."""
        if self.projected is None:
            return None
        return "Run rate" if self.forecast is None else "Forecast"

    @property
    def sentence(self) -> str:
        """The standing in words."""
        name = self.budget.name
        title = name if "budget" in name.lower() else f"{name} budget"
        if self.actual is None or self.used is None or self.pace is None:
            return f"{title}: what was spent this month is not known."
        spent = f"{money(self.actual)} of {money(self.budget.monthly)} used ({percent(self.used)})"
        return f"{title}: {spent}, {_paced(self.pace)}{self._outlook()}."

    def _outlook(self) -> str:
        """What comes of it by the end of the month; empty where nothing is to be said."""
        if self.remaining is not None and self.remaining <= 0:
            return "; it is used up"
        if self.exhausted_on:
            return f"; at this burn it is used up on {self.exhausted_on:%-d %b}"
        if self.forecast is not None and self.forecast >= self.budget.monthly:
            return f"; the month is forecast to end at {money(self.forecast)}"
        return "; at this burn it lasts the month" if self.burn7 is not None else ""


def of_ai(answer: Answer) -> pd.DataFrame:
    """The budgets of `ai_budgets` that are of a month and can be used.

    Of several with one name that cover the same, the lowest.
    """
    sound = _monthly(answer.frame).query("monthly > 0")
    return sound if answer.lacks(*COVERS) else sound[~_again(sound)]


def of_projects(answer: Answer) -> pd.DataFrame:
    """The budgets of `project_budgets` that can be used, of projects that are not archived."""
    return _standing(answer.frame).query("monthly > 0")


def faults(ai: Answer, projects: Answer) -> list[Fault]:
    """The budgets of the database that can't be used: of AI, and of projects."""
    alike = _monthly(ai.frame)
    return [
        *_no_amounts(alike, ai, "ai_budget"),
        *([] if ai.lacks(*COVERS) else _repeated(alike.query("monthly > 0"), ai)),
        *_no_amounts(_standing(projects.frame), projects, "project"),
    ]


def _monthly(budgets: pd.DataFrame) -> pd.DataFrame:
    """Those whose amount is a month's, by their column `period`."""
    return budgets[budgets["period"].str.lower().isin(("month", "monthly"))]


def _standing(budgets: pd.DataFrame) -> pd.DataFrame:
    """Those of projects that are not archived."""
    return budgets[budgets["status"].map(vocabulary.status) != "Archived"]


def _again(budgets: pd.DataFrame) -> pd.Series:
    """Which ones have the name of one before them that is as low, and cover the same."""
    folded = budgets.assign(name=budgets["name"].str.casefold())
    alike = folded.sort_values("monthly", kind="stable")
    return alike.duplicated(["name", "project", "team"]).reindex(budgets.index)


def _no_amounts(budgets: pd.DataFrame, answer: Answer, table: str) -> Iterator[Fault]:
    bad = budgets[~(budgets["monthly"] > 0)]
    for name, written in zip(bad["name"], bad["written"], strict=True):
        yield _fault(answer, table, name, f"{written!r} is no amount above 0", LEFT_OUT)


def _repeated(budgets: pd.DataFrame, answer: Answer) -> Iterator[Fault]:
    again = _again(budgets)
    for name, amount in zip(budgets["name"][again], budgets["monthly"][again], strict=True):
        reason = f"another of its name covers the same, and is no higher than its {money(amount)}"
        yield _fault(answer, "ai_budget", name, reason, LEFT_OUT)


def _fault(answer: Answer, table: str, name: str, reason: str, effect: str) -> Fault:
    return Fault(answer.sources.get(table, table), f"“{name}”", reason, effect, "budgets")


def percent(share: float) -> str:
    """A share in whole per cent; what is short of 1 never reads 100 %."""
    whole = round(100 * share)
    return f"{min(whole, 99) if share < 1 else whole} %"


def _paced(pace: float) -> str:
    points = round(100 * abs(pace))
    if not points:
        return "in step with the month"
    return f"{counted(points, 'point')} {'ahead of' if pace > 0 else 'behind'} pace"


def find(budgets: Iterable[Budget], scope: Scope, of: str = "") -> Budget | None:
    """The first budget of a scope, found without regard to case; None is "no budget"."""
    wanted = (scope, of.casefold())
    return next((b for b in budgets if (b.scope, b.of.casefold()) == wanted), None)


def assess(  # noqa: PLR0913
    budget: Budget,
    daily: pd.DataFrame,
    today: date,
    month_end: PeriodEnd | None = None,
    thresholds: Thresholds | None = None,
    *,
    lines: Lines = (),
) -> Standing:
    """Where a budget stands, from the daily cost of what it covers: day, cost.

    `daily` holds this month at least; the mean of 30 days needs 30 of them. `lines` are the
    recurring ones of what it covers. Without a known cost this month the standing is unknown.
    """
    known = known_in(daily, "cost", month_to_date(today))
    if known.empty:
        return Standing(budget, today, "unknown")
    actual = round(float(known.sum()), 6)
    used = actual / budget.monthly
    month = month_of(today)
    pace = used - today.day / month.days
    forecast = month_end.forecast if month_end else None
    burn7 = burn(daily, "cost", today, 7, lines)
    return Standing(
        budget,
        today,
        status(used, pace, None if forecast is None else forecast / budget.monthly, thresholds),
        actual=actual,
        used=used,
        pace=pace,
        remaining=budget.monthly - actual,
        burn7=burn7,
        burn30=burn(daily, "cost", today, 30, lines),
        run_rate=run_rate(daily, "cost", today, month, lines),
        forecast=forecast,
        forecast_low=month_end.low80 if month_end else None,
        forecast_high=month_end.high80 if month_end else None,
        exhausted_on=exhaustion(
            budget.monthly - actual, burn7, today, due_by_day(lines, today, month.end)
        ),
        included=included(lines, month, today),
    )


def status(
    used: float, pace: float, forecast: float | None, thresholds: Thresholds | None = None
) -> Status:
    """The most severe status that holds; `forecast` is a share of the budget, like `used`.

    over: used >= over. at risk: used >= at_risk, or forecast >= over. watch: used >= watch and
    ahead of pace.
    """
    limits = thresholds or Thresholds()
    if used >= limits.over:
        return "over"
    if used >= limits.at_risk or (forecast is not None and forecast >= limits.over):
        return "at risk"
    return "watch" if used >= limits.watch and pace > 0 else "on track"


def exhaustion(
    remaining: float,
    daily_burn: float | None,
    today: date,
    due: Mapping[date, float] | None = None,
) -> date | None:
    """The day of this month on which nothing is left: today + remaining / burn, in whole days.

    What is `due` of recurring lines is gone on its day. None where it has no meaning: used up
    already, nothing burns or is due, or a new month, and with it a new budget, begins before.
    """
    if daily_burn is None or remaining <= 0:
        return None
    spent = 0.0
    for passed, day in enumerate(Period(today, month_of(today).end)):
        spent += (due or {}).get(day, 0.0)
        left = remaining - spent
        if left <= 0 or (daily_burn > 0 and left / daily_burn < passed + 1):
            return day
    return None
