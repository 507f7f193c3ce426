"""Timeline: what happened, by lane, newest first."""

from __future__ import annotations

import pandas as pd

from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.wording import day_of

NEWEST = 200
"""How many of each lane are read."""

LANES = ["Events", "Deployments", "Milestones", "Spend alerts"]


def cut_off(answer: Answer, zone: str) -> str:
    """A sentence on the lanes of which only the newest are there, since when; empty for none."""
    counted = answer.frame.groupby("lane")["at"].agg(["size", "min"])
    full = counted[counted["size"] >= NEWEST].reindex(LANES).dropna()
    told = [f"{lane} since {day_of(since.tz_convert(zone))}" for lane, since in full["min"].items()]
    return f"Only the newest {NEWEST} of a lane are drawn: {', '.join(told)}." if told else ""


def lanes(answer: Answer) -> Answer:
    """The rows of `timeline` with the product's severities: at, lane, severity, title, project."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        severity = frame["severity"].map(vocabulary.severity, na_action="ignore").astype("str")
        named = frame.assign(severity=severity)
        return named[["at", "lane", "severity", "title", "project"]]

    return answer.map(shape)
