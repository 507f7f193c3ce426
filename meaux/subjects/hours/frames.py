"""Frames of hours: by day, project, person and hour of the week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.data.plan import Plan
from meaux.data.readers import WEEKDAYS
from meaux.data.schema.vocabulary import NOBODY, UNASSIGNED
from meaux.query import queries, series
from meaux.query.answers import Answer, Ask
from meaux.query.collation import by_name, unique_names
from meaux.query.filters import Selection
from meaux.query.needs import asking, choosing, compared, recorded
from meaux.query.queries import Query
from meaux.query.queries.visible import OTHERS
from meaux.query.ranking import top_with_rest
from meaux.wording import counted, day_of, enumerated, hours_of

BILLABLE, NON_BILLABLE, UNSPECIFIED = KINDS = ("Billable", "Non-billable", "Unspecified")
"""The billable states of an entry, in the order of the charts."""

CLOCK = tuple(f"{hour:02}" for hour in range(24))
"""The hours of a day, as the heatmap names them."""

PROJECTS_SHOWN = 12
PEOPLE_SHOWN = 30
"""How many bars a chart has; the others share one more."""

DAYS_IN_A_TIMESHEET = 31
"""The timesheet of a longer period has a column per week."""

PARTS = ["hours", "billable", "non_billable", "priced", "cost", "entries"]
"""The columns to sum per person."""

TOTAL = "Total"
PROJECTS_ONLY = "Hours cover the selected projects only; capacity isn't filtered."

NAMED = 3
"""How many ids a sentence names."""

NO_ID = ""
"""The id of entries without a person."""

WORTH_A_WORD = 0.05
"""Fewer hours are never mentioned: with one decimal they read as 0.0."""

ByDay = Annotated[Answer, asking(queries.hours_by_day)]
Before = Annotated[Answer | None, compared(queries.hours_by_day)]
FirstEntry = Annotated[date | None, recorded("time_entry")]
ByProject = Annotated[Answer, asking(queries.hours_by_project)]
ByWeekdayHour = Annotated[Answer, asking(queries.hours_by_weekday_hour)]

Choices = Annotated[Answer, asking(queries.person_choices)]
"""Everybody who can be selected in the filters."""


@dataclass(frozen=True)
class WorkingTime:
    """The capacity of one person so far: working days, and hours per working day."""

    days: int
    hours_per_day: float

    @property
    def hours(self) -> float:
        """The capacity in hours; NaN without working days."""
        return self.days * self.hours_per_day if self.days else float("nan")

    @property
    def words(self) -> str:
        """The capacity as its two factors."""
        days = counted(self.days, "working day")
        return f"{days} \N{MULTIPLICATION SIGN} {self.hours_per_day:g} h"


def working_time(by_day: ByDay, plan: Plan) -> WorkingTime:
    """Count the working days of the period up to today; "all" begins with the first entry."""
    selection, capacity = by_day.selection, plan.capacity
    period = series.since_recorded(selection.period, by_day.frame)
    names = [WEEKDAYS[day.weekday()] for day in period if day <= selection.today]
    return WorkingTime(sum(name in capacity.working_days for name in names), capacity.hours_per_day)


Working = Annotated[WorkingTime, working_time]


def narrowed(selection: Selection) -> str:
    """Return a sentence if filters narrow the hours but not the capacity; else nothing."""
    return PROJECTS_ONLY if selection.teams or selection.projects else ""


def trend(answer: Answer, selection: Selection) -> Answer:
    """Return hours by billable state over time.

    Columns: day, billable, hours, partial, ongoing.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        met = [kind for kind in KINDS if kind in set(frame["billable"][frame["entries"] > 0])]
        return series.over_time(frame, "hours", selection, "billable", met)

    return answer.map(shape)


def by_day(answer: Answer) -> Answer:
    """Return the hours of each day, billable or not: day, hours, entries."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.groupby("day", as_index=False)[["hours", "entries"]].sum()

    return answer.map(shape)


def ghost(before: Before, first: FirstEntry, selection: Selection) -> pd.DataFrame | None:
    """Return the hours of each comparison day, on the day it is compared with; only by day.

    Days before the very first entry are unknown and left out. Columns: day, hours, actual_day.
    """
    comparison = selection.comparison
    if comparison is None or before is None or before.state != "ready":
        return None
    if selection.drawn_grain != "day":
        return None
    days = series.daily(before.frame, comparison.then, "hours")
    return series.aligned(days, "hours", comparison, first)


Ghost = Annotated[pd.DataFrame | None, ghost]


def beside(trend: pd.DataFrame, ghost: pd.DataFrame | None) -> pd.DataFrame:
    """Return the chart as one table: the first row of each day holds its comparison day.

    Adds `compared_day` and `hours_before` if the comparison period is drawn.
    """
    if ghost is None:
        return trend
    names = {"actual_day": "compared_day", "hours": "hours_before"}
    before = ghost[["day", *names]].rename(columns=names)
    return series.beside(trend, ~trend["day"].duplicated(), before)


def by_project(answer: Answer) -> Answer:
    """Return every project, most hours first.

    Columns: project (an id), name, color, hours, hours_share, entries.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.assign(
            name=unique_names(frame["project"], frame["name"], UNASSIGNED),
            hours_share=frame["hours"] / frame["hours"].sum(),
        ).sort_values("hours", ascending=False, ignore_index=True)
        return named[["project", "name", "color", "hours", "hours_share", "entries"]]

    return answer.map(shape)


def largest(projects: Answer) -> Answer:
    """Return the projects with most hours, Unassigned, and one row for all others.

    The columns are those of `by_project`; all rows add up to the total.
    """
    sums = ["hours", "hours_share", "entries"]
    return projects.map(
        lambda frame: top_with_rest(frame, PROJECTS_SHOWN, sums, frame["project"].isna())
    )


def by_weekday_hour(answer: Answer) -> Answer:
    """Return hours by hour of the week: weekday (`Mon`), hour (`09`), hours."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(
            weekday=frame["weekday"].map(dict(enumerate(WEEKDAYS))),
            hour=frame["hour"].map(dict(enumerate(CLOCK))),
        )

    return answer.map(shape)


def untimed(by_weekday_hour: Answer, by_day: Answer) -> str:
    """Return a sentence on the hours of entries without a time of day; empty for none."""
    if by_weekday_hour.state not in ("ready", "empty"):
        return ""
    missing = by_day.frame["hours"].sum() - by_weekday_hour.frame["hours"].sum()
    if missing < WORTH_A_WORD:
        return ""
    return f"{hours_of(missing)} left out: entries without a time of day."


def people_query(selection: Selection) -> Query:
    """Return the query for each person's hours: by day, or by week if the period is long."""
    if selection.period.days <= DAYS_IN_A_TIMESHEET:
        return queries.hours_by_person_day
    return queries.hours_by_person_week


ByPerson = Annotated[
    Answer,
    choosing(
        lambda request: Ask(people_query(request.selection), request.selection),
        queries.hours_by_person_day,
        queries.hours_by_person_week,
    ),
]


def people(lines: ByPerson) -> Answer:
    """Return the rows of `people_query` with unique names: a shared one gets the person's id."""
    return lines.map(
        lambda frame: frame.assign(name=unique_names(frame["person"], frame["name"], NOBODY))
    )


People = Annotated[Answer, people]


def by_person(worked: Answer) -> Answer:
    """Return each person's hours by billable state, A to Z: name, billable, hours.

    If there are too many people, those with fewer hours share the last bar.
    """
    others = counted(worked.frame["name"].nunique() - PEOPLE_SHOWN, "other")

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        kept = frame["name"].isin(_busiest(frame))
        folded = frame.assign(name=frame["name"].where(kept, others))
        kinds = ["billable", "non_billable", "unspecified"]
        summed = folded.groupby("name")[kinds].sum().set_axis(KINDS, axis=1).reset_index()
        parts = summed.melt("name", var_name="billable", value_name="hours")
        return _alphabetical(parts[parts["hours"] > 0], others)

    return worked.map(shape)


def _busiest(frame: pd.DataFrame) -> pd.Index:
    """Return the names of the people with most hours, as many as a chart has room for."""
    return frame.groupby("name")["hours"].sum().nlargest(PEOPLE_SHOWN).index


def busiest(worked: Answer) -> Answer:
    """Keep the people with most hours, as many as a chart has room for."""
    return worked.map(lambda frame: frame[frame["name"].isin(_busiest(frame))])


def left_out(worked: Answer) -> str:
    """Return a sentence if `busiest` leaves people out; else nothing."""
    count = worked.frame["name"].nunique()
    more = count > PEOPLE_SHOWN
    return f"Top {PEOPLE_SHOWN} of {count} people by hours." if more else ""


def _alphabetical(frame: pd.DataFrame, *last: str) -> pd.DataFrame:
    """Sort the rows by name; the row without a person and the names in `last` come last."""
    return by_name(frame, NOBODY, *last).reset_index(drop=True)


def by_week(worked: Answer) -> Answer:
    """Return each person's hours per week, A to Z: name, week (its Monday), hours."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        monday = frame["day"].dt.to_period(series.ANCHORS["week"]).dt.start_time
        weeks = frame.assign(week=monday.dt.strftime("%Y-%m-%d"))
        return _alphabetical(weeks.groupby(["name", "week"])[["hours"]].sum().reset_index())

    return worked.map(shape)


def productivity(worked: Answer, working: WorkingTime) -> Answer:
    """Return hours, utilisation, billable ratio and effective rate per person, A to Z.

    Columns: name, hours, capacity (hours), utilisation, billable_ratio, effective_rate, hours_cost,
    entries. A ratio is unknown if its denominator is.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        found = frame.groupby("name")[PARTS].sum(min_count=1).reset_index()
        said = _known(found["billable"] + found["non_billable"])
        capacity = pd.Series(working.hours, found.index).mask(found["name"] == NOBODY)
        return _alphabetical(
            pd.DataFrame(
                {
                    "name": found["name"],
                    "hours": found["hours"],
                    "capacity": capacity,
                    "utilisation": found["billable"].where(said.notna()) / capacity,
                    "billable_ratio": found["billable"] / said,
                    "effective_rate": found["cost"] / _known(found["priced"]),
                    "hours_cost": found["cost"],
                    "entries": found["entries"],
                }
            )
        )

    return worked.map(shape)


def _known(hours: pd.Series) -> pd.Series:
    """Return the hours that can be divided by: those above zero."""
    return hours.where(hours > 0)


def timesheet(worked: Answer, by_day: Answer) -> Answer:
    """Return a row per person and a column per day, or per week by its Monday.

    Columns: name, hours (total of the row), then `Sun 22 Nov` or `Week of 16 Nov 2026`. The first
    row is the total, so that it is in sight. A cell without hours is empty.
    """
    daily = people_query(worked.selection) is queries.hours_by_person_day
    spans = columns(by_day, "day" if daily else "week")
    partial = [] if daily else partial_weeks(by_day)
    heads = {span: _of_span(span, daily=daily, partial=span in partial) for span in spans}

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        dated = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d"))
        wide = dated.pivot_table("hours", "name", "day", aggfunc="sum").reindex(columns=spans)
        wide.columns.name = None
        total = wide.sum(min_count=1).rename(TOTAL).to_frame().T
        lines = [total.reset_index(names="name"), _alphabetical(wide.reset_index(names="name"))]
        table = pd.concat(lines, ignore_index=True)
        table.insert(1, "hours", table[spans].sum(axis=1))
        return table.rename(columns=heads)

    return worked.map(shape)


def _of_span(first: str, *, daily: bool, partial: bool) -> str:
    """Return the heading of a timesheet column, from its first day in ISO form."""
    day = date.fromisoformat(first)
    if daily:
        return f"{day:%a} {day_of(day, year=False)}"
    return f"Week of {day_of(day)}{', partial' if partial else ''}"


def columns(by_day: Answer, grain: str) -> list[str]:
    """Return the days of the period, or the Mondays of its weeks, in ISO form."""
    period = series.since_recorded(by_day.selection.period, by_day.frame)
    spans = pd.period_range(period.start, period.last, freq=series.ANCHORS[grain])
    return [f"{span.start_time:%Y-%m-%d}" for span in spans]


def partial_weeks(by_day: Answer) -> list[str]:
    """Return the Mondays of partial weeks, in ISO form: still running, or cut by the period."""
    weeks = series.steps(replace(by_day.selection, grain="week"), by_day.frame)
    return [f"{monday:%Y-%m-%d}" for monday in weeks.loc[weeks["partial"], "day"]]


def unlisted(known: Answer, *answers: Answer) -> str:
    """Return a sentence that names the user ids without a row in `person_choices`.

    Empty if there are none, or if no users are known at all.
    """
    if known.state != "ready":
        return ""
    met = pd.concat([answer.frame["person"] for answer in answers]).dropna().unique()
    strange = sorted(set(met) - {NO_ID, OTHERS["person"], *known.frame["id"]})
    if not strange:
        return ""
    users = known.sources.get("person", "users")
    if len(strange) > NAMED:
        return f"{len(strange):,} user ids not found in {users}."
    return f"{enumerated(strange)} not found in {users}."
