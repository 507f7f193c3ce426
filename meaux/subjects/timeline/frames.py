"""Frames of the timeline: its items by lane, latest first."""

from __future__ import annotations

import pandas as pd

from meaux.data.schema import vocabulary
from meaux.query.answers import Answer
from meaux.wording import day_of

NEWEST = 200
"""The most items per lane."""

LANES = ["Events", "Deployments", "Milestones", "Spend alerts"]


def cut_off(answer: Answer, zone: str) -> str:
    """Return a sentence on the lanes that show the latest items only; empty for none."""
    counted = answer.frame.groupby("lane")["at"].agg(["size", "min"])
    full = counted[counted["size"] >= NEWEST].reindex(LANES).dropna()
    told = [f"{lane} since {day_of(since.tz_convert(zone))}" for lane, since in full["min"].items()]
    return f"Only the latest {NEWEST} of each type are shown: {', '.join(told)}." if told else ""


def lanes(answer: Answer) -> Answer:
    """Use the product's severities in `timeline`: at, lane, severity, title, project."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        severity = frame["severity"].map(vocabulary.severity, na_action="ignore").astype("str")
        named = frame.assign(severity=severity)
        return named[["at", "lane", "severity", "title", "project"]]

    return answer.map(shape)
