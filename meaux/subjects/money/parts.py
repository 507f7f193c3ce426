"""Parts of costs: a category, and in it a project and a model or service, by day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KEYS = ["category", "project", "service"]


class Part(NamedTuple):
    """A part of all costs; None is all, empty text is none, such as no project."""

    category: str | None = None
    project: str | None = None
    service: str | None = None

    @property
    def depth(self) -> int:
        """Return how many of its three values are set."""
        return sum(value is not None for value in self)

    def within(self, other: Part) -> bool:
        """Return whether it is another part, or lies within it."""
        return all(wide in (None, own) for own, wide in zip(self, other, strict=True))

    def shared_with(self, other: Part) -> Part | None:
        """Return the part that both contain; None if there is none."""
        if any(None not in pair and pair[0] != pair[1] for pair in zip(self, other, strict=True)):
            return None
        return Part(*(b if a is None else a for a, b in zip(self, other, strict=True)))


ALL = Part()


class Costs(NamedTuple):
    """The cost of some parts on each day: the first part is everything."""

    days: pd.DatetimeIndex
    parts: list[Part]
    grid: NDArray[np.float64]


def by_day(frame: pd.DataFrame, days: pd.DatetimeIndex, smallest: float) -> Costs:
    """Add up costs by day and part; a day without an entry cost nothing.

    `frame`: day, category, project, service, cost. Left out are parts whose days differ by less
    than `smallest`, and those that are the same as a category: its only project or service.
    """
    named = frame.assign(**{key: frame[key].fillna("").astype("str") for key in KEYS})
    named = named.assign(at=days.get_indexer(pd.DatetimeIndex(named["day"])))
    named = named[named["at"] >= 0]
    parts, columns = [ALL], [_column(named, len(days))]
    for part, of in _parts(named):
        column = _column(of, len(days))
        if np.nanmax(column, initial=0.0) - np.nanmin(column, initial=0.0) >= smallest:
            parts.append(part)
            columns.append(column)
    return Costs(days, parts, np.array(columns).T)


def _column(of: pd.DataFrame, size: int) -> NDArray[np.float64]:
    """Sum the costs of each day; of a day whose costs are all unknown, it is unknown."""
    at, cost = of["at"].to_numpy(), of["cost"].to_numpy("float64", na_value=np.nan)
    known = ~np.isnan(cost)
    sums = np.bincount(at[known], cost[known], size).astype("float64")
    sums[np.setdiff1d(at, at[known])] = np.nan
    return sums


def _parts(named: pd.DataFrame) -> Iterator[tuple[Part, pd.DataFrame]]:
    """Yield each part that isn't the same as a category, with its entries."""
    for category, of_category in named.groupby("category", sort=True):
        yield Part(str(category)), of_category
        alone = {key: len(of_category[key].unique()) == 1 for key in ("project", "service")}
        if not alone["project"]:
            for project, of_project in of_category.groupby("project", sort=True):
                yield Part(str(category), str(project)), of_project
        if not alone["service"]:
            for service, of_service in of_category.groupby("service", sort=True):
                yield Part(str(category), None, str(service)), of_service
        if not any(alone.values()):
            for both, of_both in of_category.groupby(["project", "service"]):
                yield Part(str(category), *map(str, both)), of_both
