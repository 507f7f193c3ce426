"""Figures: one number each, with what it is compared with and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from meaux import costs, series
from meaux.answers import Answer, Rows
from meaux.budgets import Standing
from meaux.filters import Period, Selection, month_to_date, same_days_last_month
from meaux.filters.period import DAY, EARLIEST, last_month
from meaux.forecast import RUN_RATE_NEEDS
from meaux.metrics import (
    ACTIVE_USERS,
    BUDGETS_IN_DANGER,
    COST,
    COST_THIS_MONTH,
    DAILY_BURN,
    HOURS,
    MONTH_END,
    SIGNUPS,
    TEAMS,
    TOTAL_PROJECTS,
    Metric,
    change,
)
from meaux.outlook import Outlook
from meaux.schema import vocabulary

NEEDS_DAYS = f"It needs {RUN_RATE_NEEDS} complete days."

SMALLEST_CHANGE = 0.0005
"""Below this a change would read 0.0 %: it is drawn as none."""


@dataclass(frozen=True)
class Figure:
    """A metric's value; `before` is what it is compared with, `versus` says what that is.

    `trend` holds one value a day, oldest first. `note` is a sentence to stand below; where the
    value is None, `note` says why.
    """

    metric: Metric
    value: float | None
    before: float | None = None
    versus: str = ""
    trend: tuple[float, ...] = ()
    note: str = ""
    unanswered: bool = False

    @property
    def change(self) -> float | None:
        """The relative change; None where there is nothing to compare with."""
        return change(self.value, self.before)

    @property
    def delta(self) -> str | int | None:
        """The change as a card shows it: a level's in its unit, any other's in per cent."""
        if self.metric.total == "last" and self.value is not None and self.before is not None:
            return f"{self.value - self.before:+,.0f}" if self.value != self.before else 0
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
    return answer.state in ("unavailable", "failed")


def total_projects(rows: Rows, selection: Selection) -> Figure:
    """How many projects there are, and how many of them there were before the period.

    Made of `projects_by_status` and `projects_by_creation`.
    """
    by_status, by_creation = rows.projects_by_status, rows.projects_by_creation
    if unanswered(by_status):
        return missing(TOTAL_PROJECTS, by_status)
    now = float(_standing(by_status.frame)["projects"].sum())
    if unanswered(by_creation) or by_status.frame.empty:
        return Figure(TOTAL_PROJECTS, now)
    created = _standing(by_creation.frame).groupby("day")["projects"].sum()
    added = created[created.index >= pd.Timestamp(selection.period.start)]
    shown = series.since_recorded(selection.period, by_creation.frame)
    days = pd.DatetimeIndex(list(shown), dtype="datetime64[s]")
    grown = added.reindex(days, fill_value=0).astype("float64").cumsum() + now - float(added.sum())
    if selection.period.start <= EARLIEST:
        return Figure(TOTAL_PROJECTS, now, trend=tuple(grown))
    return Figure(
        TOTAL_PROJECTS,
        now,
        now - float(added.sum()),
        f"vs {Period(selection.period.start - DAY, selection.period.start)}",
        tuple(grown),
    )


def _standing(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of projects that are not archived."""
    return frame[frame["status"].map(vocabulary.status) != "Archived"]


def active_users(rows: Rows, selection: Selection) -> Figure:
    """How many distinct people were active in the period.

    Made of `active_people`, `active_people_by_day` and `active_people_before`.
    """
    total, by_day, before = rows.active_people, rows.active_people_by_day, rows.active_people_before
    if unanswered(total):
        return missing(ACTIVE_USERS, total)
    return Figure(
        ACTIVE_USERS,
        _only(total, "active_users"),
        _only(before, "active_users") if before else None,
        versus(selection),
        _daily(by_day, "active_users", selection.period),
    )


def total_hours(rows: Rows, selection: Selection) -> Figure:
    """Hours logged in the period; running timers are counted in the note.

    Made of `hours_by_day` and `hours_by_day_before`.
    """
    by_day, before = rows.hours_by_day, rows.hours_by_day_before
    if unanswered(by_day):
        return missing(HOURS, by_day)
    running = int(by_day.frame["running"].sum())
    return Figure(
        HOURS,
        float(by_day.frame["hours"].sum()),
        float(before.frame["hours"].sum()) if before and not unanswered(before) else None,
        versus(selection),
        _daily(by_day, "hours", selection.period),
        f"{running} running timer{'s' * (running != 1)} not counted." if running else "",
    )


def cost_this_month(rows: Rows, selection: Selection) -> Figure:
    """Cost from the first of the month to today, against the same days of last month.

    Made of `cost_recent`.
    """
    by_day = rows.cost_recent
    if unanswered(by_day):
        return missing(COST_THIS_MONTH, by_day)
    this, then = month_to_date(selection.today), same_days_last_month(selection.today)
    whole = last_month(selection.today)
    last = _spent(by_day.frame, whole)
    note = f"{whole.start:%B} in all: {COST_THIS_MONTH.short(last)}." if last is not None else ""
    return Figure(
        COST_THIS_MONTH,
        _spent(by_day.frame, this),
        _spent(by_day.frame, then),
        f"vs {then}",
        tuple(costs.total_by_day(by_day.frame, this)["cost"]),
        " ".join(filter(None, [note, costs.note(by_day, this)])),
    )


def _spent(frame: pd.DataFrame, period: Period) -> float | None:
    """What a period cost; None where no line of it has a price."""
    total = series.within(frame, period)["cost"].sum(min_count=1)
    return None if pd.isna(total) else float(total)


def versus(selection: Selection) -> str:
    """What a figure is compared with, in words."""
    return f"vs {selection.compared}" if selection.compared else ""


def _only(answer: Answer, column: str) -> float | None:
    values: Sequence[float] = list(answer.frame[column].dropna())
    return float(values[0]) if values else None


def _daily(answer: Answer, column: str, period: Period) -> tuple[float, ...]:
    if answer.state != "ready":
        return ()
    return tuple(series.daily(answer.frame, period, column)[column].astype("float64"))


def cost(rows: Rows, selection: Selection) -> Figure:
    """What the period cost, against the compared one.

    Made of `cost_by_day`, which reaches back to the compared period.
    """
    answer = rows.cost_by_day
    if unanswered(answer):
        return missing(COST, answer)
    then = selection.compared
    return Figure(
        COST,
        _spent(answer.frame, selection.period),
        _spent(answer.frame, then) if then else None,
        versus(selection),
        tuple(costs.total_by_day(answer.frame, selection.period)["cost"]),
        costs.note(answer, selection.period),
    )


def daily_burn(seen: Outlook | None) -> Figure:
    """The mean of the last 7 complete days, with that of 30 beside it."""
    week, month = (seen.burn(days) for days in (7, 30)) if seen else (None, None)
    note = f"{DAILY_BURN.short(month)} over 30 days." if month is not None else ""
    return Figure(DAILY_BURN, week, note=note if week is not None else NEEDS_DAYS)


def month_end(seen: Outlook | None) -> Figure:
    """What the month may come to: the forecast with its band, else the run rate."""
    if seen is None:
        return Figure(MONTH_END, None, note="Nothing was spent in the last weeks.")
    month, words = seen.month, MONTH_END.short
    if month.forecast is None:
        return Figure(MONTH_END, month.run_rate, note=month.no_run_rate or "By the run rate.")
    band = f"{words(month.low80)} to {words(month.high80)} in 4 of 5 cases"
    rate = f"; by the run rate {words(month.run_rate)}" if month.run_rate is not None else ""
    return Figure(MONTH_END, month.forecast, note=f"{band}{rate}.")


def budgets_in_danger(found: Sequence[Standing]) -> Figure:
    """How many budgets are over or at risk, of how many that are known."""
    known = [standing for standing in found if standing.status != "unknown"]
    if not known:
        return Figure(BUDGETS_IN_DANGER, None, note="No budget is set.")
    danger = sum(standing.status in ("over", "at risk") for standing in known)
    return Figure(BUDGETS_IN_DANGER, float(danger), note=f"Of {len(known)} budgets this month.")


def teams(by_team: Answer) -> Figure:
    """How many teams have members, and how many members a team has on the average."""
    if unanswered(by_team):
        return missing(TEAMS, by_team)
    count, members = len(by_team.frame), int(by_team.frame["members"].sum())
    note = f"{members} memberships, {members / count:.1f} a team." if count else ""
    return Figure(TEAMS, float(count), note=note)


def signups(rows: Rows, selection: Selection) -> Figure:
    """How many accounts were created in the period; made of `signups_by_day`."""
    by_day = rows.signups_by_day
    if unanswered(by_day):
        return missing(SIGNUPS, by_day)
    trend = series.daily(by_day.frame, selection.period, "signups")["signups"].astype("float64")
    return Figure(SIGNUPS, float(by_day.frame["signups"].sum()), trend=tuple(trend))
