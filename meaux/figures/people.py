"""People: who is there, and who is new."""

from __future__ import annotations

from meaux import history, series
from meaux.answers import Answer, Rows
from meaux.figures.figure import (
    Figure,
    daily_values,
    missing,
    only,
    unanswered,
    versus,
    where_recorded,
)
from meaux.filters import Selection
from meaux.metrics.people import ACTIVE_USERS, SIGNUPS, TEAMS


def active_users(rows: Rows, selection: Selection) -> Figure:
    """How many distinct people were active in the period.

    Made of `active_people`, `active_people_by_day` and `active_people_before`.
    """
    total, by_day, before = rows.active_people, rows.active_people_by_day, rows.active_people_before
    if unanswered(total):
        return missing(ACTIVE_USERS, total)
    figure = Figure(
        ACTIVE_USERS,
        only(total, "active_users"),
        only(before, "active_users") if before else None,
        versus(selection),
        daily_values(by_day, "active_users", selection.period),
    )
    return where_recorded(figure, rows, selection.compared, history.PRESENCE)


def teams(by_team: Answer) -> Figure:
    """How many teams have members, and how many members a team has on the average."""
    if unanswered(by_team):
        return missing(TEAMS, by_team)
    count, members = len(by_team.frame), int(by_team.frame["members"].sum())
    note = f"{members} memberships, {members / count:.1f} a team." if count else ""
    return Figure(TEAMS, float(count), note=note)


def signups(rows: Rows, selection: Selection) -> Figure:
    """How many accounts were created in the period, against the compared one.

    Made of `signups_by_day` and `signups_by_day_before`.
    """
    by_day, before = rows.signups_by_day, rows.signups_by_day_before
    if unanswered(by_day):
        return missing(SIGNUPS, by_day)
    trend = series.daily(by_day.frame, selection.period, "signups")["signups"].astype("float64")
    figure = Figure(
        SIGNUPS,
        float(by_day.frame["signups"].sum()),
        float(before.frame["signups"].sum()) if before and not unanswered(before) else None,
        versus(selection),
        tuple(trend),
    )
    return where_recorded(figure, rows, selection.compared, ["person"])
