"""Figures of people: active users, teams, members, deliverables and signups."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import pandas as pd

from meaux.query import first_records, queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY, EARLIEST
from meaux.subjects.figure import Reading, daily_values, figure, of_today, only, total
from meaux.subjects.people.frames import ActiveByDay, SignupsByDay
from meaux.subjects.people.metrics import ACTIVE_MEMBERS, ACTIVE_USERS, DELIVERABLES, SIGNUPS, TEAMS
from meaux.subjects.people.teams import Completed, Members, Memberships, Teams
from meaux.wording import counted


def _distinct(active: pd.DataFrame) -> float | None:
    """Count the distinct people of `active_people_by_day`, or read it from `active_people`."""
    if "first_seen" in active:
        return float(active["first_seen"].sum())
    return only(active, "active_users")


@figure(
    ACTIVE_USERS,
    _distinct,
    recorded=first_records.PRESENCE,
    against=queries.active_people,
    more="Team performance",
)
def active_users(by_day: ActiveByDay, selection: Selection) -> Reading:
    """Return how many distinct people were active in the period."""
    return Reading(trend=daily_values(by_day, "active_users", selection.period))


@figure(TEAMS, more="Team performance")
def teams(listed: Teams, members: Members, selection: Selection) -> Reading:
    """Return how many teams there are, compared with the day before the period."""
    count, start = len(listed.frame), selection.period.start
    note = "" if selection.people else _memberships(listed, members)
    if start <= EARLIEST or listed.without.keys() & {"team", "team.created"}:
        return Reading(float(count), note=note)
    added = int((listed.frame["created"] >= pd.Timestamp(start)).sum())
    versus = f"vs {Period(start - DAY, start)}"
    return of_today(Reading(float(count), float(count - added), versus, note=note), selection)


def _memberships(listed: Answer, members: Answer) -> str:
    """Return a sentence that counts the memberships; empty if there are none."""
    teams, memberships = len(listed.frame), int(members.frame["members"].sum())
    if not (teams and memberships):
        return ""
    return f"{counted(memberships, 'membership')}, {memberships / teams:.1f} per team."


def _active_of(memberships: pd.DataFrame) -> float:
    """Count the distinct people who were active."""
    return float(memberships.loc[memberships["active"] == 1, "person"].nunique())


@figure(ACTIVE_MEMBERS, _active_of, recorded=first_records.PRESENCE)
def active_members(memberships: Memberships) -> Reading:
    """Return how many team members were active in the period; the note counts all members."""
    return Reading(note=f"Of {counted(memberships.frame['person'].nunique(), 'member')}.")


def dated(done: Completed) -> Answer:
    """Add `day`, the day of completion, to the completed milestones."""
    return replace(done, frame=done.frame.assign(day=done.frame["completed"]))


def _count(milestones: pd.DataFrame) -> float:
    """Count the completed milestones."""
    return float(milestones["completed"].notna().sum())


@figure(DELIVERABLES, _count, recorded=["milestone"], against=queries.deliverables)
def deliverables(done: Annotated[Answer, dated], selection: Selection) -> Reading:
    """Return how many milestones were completed in the period."""
    each = done.frame.assign(deliverables=1)
    trend = series.daily(each, selection.period, "deliverables")["deliverables"]
    return Reading(trend=tuple(trend.astype("float64")))


@figure(SIGNUPS, total("signups"), recorded=["person"])
def signups(by_day: SignupsByDay, selection: Selection) -> Reading:
    """Return how many accounts were created in the period, and in the comparison period."""
    trend = series.daily(by_day.frame, selection.period, "signups")["signups"]
    return Reading(trend=tuple(trend.astype("float64")))
