"""Frames of projects: counts by status and team, the list of all, and the stale ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import pandas as pd

from meaux.data.plan import Plan
from meaux.data.schema import vocabulary
from meaux.query import collation, queries
from meaux.query.answers import Answer, Ask, of_each, without_answer
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.needs import Request, asking, choosing
from meaux.query.typed import integers
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.wording import counted, enumerated, money, sentences

STATUS_ORDER = [*vocabulary.STATUSES, vocabulary.OTHER]
UNDER_WAY = ("Active", "In progress")
"""The statuses of a project that should have activity."""

SORTS = {
    "Highest cost": ("cost", False),
    "Lowest cost": ("cost", True),
    "Most activity": ("activity", False),
    "Least activity": ("activity", True),
    "Name, A to Z": ("name", True),
    "Name, Z to A": ("name", False),
    "Newest": ("created", False),
    "Oldest": ("created", True),
    "Latest deployment": ("deployed", False),
    "Earliest deployment": ("deployed", True),
}
"""The orders of the list: the column, and whether it ascends."""

NOT_PLACED = "No project has both a cost and progress."
NOT_SAID = "Not set"
"""The choice for projects without a priority, or without a category."""

LISTED = (
    "name", "cost", "progress", "status", "priority", "category", "team", "lifetime", "activity",
    "last_activity", "milestones_completed", "milestones", "deployed", "deployments",
    "created", "url", "project", "color", "spelling",
)  # fmt: skip
IN_FILE = [column for column in LISTED if column not in ("color", "spelling")]
"""The columns of the list that a table and a file show."""

ByStatus = Annotated[Answer, asking(queries.projects_by_status)]
ByCreation = Annotated[Answer, asking(queries.projects_by_creation)]
ByTeam = Annotated[Answer, asking(queries.projects_by_team)]
EveryProject = Annotated[Answer, asking(queries.project_list)]
ActivityByProject = Annotated[Answer, asking(queries.activity_by_project)]


@dataclass(frozen=True)
class Choice:
    """Which projects to list, and in which order; an empty tuple doesn't filter."""

    statuses: Sequence[str] = ()
    priorities: Sequence[str] = ()
    categories: Sequence[str] = ()
    text: str = ""
    sort: str = next(iter(SORTS))


def unarchived(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of projects that are not archived."""
    return frame[frame["status"].map(vocabulary.status) != "Archived"]


def by_status(answer: Answer) -> Answer:
    """Count the projects by the product's statuses: status, projects."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.assign(status=frame["status"].map(vocabulary.status))
        counted = named.groupby("status")["projects"].sum()
        return counted.reindex(STATUS_ORDER).dropna().astype("int64").reset_index()

    return answer.map(shape)


def by_team(answer: Answer) -> Answer:
    """Count each team's projects, without archived ones: team, color, standing_projects.

    If teams share a name, their ids are added.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        counted = (
            unarchived(frame)
            .groupby("team", as_index=False, dropna=False)
            .agg(
                name=("name", "first"),
                color=("color", "first"),
                standing_projects=("projects", "sum"),
            )
        )
        counted["team"] = collation.unique_names(
            counted["team"], counted["name"], vocabulary.NO_TEAM
        )
        return counted.drop(columns="name").sort_values(
            ["standing_projects", "team"], ascending=[False, True], ignore_index=True
        )

    return answer.map(shape)


def archived_too(answer: Answer) -> str:
    """Return a sentence if the database doesn't record which projects are archived; or nothing."""
    needed = answer.without.get("project.status")
    return (
        f"Includes archived projects; to leave them out, the database needs {needed}."
        if needed
        else ""
    )


def other_spellings(answer: Answer) -> str:
    """Return a sentence that names the statuses shown as Other; empty for none."""
    if answer.state != "ready":
        return ""
    met = answer.frame["status"]
    unknown = met[met.map(vocabulary.status) == vocabulary.OTHER].fillna("no status").unique()
    return f"Statuses shown as Other: {', '.join(sorted(unknown))}." if len(unknown) else ""


def quiet_days(plan: Plan) -> int:
    """Return after how many days without activity a project is stale."""
    return int(plan.thresholds.stale_project_days)


def lately(selection: Selection, days: int) -> Selection:
    """Return the selection of the last days up to today, without its person filter.

    So a project is not stale if anybody was active in it.
    """
    today = selection.today
    whole = replace(selection, people=())
    return whole.over(Period(today - days * DAY, today + DAY))


def _recent(request: Request) -> Ask:
    """Ask for the recent activity of each project."""
    return Ask(queries.activity_by_project, lately(request.selection, quiet_days(request.plan)))


Recent = Annotated[Answer, choosing(_recent, queries.activity_by_project)]


def listed(every: EveryProject, cost: costs.ByProject, activity: ActivityByProject) -> Answer:
    """Return every project with all that is recorded of it; the columns are `LISTED`.

    `status` and `priority` are the product's words, `spelling` is the database's. Without a row in
    the period a project has no cost and no activity; without an answer both are unknown.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        whole = frame["milestones"].astype("float64")
        by_milestones = frame["milestones_completed"].astype("float64") / whole.where(whole > 0)
        known = frame.assign(
            spelling=frame["status"],
            status=frame["status"].map(vocabulary.status),
            priority=frame["priority"].map(vocabulary.priority, na_action="ignore").astype("str"),
            progress=frame["progress"].fillna(by_milestones).clip(0, 1),
            cost=_sums(frame, cost, "cost"),
            activity=integers(_sums(frame, activity, "activity")),
            last_activity=_last(frame, activity),
        )
        return known[list(LISTED)]

    return replace(every.map(shape), parts=(every, cost, activity))


Listed = Annotated[Answer, listed]


def _sums(projects: pd.DataFrame, answer: Answer, column: str) -> pd.Series:
    """Sum a column by project."""
    sums = answer.frame.groupby("project")[column].sum(min_count=1)
    found = of_each(pd.Index(projects["project"]), answer, sums)
    return found.set_axis(projects.index)


def _last(projects: pd.DataFrame, answer: Answer) -> pd.Series:
    """Return the time of each project's latest activity."""
    newest = answer.frame.groupby("project")["last_activity"].max().astype("object")
    return pd.to_datetime(projects["project"].map(newest), utc=True)


def chosen(answer: Answer, choice: Choice) -> Answer:
    """Keep the listed projects that match the choice, in its order."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        column, rising = SORTS[choice.sort]
        kept = frame[_fits(frame, choice)]
        return kept.sort_values(
            list(dict.fromkeys([column, "name", "project"])),
            ascending=[rising, *([True] * (1 if column == "name" else 2))],
            key=collation.keys,
            na_position="last",
            ignore_index=True,
        )

    return answer.map(shape)


def gaps(every: EveryProject, cost: costs.ByProject, activity: ActivityByProject) -> str:
    """Return sentences on what the list of `listed` lacks; empty if nothing is missing."""
    return sentences(
        without_answer(cost=cost, activity=activity),
        _cost_caveats(every, cost),
        by_milestones(every),
    )


def _cost_caveats(every: Answer, cost: Answer) -> str:
    """Return sentences on the costs outside the list, and on what its costs lack."""
    listed = cost.frame["project"].isin(every.frame["project"])
    theirs = cost.map(lambda lines: lines[listed])
    return sentences(_outside(cost.frame[~listed]), Ledger(theirs).caveats("project"))


def _outside(lines: pd.DataFrame) -> str:
    """Return a sentence on the costs outside the list; empty for none."""
    unassigned = lines["project"].isna()
    parts = {
        "without a project": lines.loc[unassigned, "cost"].sum(),
        "from unknown or deleted projects": lines.loc[~unassigned, "cost"].sum(),
    }
    said = [f"{money(cost)} {words}" for words, cost in parts.items() if cost]
    return f"Not in this list: {enumerated(said)}." if said else ""


def by_milestones(every: Answer) -> str:
    """Return a sentence if progress comes from milestones only; or nothing."""
    needed = every.without.get("progress", "")
    if not needed or needed.startswith("the table"):
        return ""
    return f"Progress from milestones only; recorded progress needs {needed}."


def placed(listed: Answer, cost: Answer) -> Answer:
    """Keep the projects with both a cost and progress; if there are none, say why."""
    why = sentences(NOT_PLACED, without_answer(cost=cost), Ledger(cost).caveats("project"))
    both = listed.if_empty(why if len(listed.frame) else "")
    return both.map(
        lambda frame: frame if frame[["cost", "progress"]].notna().all(axis=1).any() else frame[:0]
    )


def left_out(found: Answer) -> str:
    """Return a sentence that counts the projects without cost or progress; empty for none."""
    if found.state != "ready":
        return ""
    missing = int(found.frame[["cost", "progress"]].isna().any(axis=1).sum())
    return f"Left out: {counted(missing, 'project')} without progress or cost." if missing else ""


def _fits(frame: pd.DataFrame, choice: Choice) -> pd.Series:
    fits = pd.Series(data=True, index=frame.index)
    for column, words in (
        ("status", choice.statuses),
        ("priority", choice.priorities),
        ("category", choice.categories),
    ):
        if words:
            fits &= frame[column].fillna(NOT_SAID).isin(words)
    return fits & _mentions(frame, choice.text)


def _mentions(frame: pd.DataFrame, text: str) -> pd.Series:
    """Mark the projects with the text in their name, id, team, category, status or url."""
    wanted = text.strip().casefold()
    found = pd.Series(data=not wanted, index=frame.index)
    for column in ("name", "project", "team", "category", "status", "url") if wanted else ():
        found |= frame[column].fillna("").str.casefold().str.contains(wanted, regex=False)
    return found


def options(answer: Answer, column: str, order: Sequence[str] = ()) -> list[str]:
    """Return the values of a column to choose from, in the given order; "Not set" comes last."""
    met = set(answer.frame[column].fillna(NOT_SAID)) if answer.state == "ready" else set()
    known = [word for word in order if word in met]
    return [*known, *sorted(met - {*known, NOT_SAID}), *([NOT_SAID] if NOT_SAID in met else [])]


def stale(listed: Listed, recent: Recent) -> Answer:
    """Return active or in-progress projects without recent activity.

    Columns: name, cost, deployed, status, team. A project created in these days is not stale.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        quiet = frame["status"].isin(UNDER_WAY) & ~frame["project"].isin(recent.frame["project"])
        new = frame["created"] >= pd.Timestamp(recent.selection.period.start)
        return frame.loc[quiet & ~new, ["name", "cost", "deployed", "status", "team"]]

    if not recent.answered:
        return replace(recent, frame=listed.frame.head(0))
    return listed.require("project.status").map(shape)


Stale = Annotated[Answer, stale]


def members(answer: Answer) -> Answer:
    """Return the members of a project: name, role."""
    return answer.map(lambda frame: frame[["name", "role"]])


def dropping(answer: Answer, *columns: str) -> Answer:
    """Drop the columns that a list of one project need not show."""
    return answer.map(lambda frame: frame.drop(columns=list(columns)))
