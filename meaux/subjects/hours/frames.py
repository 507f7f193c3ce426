"""Hours: what was worked, by day, project, person and hour of the week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.data.plan import WEEKDAYS, Plan
from meaux.data.schema.vocabulary import NOBODY, UNASSIGNED
from meaux.query import queries, series
from meaux.query.answers import Answer, Ask
from meaux.query.collation import by_name, unique_names
from meaux.query.filters import Selection
from meaux.query.needs import asking, choosing, compared, recorded
from meaux.query.queries import Query
from meaux.query.ranking import top_with_rest
from meaux.wording import counted, enumerated, hours_of

BILLABLE, NON_BILLABLE, UNSPECIFIED = KINDS = ("Billable", "Non-billable", "Unspecified")
"""What an entry says of itself, in the order of the charts."""

CLOCK = tuple(f"{hour:02}" for hour in range(24))
"""The hours of a day, as the heatmap names them."""

PROJECTS_SHOWN = 12
PEOPLE_SHOWN = 30
"""How many bars a chart has; what is left shares one more."""

DAYS_IN_A_TIMESHEET = 31
"""A longer period has weeks in its timesheet."""

PARTS = ["hours", "billable", "non_billable", "priced", "cost", "entries"]
"""What the lines of a person add up to."""

TOTAL = "Total"
PROJECTS_ONLY = "Hours are those in the chosen projects alone, capacity is whole."

NAMED = 3
"""How many ids a sentence names."""

NO_ID = ""
"""What stands for the id of nobody."""

WORTH_A_WORD = 0.05
"""Hours below which a difference is not seen: they are shown with one digit."""

ByDay = Annotated[Answer, asking(queries.hours_by_day)]
Before = Annotated[Answer | None, compared(queries.hours_by_day)]
FirstEntry = Annotated[date | None, recorded("time_entry")]
ByProject = Annotated[Answer, asking(queries.hours_by_project)]
ByWeekdayHour = Annotated[Answer, asking(queries.hours_by_weekday_hour)]

Choices = Annotated[Answer, asking(queries.person_choices)]
"""Everybody who may be chosen in the filters."""


@dataclass(frozen=True)
class WorkingTime:
    """How long one person could have worked so far: working days, and hours on each."""

    days: int
    hours_per_day: float

    @property
    def hours(self) -> float:
        """The capacity of one person; NaN where there was no working day."""
        return self.days * self.hours_per_day if self.days else float("nan")


def working_time(by_day: ByDay, plan: Plan) -> WorkingTime:
    """The working days of the period up to today; "all" begins with the first entry."""
    selection, capacity = by_day.selection, plan.capacity
    period = series.since_recorded(selection.period, by_day.frame)
    names = [WEEKDAYS[day.weekday()] for day in period if day <= selection.today]
    return WorkingTime(sum(name in capacity.working_days for name in names), capacity.hours_per_day)


Working = Annotated[WorkingTime, working_time]


def narrowed(selection: Selection) -> str:
    """What is to be known of hours beside a capacity that the filters don't narrow; or nothing."""
    return PROJECTS_ONLY if selection.teams or selection.projects else ""


def trend(answer: Answer, selection: Selection) -> Answer:
    """Hours by whether they are billable, at the selection's grain.

    Columns: day, billable, hours, partial, ongoing.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        met = [kind for kind in KINDS if kind in set(frame["billable"][frame["entries"] > 0])]
        return series.over_time(frame, "hours", selection, "billable", met)

    return answer.map(shape)


def by_day(answer: Answer) -> Answer:
    """The hours of each day, however billable: day, hours, entries."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.groupby("day", as_index=False)[["hours", "entries"]].sum()

    return answer.map(shape)


def ghost(before: Before, first: FirstEntry, selection: Selection) -> pd.DataFrame | None:
    """The hours of each compared day, moved onto the day that it lies behind; only by day.

    What was before the first entry of all is unknown and left out. Columns: day, hours, actual_day.
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
    """All that the chart shows as one table: the compared period stands once a day, in its first.

    Adds `compared_day` and `hours_before` where it is drawn.
    """
    if ghost is None:
        return trend
    names = {"actual_day": "compared_day", "hours": "hours_before"}
    before = ghost[["day", *names]].rename(columns=names)
    return series.beside(trend, ~trend["day"].duplicated(), before)


def by_project(answer: Answer) -> Answer:
    """Every project, most hours first.

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
    """The projects with most hours, what is unassigned, and the others in one.

    The columns are those of `by_project`; all lines add up to the whole.
    """
    sums = ["hours", "hours_share", "entries"]
    return projects.map(
        lambda frame: top_with_rest(frame, PROJECTS_SHOWN, sums, frame["project"].isna())
    )


def by_weekday_hour(answer: Answer) -> Answer:
    """Hours by hour of the week: weekday (`Mon`), hour (`09`), hours."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(
            weekday=frame["weekday"].map(dict(enumerate(WEEKDAYS))),
            hour=frame["hour"].map(dict(enumerate(CLOCK))),
        )

    return answer.map(shape)


def untimed(by_weekday_hour: Answer, by_day: Answer) -> str:
    """A sentence on the hours of entries that have a date and no time of day; empty for none."""
    if by_weekday_hour.state not in ("ready", "empty"):
        return ""
    missing = by_day.frame["hours"].sum() - by_weekday_hour.frame["hours"].sum()
    return f"{hours_of(missing)} have a date and no time of day." if missing >= WORTH_A_WORD else ""


def people_query(selection: Selection) -> Query:
    """What each person worked: by day, or by week where the period is long."""
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
    """The lines of `people_query` by name: people who share one are told apart."""
    return lines.map(
        lambda frame: frame.assign(name=unique_names(frame["person"], frame["name"], NOBODY))
    )


People = Annotated[Answer, people]


def by_person(worked: Answer) -> Answer:
    """Each person's hours by whether they are billable, by name: name, billable, hours.

    Where there are too many, those with fewer hours share the
    last bar.
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
    """The names of the people with most hours, as many as a chart has room for."""
    return frame.groupby("name")["hours"].sum().nlargest(PEOPLE_SHOWN).index


def busiest(worked: Answer) -> Answer:
    """The lines of the people with most hours only, as many as a chart has room for."""
    return worked.map(lambda frame: frame[frame["name"].isin(_busiest(frame))])


def left_out(worked: Answer) -> str:
    """A sentence on the people whom `busiest` leaves out; empty for none."""
    count = worked.frame["name"].nunique()
    more = count > PEOPLE_SHOWN
    return f"The {PEOPLE_SHOWN} of {count} people who logged most." if more else ""


def _alphabetical(frame: pd.DataFrame, *last: str) -> pd.DataFrame:
    """The lines by name, then nobody's and those of the last names."""
    return by_name(frame, NOBODY, *last).reset_index(drop=True)


def by_week(worked: Answer) -> Answer:
    """Each person's hours in each week, by name: name, week (its Monday), hours."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        monday = frame["day"].dt.to_period(series.ANCHORS["week"]).dt.start_time
        weeks = frame.assign(week=monday.dt.strftime("%Y-%m-%d"))
        return _alphabetical(weeks.groupby(["name", "week"])[["hours"]].sum().reset_index())

    return worked.map(shape)


def productivity(worked: Answer, working: WorkingTime) -> Answer:
    """Each person's hours with what they were worth, by name.

    Columns: name, hours, capacity (hours), utilisation, billable_ratio, effective_rate, hours_cost,
    entries. A ratio is unknown where nothing is known of what it is a part of.
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
    """What can be divided by: hours above zero."""
    return hours.where(hours > 0)


def timesheet(worked: Answer, by_day: Answer) -> Answer:
    """A line a person and a column a day, or a week by its Monday, in ISO form.

    Columns: name, hours (all of the line), then the days, headed with their unit; the first line
    is the total, so that it is in sight. Where nothing was logged, nothing stands.
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
    """How a column of the timesheet is headed, by its first day in ISO form."""
    if daily:
        return f"{first} (h)"
    return f"Week of {first}{', partial' if partial else ''} (h)"


def columns(by_day: Answer, grain: str) -> list[str]:
    """The days of the period, or its weeks by their Mondays, in ISO form."""
    period = series.since_recorded(by_day.selection.period, by_day.frame)
    spans = pd.period_range(period.start, period.last, freq=series.ANCHORS[grain])
    return [f"{span.start_time:%Y-%m-%d}" for span in spans]


def partial_weeks(by_day: Answer) -> list[str]:
    """The Mondays, in ISO form, of the weeks that are not over or not wholly in the period."""
    weeks = series.steps(replace(by_day.selection, grain="week"), by_day.frame)
    return [f"{monday:%Y-%m-%d}" for monday in weeks.loc[weeks["partial"], "day"]]


def unlisted(known: Answer, *answers: Answer) -> str:
    """A sentence on whom the answers name by an id alone, being in no row of `person_choices`.

    Empty for nobody, and where no users are known at all.
    """
    if known.state != "ready":
        return ""
    met = pd.concat([answer.frame["person"] for answer in answers]).dropna().unique()
    strange = sorted(set(met) - {NO_ID, *known.frame["id"]})
    if not strange:
        return ""
    users = known.sources.get("person", "users")
    if len(strange) > NAMED:
        return f"{len(strange):,} ids have no row in {users}."
    stand = "stands for a user that isn't" if len(strange) == 1 else "stand for users that aren't"
    return f"{enumerated(strange)} {stand} in {users}."
