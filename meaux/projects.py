"""Projects: counted by what they are and whose they are."""

from __future__ import annotations

import pandas as pd

from meaux.answers import Answer
from meaux.schema import vocabulary

STATUS_ORDER = [*vocabulary.STATUSES, vocabulary.OTHER]


def by_status(answer: Answer) -> Answer:
    """How many projects have each status of the product: status, projects."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.assign(status=frame["status"].map(vocabulary.status))
        counted = named.groupby("status")["projects"].sum()
        return counted.reindex(STATUS_ORDER).dropna().astype("int64").reset_index()

    return answer.shaped(shape)


def by_team(answer: Answer) -> Answer:
    """How many projects each team has, archived ones aside: team, color, standing_projects.

    Teams that share a name are told apart by their ids.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        standing = frame[frame["status"].map(vocabulary.status) != "Archived"]
        counted = standing.groupby("team", as_index=False, dropna=False).agg(
            name=("name", "first"), color=("color", "first"), standing_projects=("projects", "sum")
        )
        counted["team"] = vocabulary.told_apart(
            counted["team"], counted["name"].fillna(vocabulary.NO_TEAM)
        )
        return counted.drop(columns="name").sort_values(
            ["standing_projects", "team"], ascending=[False, True], ignore_index=True
        )

    return answer.shaped(shape)


def other_spellings(answer: Answer) -> str:
    """A sentence that names the spellings shown as Other; empty where there are none."""
    if answer.state != "ready":
        return ""
    met = answer.frame["status"]
    unknown = met[met.map(vocabulary.status) == vocabulary.OTHER].fillna("(none)").unique()
    return f"Other: {', '.join(sorted(unknown))}." if len(unknown) else ""
