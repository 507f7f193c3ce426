"""Timeline: what happened, by lane, newest first."""

from __future__ import annotations

import pandas as pd

from meaux.answers import Answer
from meaux.schema import vocabulary

LANES = ["Events", "Deployments", "Milestones", "Spend alerts"]


def lanes(answer: Answer) -> Answer:
    """The rows of `timeline` with the product's severities: at, lane, severity, title, project."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        severity = frame["severity"].map(vocabulary.severity, na_action="ignore").astype("str")
        named = frame.assign(severity=severity)
        return named[["at", "lane", "severity", "title", "project"]]

    return answer.shaped(shape)
