"""Frames of people: contributions, time allocation, project assignments and workload."""

from __future__ import annotations

from typing import Annotated

import pandas as pd

from meaux.data.categories import AI
from meaux.data.schema import vocabulary
from meaux.data.schema.vocabulary import NOBODY, UNASSIGNED
from meaux.query import collation, queries
from meaux.query.answers import Answer, made_of, of_each, without_answer
from meaux.query.collation import by_name, unique_names
from meaux.query.needs import asking
from meaux.query.queries.visible import OTHERS
from meaux.subjects.hours.frames import WORTH_A_WORD, Working
from meaux.subjects.hours.metrics import BILLABLE_RATIO, HOURS
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.people import teams
from meaux.subjects.people.metrics import (
    CLASSIFIED_HOURS,
    DELIVERABLES,
    PERSON_AI_COST,
    PERSON_COST,
    PROJECTS_WORKED,
)
from meaux.subjects.people.teams import NONE, Deliverables, Memberships, Names, WeeklyWork
from meaux.wording import counted, sentences

WEEK = "Hours, week of "
"""The prefix of a column with a week's hours; its Monday follows."""

ASSIGNED, NOT_ASSIGNED = "assigned", "not assigned"
"""The role of a member without a recorded role, and of somebody with hours only."""

PAIR = ["person", "project"]
IN_ORDER = (
    HOURS.name,
    BILLABLE_RATIO.name,
    PERSON_COST.name,
    PERSON_AI_COST.name,
    DELIVERABLES.name,
    PROJECTS_WORKED.name,
    "teams",
    CLASSIFIED_HOURS.name,
)
"""The columns of a person's contributions: what they did first, the base of a ratio last."""

ActiveByDay = Annotated[Answer, asking(queries.active_people_by_day)]
SignupsByDay = Annotated[Answer, asking(queries.signups_by_day)]
Assignments = Annotated[Answer, asking(queries.assignments)]


def signed_up(latest: Answer) -> Answer:
    """Keep the day of the signups only if a time of day is unknown: day, at, name, email."""
    return latest.map(
        lambda frame: frame.drop(columns="day") if frame["at"].notna().all() else frame
    )


def contributions(
    work: WeeklyWork,
    cost: costs.ByPerson,
    deliverables: Deliverables,
    memberships: Memberships,
    names: Names,
) -> Answer:
    """Return what each person contributes, A to Z; the row without a person comes last.

    Columns: person (the id), name, hours, billable_ratio, person_cost, person_ai_cost,
    deliverables, projects_worked, teams (their names), classified_hours, and the hours of each
    week. A value that the database doesn't record is unknown.
    """
    work = work.require("time_entry.person")
    done = teams.completed(deliverables.require("milestone.person"))
    people = _known(work, cost, done, memberships)
    columns = _worked(people.index, work) | _spent(people.index, cost)
    columns |= {"teams": _teams(people.index, memberships, names)}
    columns[DELIVERABLES.name] = of_each(
        people.index, done, _by_person(done.frame.assign(n=1), "n")
    )
    columns[PROJECTS_WORKED.name] = _projects(people.index, work)
    table = (
        people.assign(**{name: columns[name] for name in IN_ORDER})
        .join(_weekly(people.index, work))
        .reset_index()
    )
    return made_of([work, cost, memberships, done], table)


Contributions = Annotated[Answer, contributions]


def gaps(
    work: WeeklyWork, cost: costs.ByPerson, deliverables: Deliverables, memberships: Memberships
) -> str:
    """Return sentences on what `contributions` lacks; empty if nothing is missing."""
    parts = without_answer(
        time=work.require("time_entry.person"),
        cost=cost,
        deliverables=teams.completed(deliverables.require("milestone.person")),
        teams=memberships,
    )
    return sentences(parts, Ledger(cost).caveats("person"))


def beyond_members(people: Answer) -> str:
    """Return a sentence that counts the people with hours but no team; or nothing."""
    frame = people.frame
    if people.state != "ready" or not frame["teams"].notna().any():
        return ""
    outside = frame[
        frame["teams"].isna()
        & ~frame["person"].isin([NONE, OTHERS["person"]])
        & (frame[HOURS.name] > 0)
    ]
    if outside.empty:
        return ""
    return f"Not shown: {counted(len(outside), 'person')} with hours but no team."


def _known(*answers: Answer) -> pd.DataFrame:
    """Return everybody in the answers, by id: name."""
    met = pd.concat([answer.frame[["person", "name"]] for answer in answers])
    people = met.dropna(subset="person").drop_duplicates("person").set_index("person")
    named = people.assign(name=unique_names(people.index, people["name"]))
    if met["person"].isna().any():
        named.loc[NONE] = [NOBODY]
    return by_name(named, NOBODY)


def _by_person(frame: pd.DataFrame, column: str) -> pd.Series:
    """Sum a column by the key of the person."""
    return frame.groupby(frame["person"].fillna(NONE))[column].sum(min_count=1)


def _teams(people: pd.Index, memberships: Answer, names: pd.Series) -> pd.Series:
    """Return the names of each person's teams."""
    members = memberships.frame
    named = members.assign(team=members["team"].map(names))
    ordered = named.dropna(subset=["team"]).sort_values("team", key=collation.keys)
    found: pd.Series = ordered.groupby("person")["team"].agg(", ".join).reindex(people)
    return found


def _worked(people: pd.Index, work: Answer) -> dict[str, pd.Series]:
    """Return hours, billable ratio and classified hours."""
    said = work.frame.assign(classified=work.frame["billable"] + work.frame["non_billable"])
    hours, classified, billable = (_by_person(said, c) for c in ("hours", "classified", "billable"))
    return {
        HOURS.name: of_each(people, work, hours),
        BILLABLE_RATIO.name: (billable / classified.where(classified > 0)).reindex(people),
        CLASSIFIED_HOURS.name: of_each(people, work, classified),
    }


def _spent(people: pd.Index, cost: Answer) -> dict[str, pd.Series]:
    """Return the cost of the categories that name people, and the AI cost within it."""
    ai = cost.frame[cost.frame["category"] == AI]
    return {
        PERSON_COST.name: of_each(people, cost, _by_person(cost.frame, "cost")),
        PERSON_AI_COST.name: of_each(
            people, cost.require("ai_usage", "ai_usage.person"), _by_person(ai, "cost")
        ),
    }


def _projects(people: pd.Index, work: Answer) -> pd.Series:
    """Count the projects in which each person logged time."""
    counted = work.frame.groupby(work.frame["person"].fillna(NONE))["project"].nunique()
    return of_each(people, work.require("time_entry.project"), counted)


def of_week(monday: str) -> str:
    """Return the name of the column with a week's hours, from its Monday in ISO form."""
    return f"{WEEK}{monday} (h)"


def _weekly(people: pd.Index, work: Answer) -> pd.DataFrame:
    """Return the hours of each week, a column each."""
    found = teams.weekly(work, "person").reindex(people, fill_value=0.0)
    return found.rename(columns=lambda monday: of_week(f"{monday:%Y-%m-%d}"))


def allocation(work: WeeklyWork) -> Answer:
    """Return each person's hours by project, A to Z: name, project, color, hours.

    The colour is the project's own.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        summed = (
            _told_apart(frame)
            .groupby(["name", "project"], as_index=False)
            .agg(color=("color", "first"), hours=("hours", "sum"))
        )
        return by_name(summed[summed["hours"] > 0], NOBODY)

    return work.require("time_entry.person", "time_entry.project").map(shape)


Allocation = Annotated[Answer, allocation]


def _told_apart(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with unique names of people (name) and projects (project)."""
    return frame.assign(
        name=unique_names(frame["person"], frame["name"], NOBODY),
        project=unique_names(frame["project"], frame["project_name"], UNASSIGNED),
    )


def assignments(assigned: Assignments, work: WeeklyWork) -> Answer:
    """Return who is assigned to a project or has hours in it: name, project, role, hours.

    Archived projects are included only if they have hours.
    """
    work = work.require("time_entry.person", "time_entry.project")
    logged = work.frame.groupby([*PAIR, "name", "project_name"], as_index=False)["hours"].sum()
    nothing = 0.0 if work.answered else float("nan")

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        known = frame.assign(role=frame["role"].fillna(ASSIGNED))
        pairs = pd.concat([known, logged]).groupby(PAIR, as_index=False).first()
        archived = pairs["project_status"].map(vocabulary.status) == "Archived"
        named = _told_apart(pairs[~archived | (pairs["hours"] > 0)])
        told = named.fillna({"role": NOT_ASSIGNED, "hours": nothing})
        return by_name(told[["name", "project", "role", "hours"]], NOBODY)

    return assigned.map(shape)


def unplaced(assigned: Assignments, work: WeeklyWork) -> str:
    """Return a sentence on the hours in no row of `assignments`; empty for none."""
    lines = work.frame
    hours = lines.loc[lines["project"].isna() | lines["person"].isna(), "hours"].sum()
    if assigned.state != "ready" or hours < WORTH_A_WORD:
        return ""
    return f"Left out: {HOURS.short(hours)} without a project or a person."


def workload(people: Contributions, working: Working) -> Answer:
    """Return the hours of each member and a person's capacity, A to Z: name, hours, capacity.

    If no members are known, the rows cover everybody.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        members = frame["teams"].notna()
        there = members if members.any() else frame["person"] != NONE
        return frame.loc[there, ["name", "hours"]].assign(capacity=working.hours)

    return people.with_values_in("hours").map(shape)


Workload = Annotated[Answer, workload]
