"""Budgets: how much of each is used, its pace and its projected end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from meaux.data.budgeting import LEFT_OUT, SPANS, Budget, Scope
from meaux.data.faults import Fault
from meaux.data.schema import vocabulary
from meaux.data.thresholds import Thresholds
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.forecast import SPAN_OF, Lines, PeriodEnd, burn, due_by_day, included, run_rate
from meaux.query.forecast.complete import known_in
from meaux.subjects.money import frames as costs
from meaux.wording import day_of, money, percent_of

__all__ = ["STATUSES", "Budget", "BudgetStatus", "Status", "assess", "find"]

PARTS = ("project", "team", "model", "person")
"""What a budget of the database may be of."""
COVERS = ("ai_budget.project", "ai_budget.team")
"""The columns that say which part of AI a budget of the database covers."""

CENTS = 6
"""Decimals that a sum keeps, so that cents that add up to a budget equal it."""
DAYS_NAMED = 3
PAID_KNOWN_FOR = 7 * costs.WEEKS_OF_HISTORY
"""Days back to which paid recurring costs are known; before, a rate includes them."""
YEAR = 365 * DAY
NOT_COMPARED = "Shown without a status."

Status = Literal["over", "at risk", "watch", "on track", "unknown", "none"]

STATUSES: tuple[Status, ...] = ("over", "at risk", "watch", "on track", "unknown", "none")
"""Most severe first. Unknown: the spend is unknown. None: a budget outside of its days, or in
another currency."""


@dataclass(frozen=True)
class BudgetStatus:
    """A budget's status today, in dollars and as shares of it; unknown numbers are None.

    `used` = actual / budget; `pace` = used - share of its period elapsed, today included; `burn7`
    and `burn30` are dollars per day without recurring costs; `forecast` is of its whole period.
    `included` names the recurring costs of the period. Since `over_since` it has been over without
    a break; then `dearest` are the days until today with the highest cost, and their costs. Its
    entries are those of `covered`, if that is known, of a `category` and `models`; empty for all.
    `because` says in words which day, and who, used it up. `unmet` says why the spend is unknown,
    if the database doesn't know what the budget names.
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
    exhausted_on: date | None = None
    included: str = ""
    over_since: date | None = None
    dearest: tuple[tuple[date, float], ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    covered: Selection | None = None
    category: str = ""
    models: tuple[str, ...] = ()
    because: str = ""
    unmet: str = ""

    @property
    def projected(self) -> float | None:
        """Return the projected end of the period: the forecast, otherwise the run rate."""
        return self.run_rate if self.forecast is None else self.forecast

    @property
    def projected_by(self) -> str | None:
        """Return the method of the projection: `Forecast` or `Run rate`."""
        if self.projected is None:
            return None
        return "Run rate" if self.forecast is None else "Forecast"

    @property
    def told(self) -> str:
        """Say the status, or why it has none: `Over`, `Starts on 1 Jan`, `EUR 50.00`."""
        words = resting(self.budget, self.today) or self.status
        return words[:1].upper() + words[1:]

    @property
    def sentence(self) -> str:
        """Say the status and its numbers."""
        budget = self.budget
        title = budget.name if "budget" in budget.name.lower() else f"{budget.name} budget"
        if why := resting(budget, self.today):
            return f"{title}: {why}."
        if self.actual is None or self.used is None or self.pace is None:
            why = f": {self.unmet}" if self.unmet else ""
            return f"{title}: spend this {budget.span} is unknown{why}."
        share = percent_of(self.used, self.thresholds.steps)
        spent = f"{money(self.actual)} of {money(budget.amount)} used ({share})"
        return f"{title}: {spent}, {_paced(self.pace)}{self._outlook()}."

    def _outlook(self) -> str:
        """Say how it will end; empty if nothing is known."""
        why = f"; {self.because}" if self.because else ""
        if self.over_since:
            return f"; over budget since {day_of(self.over_since, year=False)}{why}"
        if self.remaining is not None and self.remaining <= 0:
            day = day_of(self.exhausted_on, year=False) if self.exhausted_on else ""
            return f"; used up on {day}{why}" if day else "; nothing remaining"
        if self.exhausted_on:
            return (
                f"; exhausted on {day_of(self.exhausted_on, year=False)} at the current burn rate"
            )
        span = self.budget.span
        if self.forecast is not None and self.forecast >= self.budget.amount:
            return f"; forecast for the {span} {money(self.forecast)}"
        return f"; lasts the {span} at the current burn rate" if self.burn7 is not None else ""


def resting(budget: Budget, today: date) -> str:
    """Say why a budget has no status today: `starts on 1 Jan`, `EUR 50.00`; empty if it has one."""
    if budget.first_day and today < budget.first_day:
        return f"starts on {_day(budget.first_day, today)}"
    if budget.last_day and today > budget.last_day:
        return f"ended on {_day(budget.last_day, today)}"
    return f"{budget.currency} {budget.amount:,.2f}" if budget.currency else ""


def _day(day: date, today: date) -> str:
    """Write a day, with its year unless it is less than half a year away."""
    return day_of(day, year=2 * abs(day - today) >= YEAR)


def running(budget: Budget, today: date) -> Period:
    """Return the days that a budget is assessed on: those of its period on which it applies."""
    whole = SPAN_OF[budget.span](today)
    first, last = budget.first_day or whole.start, budget.last_day or whole.last
    return Period(max(first, whole.start), min(last, whole.last) + DAY)


def of_ai(answer: Answer) -> pd.DataFrame:
    """Return the valid budgets of `ai_budgets`, `period` as one of SPANS.

    Of several with one name and period that cover the same, only the lowest that applies today
    counts.
    """
    sound = _spanned(answer.frame).query("amount > 0")
    return sound[~_again(sound, answer)] if tells_parts(answer) else sound


def tells_parts(answer: Answer) -> bool:
    """Return whether the AI budgets of the database say what they are of."""
    return not answer.lacks(*COVERS) or bool(answer.frame[list(PARTS)].notna().any(axis=None))


def of_projects(answer: Answer) -> pd.DataFrame:
    """Return the valid budgets of `project_budgets`, without those of archived projects."""
    return _spanned(_standing(answer.frame)).query("amount > 0").dropna(subset=["project"])


def faults(ai: Answer, projects: Answer) -> list[Fault]:
    """Return the invalid budgets of the database: of AI, and of projects."""
    return [
        *_misread(ai.frame, ai, "ai_budget"),
        *(_repeated(_spanned(ai.frame).query("amount > 0"), ai) if tells_parts(ai) else []),
        *_misread(_standing(projects.frame), projects, "project"),
    ]


def _spanned(budgets: pd.DataFrame) -> pd.DataFrame:
    """Return those whose period is known, by its name in SPANS."""
    named = budgets.assign(period=budgets["period"].map(vocabulary.span))
    return named[named["period"].isin(SPANS)]


def _standing(budgets: pd.DataFrame) -> pd.DataFrame:
    """Return the budgets of projects that aren't archived."""
    return budgets[budgets["status"].map(vocabulary.status) != "Archived"]


def _again(budgets: pd.DataFrame, answer: Answer) -> pd.Series:
    """Return which budgets are ignored for another with the same name, period and coverage.

    The lowest that hasn't ended counts; ended ones are ignored, and so are equal or higher ones.
    """
    today = pd.Timestamp(answer.selection.today)
    ended = budgets["last_day"] < today
    folded = budgets.assign(
        name=budgets["name"].str.casefold(),
        ended=ended,
        later=budgets["first_day"].where(budgets["first_day"] > today),
    )
    alike = folded.sort_values(["ended", "amount"], kind="stable")
    same = ["name", *PARTS, "period", "currency", "later"]
    return alike.duplicated(same).reindex(budgets.index)


def _misread(budgets: pd.DataFrame, answer: Answer, table: str) -> Iterator[Fault]:
    """Report budgets without an amount, of an unknown period or in another currency."""
    for name, amount, period, currency, written in zip(
        *(budgets[column] for column in ("name", "amount", "period", "currency", "written")),
        strict=True,
    ):
        if not amount > 0:
            yield _fault(answer, table, name, f"{written!r} is not an amount above 0", LEFT_OUT)
        elif vocabulary.span(period) not in SPANS:
            *first, last = SPANS
            reason = f"unknown period {period!r}; use {', '.join(first)} or {last}"
            yield _fault(answer, table, name, reason, LEFT_OUT)
        elif pd.notna(currency):
            reason = f"amount in {currency}; costs are in USD"
            yield _fault(answer, table, name, reason, NOT_COMPARED)


def _repeated(budgets: pd.DataFrame, answer: Answer) -> Iterator[Fault]:
    ended = budgets["last_day"] < pd.Timestamp(answer.selection.today)
    again = _again(budgets, answer) & ~ended
    for name, amount in zip(budgets["name"][again], budgets["amount"][again], strict=True):
        reason = f"{money(amount)} is ignored: another budget with this name is lower or equal"
        yield _fault(answer, "ai_budget", name, reason, LEFT_OUT)


def _fault(answer: Answer, table: str, name: str, reason: str, effect: str) -> Fault:
    return Fault(answer.sources.get(table, table), f"“{name}”", reason, effect, "budgets")


def _paced(pace: float) -> str:
    points = round(100 * abs(pace))
    return f"{points:,} pp {'over' if pace > 0 else 'under'} pace" if points else "on pace"


def find(budgets: Iterable[Budget], scope: Scope, of: str = "") -> Budget | None:
    """Return the first budget of a scope, in any case; None is "no budget"."""
    wanted = (scope, of.casefold())
    return next((b for b in budgets if (b.scope, b.of.casefold()) == wanted), None)


def assess(  # noqa: PLR0913
    budget: Budget,
    daily: pd.DataFrame,
    today: date,
    end: PeriodEnd | None = None,
    thresholds: Thresholds | None = None,
    *,
    lines: Lines = (),
) -> BudgetStatus:
    """Assess a budget from the daily cost of what it covers: day, cost.

    `daily` holds at least the days that it is assessed on; the mean of 30 days needs 30 of them.
    `end` is the projection for these days. `lines` are the recurring costs of what it covers.
    Without a known cost in these days the status is unknown.
    """
    if resting(budget, today):
        return BudgetStatus(budget, today, "none")
    period = running(budget, today)
    known = known_in(daily, "cost", Period(period.start, today + DAY))
    if known.empty:
        return BudgetStatus(budget, today, "unknown")
    actual = round(float(known.sum()), CENTS)
    remaining, used = budget.amount - actual, actual / budget.amount
    pace = used - ((today - period.start).days + 1) / period.days
    forecast = end.forecast if end else None
    limits = thresholds or Thresholds()
    judged = status(used, pace, None if forecast is None else forecast / budget.amount, limits)
    known_paid = lines if (today - period.start).days <= PAID_KNOWN_FOR else ()
    burn7, due = burn(daily, "cost", today, 7, lines), due_by_day(lines, today, period.end)
    return BudgetStatus(
        budget,
        today,
        judged,
        actual=actual,
        used=used,
        pace=pace,
        remaining=remaining,
        burn7=burn7,
        burn30=burn(daily, "cost", today, 30, lines),
        run_rate=run_rate(daily, "cost", today, period, known_paid),
        forecast=forecast,
        exhausted_on=over_since(known, budget.amount, 1.0)
        if actual >= budget.amount
        else exhaustion(remaining, burn7, Period(today, period.end), due),
        included=included(lines, period, today),
        over_since=over_since(known, budget.amount, limits.over) if judged == "over" else None,
        dearest=dearest(known) if judged == "over" else (),
        thresholds=limits,
    )


def dearest(known: pd.Series) -> tuple[tuple[date, float], ...]:
    """Return the few days with the highest cost, highest first."""
    found = known[known > 0].sort_values(ascending=False, kind="stable").head(DAYS_NAMED)
    days = pd.DatetimeIndex(found.index).date
    return tuple(zip(days, map(float, found), strict=True))


def over_since(known: pd.Series, amount: float, over: float) -> date:
    """Return the first day of the last stretch over a share of an amount.

    A credit may bring the sum below it again. `known` is each day's cost.
    """
    used = known.cumsum().round(CENTS) / amount
    over_again = used.index[(used >= over) & (used.shift() < over)]
    first: pd.Timestamp = over_again[-1] if len(over_again) else used.index[0]
    return first.date()


def status(
    used: float, pace: float, forecast: float | None, thresholds: Thresholds | None = None
) -> Status:
    """Return the most severe status that applies; `forecast` is a share of the budget, like `used`.

    over: used >= over. at risk: used >= at_risk, or forecast >= over. watch: used >= watch and
    over pace.
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
    left: Period,
    due: Mapping[date, float] | None = None,
) -> date | None:
    """Return the day between today and the period's end on which the budget is exhausted.

    Today + remaining / burn rate, in whole days. Recurring costs are spent on the days that they
    are `due`. None if nothing remains already, nothing is spent, or the period ends before.
    """
    if daily_burn is None or remaining <= 0:
        return None
    spent = 0.0
    for passed, day in enumerate(left):
        spent += (due or {}).get(day, 0.0)
        rest = remaining - spent
        if rest <= 0 or (daily_burn > 0 and rest / daily_burn < passed + 1):
            return day
    return None
