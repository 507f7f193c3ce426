"""Frames of teams: their measures, load balance and deliverables.

Hours, cost and deliverables of a team are those of its projects, so that all teams and "No team"
add up to the company's. Its active members are its own members, whatever projects they worked in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import pandas as pd

from meaux.data.schema import vocabulary
from meaux.query import collation, queries, series
from meaux.query.answers import Answer, made_of, of_each, without_answer
from meaux.query.collation import by_name, unique_names
from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.query.needs import asking
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.people.metrics import (
    ACTIVE_MEMBERS,
    DELIVERY,
    MEMBER_SHARE,
    TEAM_COST,
    TEAM_DELIVERABLES,
    TEAM_HOURS,
)
from meaux.subjects.projects.frames import ByTeam, archived_too, unarchived
from meaux.subjects.projects.metrics import STANDING_PROJECTS
from meaux.wording import hours_of, percent, sentences

COUNTED = "Time is what anyone, member or not, logged on a team's projects."
NONE = ""
"""The key of rows without a team."""

OF_PROJECTS = ("project", "project.team")
"""What a row needs to belong to a team through its project."""

COMPARED = {
    "Time": TEAM_HOURS,
    "Cost": TEAM_COST,
    "Deliverables": TEAM_DELIVERABLES,
    "Members": ACTIVE_MEMBERS,
    "Projects": STANDING_PROJECTS,
}
"""The measures to compare teams by, and their labels."""

OVERDUE, OPEN, COMPLETED = STATES = ("Overdue", "Open", "Completed")
"""The states of a deliverable, the most pressing first."""

Teams = Annotated[Answer, asking(queries.team_list)]
Members = Annotated[Answer, asking(queries.members_by_team)]
Memberships = Annotated[Answer, asking(queries.memberships)]
Deliverables = Annotated[Answer, asking(queries.deliverables)]
WeeklyWork = Annotated[Answer, asking(queries.weekly_work)]


def measures(
    work: WeeklyWork,
    cost: costs.ByProject,
    deliverables: Deliverables,
    memberships: Memberships,
    projects: ByTeam,
) -> dict[Metric, tuple[Answer, pd.Series]]:
    """Return for each metric its answer, and its value by team."""
    work = of_projects(work)
    cost = cost.require(*OF_PROJECTS)
    done = completed(deliverables.require(*OF_PROJECTS))
    return {
        TEAM_HOURS: (work, _by_team(work.frame, "hours")),
        TEAM_COST: (cost, _by_team(cost.frame, "cost")),
        TEAM_DELIVERABLES: (done, _by_team(done.frame.assign(n=1), "n")),
        ACTIVE_MEMBERS: (memberships, _by_team(memberships.frame, "active")),
        STANDING_PROJECTS: (projects, _by_team(unarchived(projects.frame), "projects")),
    }


def of_projects(work: Answer) -> Answer:
    """Return the hours by team, unavailable if the entries don't name a team's projects."""
    return work.require("time_entry.project", *OF_PROJECTS)


Measures = Annotated[dict[Metric, tuple[Answer, pd.Series]], measures]


def _by_team(frame: pd.DataFrame, column: str) -> pd.Series:
    """Sum a column by the key of the team."""
    return frame.groupby(frame["team"].fillna(NONE))[column].sum(min_count=1).astype("float64")


def measured(
    measures: Measures, listed: Teams, projects: ByTeam, memberships: Memberships
) -> Answer:
    """Return every team with its measures, A to Z; "No team" comes last.

    Columns: team (its id), name, color, members, and the metrics of `compared`. A value that the
    database doesn't record is unknown.
    """
    members = memberships, _by_team(memberships.frame.assign(n=1), "n")
    teamless = any(NONE in values for _, values in measures.values())
    teams = _known(listed, projects, teamless=teamless)
    found = {metric.name: of_each(teams.index, *measure) for metric, measure in measures.items()}
    frame = teams.assign(members=of_each(teams.index, *members), **found)
    frame.loc[frame.index == NONE, ["members", ACTIVE_MEMBERS.name]] = float("nan")
    return made_of((answer for answer, _ in measures.values()), frame.reset_index())


Measured = Annotated[Answer, measured]


def gaps(measures: Measures, cost: costs.ByProject, projects: ByTeam) -> str:
    """Return sentences on what the teams of `measured` lack; empty if nothing is missing."""
    told = {metric: answer for metric, (answer, _) in measures.items()}
    return sentences(
        COUNTED if told[TEAM_HOURS].state == "ready" else "",
        without_answer(
            time=told[TEAM_HOURS],
            cost=told[TEAM_COST],
            deliverables=told[TEAM_DELIVERABLES],
            members=told[ACTIVE_MEMBERS],
            projects=told[STANDING_PROJECTS],
        ),
        Ledger(cost).caveats("project"),
        archived_too(projects),
    )


def compared(
    measures: Measures, teams: Measured, cost: costs.ByProject
) -> dict[str, tuple[Answer, Metric]]:
    """Return for each measure of teams, by its label, its answer and metric.

    Columns: name, color and the metric.
    """
    lacking = {TEAM_COST: Ledger(cost).gaps}

    def told(metric: Metric) -> Answer:
        answer, _ = measures[metric]
        columns = ["name", "color", metric.name]
        return answer.if_empty(lacking.get(metric, "")).map(
            lambda _: teams.frame[columns].dropna(subset=metric.name)
        )

    return {word: (told(metric), metric) for word, metric in COMPARED.items()}


Comparisons = Annotated[dict[str, tuple[Answer, Metric]], compared]


def _known(listed: Answer, projects: Answer, *, teamless: bool) -> pd.DataFrame:
    """Return every team by its key: name, color."""
    met = pd.concat([listed.frame, projects.frame])
    teams = met.dropna(subset="team").drop_duplicates("team").set_index("team")[["name", "color"]]
    named = teams.assign(name=unique_names(teams.index, teams["name"]))
    if teamless:
        named.loc[NONE] = [vocabulary.NO_TEAM, None]
    return by_name(named, vocabulary.NO_TEAM)


def names(listed: Teams, projects: ByTeam) -> pd.Series:
    """Return the name of each team by its key."""
    found: pd.Series = _known(listed, projects, teamless=True)["name"]
    return found


Names = Annotated[pd.Series, names]


def weekly(work: Answer, by: str) -> pd.DataFrame:
    """Return a column of hours per week (by its Monday), and a row per key in the column `by`.

    The weeks are those that overlap the period; "all" begins with the first entry.
    """
    keyed = work.frame.assign(key=work.frame[by].fillna(NONE))
    found = keyed.pivot_table("hours", "key", "day", aggfunc="sum", fill_value=0.0)
    if found.empty:
        return found
    period = series.since_recorded(work.selection.period, work.frame)
    first = period.start - timedelta(period.start.weekday())
    mondays = pd.date_range(first, period.last, freq="7D", unit="s")
    return found.reindex(columns=mondays, fill_value=0.0)


def balance(members: Memberships, work: WeeklyWork, names: Names) -> Answer:
    """Return each member's share of the hours that all members logged in the team's projects.

    Columns: team, name, hours, member_share, even (1 ÷ number of members). Left out: teams of one,
    and teams whose members logged no hours there.
    """
    work = work.require("time_entry.project", "time_entry.person", *OF_PROJECTS)
    logged = work.frame.groupby(["team", "person"])["hours"].sum()

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        found = frame.join(logged, on=["team", "person"]).fillna({"hours": 0.0})
        by_team = found.groupby("team")["hours"]
        whole, count = by_team.transform("sum"), by_team.transform("size")
        shares = found.assign(**{MEMBER_SHARE.name: found["hours"] / whole, "even": 1 / count})
        spread = shares[(whole > 0) & (count > 1)]
        named = spread.assign(team=spread["team"].map(names))
        ordered = named.sort_values(
            ["team", MEMBER_SHARE.name], ascending=[True, False], key=collation.keys
        )
        return ordered[["team", "name", "hours", MEMBER_SHARE.name, "even"]]

    return members.map(shape) if work.answered else work


Balance = Annotated[Answer, balance]


def least_even(balanced: Answer) -> str:
    """Return a sentence on the least even team; empty without a balance.

    Evenness is the share of hours above an even share ÷ the same share if one member logged all:
    so teams of any size compare.
    """
    if balanced.state != "ready":
        return ""
    frame = balanced.frame.reset_index(drop=True)
    share, even = frame[MEMBER_SHARE.name], frame["even"]
    above = ((share - even).clip(lower=0) / (1 - even)).groupby(frame["team"]).sum()
    team = frame[frame["team"] == above.idxmax()]
    where = "In" if len(team) == len(frame) else "The least even team is"
    most, least = team.iloc[0], team.iloc[-1]
    whole = hours_of(team["hours"].sum())
    members = f"{len(team)} members"
    return (
        f"{where} {most['team']}: {most['name']} logged {percent(most[MEMBER_SHARE.name])} and "
        f"{least['name']} {percent(least[MEMBER_SHARE.name])} of the {whole} that its {members} "
        f"logged on its projects; an even share is {percent(most['even'])}."
    )


def completed(deliverables: Deliverables) -> Answer:
    """Keep the milestones completed in the period; needs the date of completion."""
    known = deliverables.require("milestone.completed")
    return known.map(lambda frame: frame[frame["completed"].notna()])


Completed = Annotated[Answer, completed]


def delivery(milestones: Deliverables, names: Names, selection: Selection) -> Answer:
    """Return the deliverables that are open or were completed in the period, most pressing first.

    Columns: state, due, deliverable, project, team, owner, completed. An open one is neither
    completed nor given up, in a project that is not archived; past its due date it is overdue.
    """
    now = pd.Timestamp(selection.today)

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        done, late = frame["completed"].notna(), frame["due"] < now
        found = pd.DataFrame(
            {
                "state": late.map({True: OVERDUE, False: OPEN}).where(~done, COMPLETED),
                "due": frame["due"],
                "deliverable": frame["title"],
                "project": frame["project_name"],
                "team": frame["team"].fillna(NONE).map(names),
                "owner": frame["name"],
                "completed": frame["completed"],
            }
        )
        near = (frame["due"] - now).where(~done, now - frame["completed"])
        order = pd.DataFrame({"state": found["state"].map(STATES.index), "near": near})
        return found.loc[order[done | _awaited(frame)].sort_values(["state", "near"]).index]

    return milestones.map(shape)


Delivery = Annotated[Answer, delivery]


def _awaited(milestones: pd.DataFrame) -> pd.Series:
    """Mark the milestones neither done nor given up, in projects that are not archived."""
    over = milestones["status"].map(vocabulary.status).isin(["Completed", "Archived"])
    return ~over & (milestones["project_status"].map(vocabulary.status) != "Archived")


def delivery_by_team(delivered: Answer) -> Answer:
    """Count the deliverables of each team by state, A to Z: name, state, delivery."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        counted = frame.groupby(["team", "state"]).size().rename(DELIVERY.name).reset_index()
        return by_name(counted.rename(columns={"team": "name"}), vocabulary.NO_TEAM)

    return delivered.map(shape)
