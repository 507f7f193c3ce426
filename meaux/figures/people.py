"""People: who is there, and who is new."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from meaux import history, series
from meaux.answers import Rows
from meaux.figures.bag import compared, missing, of_today, unanswered
from meaux.figures.figure import Figure, daily_values, only
from meaux.filters import Period, Selection
from meaux.filters.period import DAY, EARLIEST
from meaux.metrics.people import ACTIVE_MEMBERS, ACTIVE_USERS, DELIVERABLES, SIGNUPS, TEAMS
from meaux.teams import completed
from meaux.wording import counted


def active_users(rows: Rows, selection: Selection) -> Figure:
    """How many distinct people were active in the period.

    Made of `active_people`, `active_people_by_day` and `active_people_before`.
    """
    total, by_day, before = rows.active_people, rows.active_people_by_day, rows.active_people_before
    if unanswered(total):
        return missing(ACTIVE_USERS, total)
    figure = Figure(
        ACTIVE_USERS,
        only(total.frame, "active_users"),
        trend=daily_values(by_day, "active_users", selection.period),
    )
    users = partial(only, column="active_users")
    return compared(figure, rows, selection, history.PRESENCE, users, total, before)


def teams(rows: Rows, selection: Selection) -> Figure:
    """How many teams there are, and how many of them there were before the period.

    Made of `team_list` and `members_by_team`.
    """
    listed, start = rows.team_list, selection.period.start
    if unanswered(listed):
        return missing(TEAMS, listed)
    count, note = len(listed.frame), "" if selection.people else _memberships(rows)
    if start <= EARLIEST or listed.without.keys() & {"team", "team.created"}:
        return Figure(TEAMS, float(count), note=note)
    added = int((listed.frame["created"] >= pd.Timestamp(start)).sum())
    versus = f"vs {Period(start - DAY, start)}"
    figure = Figure(TEAMS, float(count), float(count - added), versus, note=note)
    return of_today(figure, selection)


def _memberships(rows: Rows) -> str:
    """A sentence that counts the memberships; empty where there are none to count."""
    teams, members = len(rows.team_list.frame), int(rows.members_by_team.frame["members"].sum())
    if not (teams and members):
        return ""
    return f"{counted(members, 'membership')}, {members / teams:.1f} a team."


def active_members(rows: Rows, selection: Selection) -> Figure:
    """How many members of teams were active in the period, of how many there are.

    Made of `memberships` and `memberships_before`.
    """
    now, before = rows.memberships, rows.memberships_before
    if unanswered(now):
        return missing(ACTIVE_MEMBERS, now)
    members = now.frame["person"].nunique()
    note = f"Of {counted(members, 'member')}."
    figure = Figure(ACTIVE_MEMBERS, _active(now.frame), note=note)
    return compared(figure, rows, selection, history.PRESENCE, _active, now, before)


def _active(memberships: pd.DataFrame) -> float:
    """How many distinct people of these were active."""
    return float(memberships.loc[memberships["active"] == 1, "person"].nunique())


def deliverables(rows: Rows, selection: Selection) -> Figure:
    """How many milestones were completed in the period.

    Made of `deliverables` and `deliverables_before`.
    """
    now, before = completed(rows.deliverables), rows.deliverables_before
    if unanswered(now):
        return missing(DELIVERABLES, now)
    then = completed(before) if before else None
    days = replace(now, frame=now.frame.rename(columns={"completed": "day"}).assign(deliverables=1))
    each = series.daily(days.frame, selection.period, "deliverables")["deliverables"]
    figure = Figure(DELIVERABLES, float(len(now.frame)), trend=tuple(each.astype("float64")))
    return compared(figure, rows, selection, ["milestone"], _count, days, then)


def _count(frame: pd.DataFrame) -> float:
    return float(len(frame))


def signups(rows: Rows, selection: Selection) -> Figure:
    """How many accounts were created in the period, against the compared one.

    Made of `signups_by_day` and `signups_by_day_before`.
    """
    by_day, before = rows.signups_by_day, rows.signups_by_day_before
    if unanswered(by_day):
        return missing(SIGNUPS, by_day)
    trend = series.daily(by_day.frame, selection.period, "signups")["signups"].astype("float64")
    figure = Figure(SIGNUPS, _signups(by_day.frame), trend=tuple(trend))
    return compared(figure, rows, selection, ["person"], _signups, by_day, before)


def _signups(frame: pd.DataFrame) -> float:
    return float(frame["signups"].sum())
