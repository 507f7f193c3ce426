"""Measures: where the value of a metric comes from, for the company and for each part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import pandas as pd

from meaux.data.alerting import EACH, Each
from meaux.data.categories import AI
from meaux.query import latency, queries, series
from meaux.query.metrics import DEFINITIONS
from meaux.query.queries import Query
from meaux.subjects.figure import Measure, NumberCard
from meaux.subjects.page import all_pages, parts
from meaux.subjects.workers import frames as workers


@dataclass(frozen=True)
class Parts:
    """A metric of each part: the query, the columns of IDs and names, and how rows are measured.

    `category` selects the rows of one cost category.
    """

    query: Query
    id: str
    measure: Measure
    name: str = ""
    category: str = ""

    def values(self, frame: pd.DataFrame) -> dict[str, tuple[str, float | None]]:
        """Return the name and the value of each part, by its ID; rows of no part are left out."""
        if self.category:
            frame = frame[frame["category"] == self.category]
        known = frame[frame[self.id].notna() & (frame[self.id] != "")]
        found = {}
        for id_, rows in known.groupby(self.id, sort=True):
            name = rows[self.name].iloc[0] if self.name else id_
            found[str(id_)] = (str(name if pd.notna(name) else id_), self.measure(rows))
        return found


def _sum(frame: pd.DataFrame, column: str) -> float | None:
    return series.known_sum(frame[column])


def _billable(frame: pd.DataFrame) -> float | None:
    billable, other = frame["billable"].sum(), frame["non_billable"].sum()
    return float(billable / (billable + other)) if billable + other > 0 else None


def _percentile(frame: pd.DataFrame, metric: str) -> float | None:
    return latency.histogram(frame).percentile(latency.PERCENTILES[metric])


_COST, _HOURS = partial(_sum, column="cost"), partial(_sum, column="hours")
_ENTRIES = partial(_sum, column="entries")

OF_PARTS: Mapping[tuple[str, Each], Parts] = {
    ("cost", "project"): Parts(queries.cost_by_project, "project", _COST, "name"),
    ("cost", "team"): Parts(queries.cost_by_project, "team", _COST),
    ("cost", "person"): Parts(queries.cost_by_person, "person", _COST, "name"),
    ("model_cost", "project"): Parts(queries.cost_by_project, "project", _COST, "name", AI),
    ("model_cost", "team"): Parts(queries.cost_by_project, "team", _COST, category=AI),
    ("model_cost", "person"): Parts(queries.cost_by_person, "person", _COST, "name", AI),
    ("model_cost", "model"): Parts(queries.model_cost_by_day, "model", _COST),
    ("hours", "project"): Parts(queries.hours_by_project, "project", _HOURS, "name"),
    ("hours", "team"): Parts(queries.weekly_work, "team", _HOURS),
    ("hours", "person"): Parts(queries.hours_by_person_day, "person", _HOURS, "name"),
    ("entries", "project"): Parts(queries.hours_by_project, "project", _ENTRIES, "name"),
    ("entries", "person"): Parts(queries.hours_by_person_day, "person", _ENTRIES, "name"),
    ("billable_ratio", "person"): Parts(queries.hours_by_person_day, "person", _billable, "name"),
    ("activity", "project"): Parts(
        queries.activity_by_project, "project", partial(_sum, column="activity")
    ),
    ("requests", "worker"): Parts(
        queries.requests_by_worker, "worker", partial(_sum, column="requests")
    ),
    ("error_rate", "worker"): Parts(queries.requests_by_worker, "worker", workers.error_rate),
    **{
        (name, "worker"): Parts(
            queries.requests_by_worker, "worker", partial(_percentile, metric=name)
        )
        for name in ("p50", "p95", "p99")
    },
    **{
        (name, "model"): Parts(queries.tokens_by_day, "model", partial(_sum, column=name))
        for name in ("tokens", "input_tokens", "output_tokens")
    },
}
"""The metrics that parts of the company have."""

OF_HEALTH = frozenset({"tables_found", "columns_bound", "queries_answered", "missing_indexes"})
"""The metrics of the database itself."""


@cache
def figures() -> dict[str, NumberCard]:
    """Return a figure of each metric that a page shows as a number, by the metric's name."""
    found: dict[str, NumberCard] = {}
    for page in all_pages():
        for part in parts(page.items):
            if isinstance(part, NumberCard):
                found.setdefault(part.metric.name, part)
    return found


def unusable(metric: str, each: Each, near: Callable[[str], str]) -> str:
    """Say why a metric can't be used for a kind of part; empty if it can.

    `near` finds the metric with the nearest name.
    """
    if metric not in DEFINITIONS:
        meant = near(metric)
        hint = f"; did you mean {meant}?" if meant else "; docs/metrics.md lists them"
        return f"there is no metric {metric}{hint}"
    if metric in OF_HEALTH:
        return f"{metric} is about the database itself; `python -m meaux doctor` reports it"
    kinds = [kind for kind in EACH if (metric, kind) in OF_PARTS]
    if metric in figures():
        kinds.insert(0, "company")
    if each in kinds:
        return ""
    if not kinds:
        return f"{metric} is one of several columns of a table; it has no single value"
    whole = "the company" if each == "company" else f"each {each}"
    return f"{metric} has no value for {whole}; it has one for {', '.join(kinds)}"
