"""Latency: percentiles of durations that were counted in buckets of a log scale."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GROWTH = 1.04
"""Bucket n holds what took from GROWTH ** n up to GROWTH ** (n + 1) milliseconds."""

INSTANT = -178
"""The lowest bucket holds what took less than a microsecond, and counts as 0."""

PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True)
class Histogram:
    """Buckets in rising order, and how many values lie in each or below it."""

    buckets: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many values were counted."""
        return int(self.ends[-1]) if len(self.ends) else 0

    def percentile(self, share: float) -> float | None:
        """The value below which this share lies, in milliseconds; None where nothing was counted.

        Like the usual percentile of the values themselves, it lies on the line between the two
        nearest ranks. Each of them is off by less than GROWTH, so it is, too.
        """
        if not self.total:
            return None
        place = share * (self.total - 1)
        below, above = self._at(math.floor(place)), self._at(math.ceil(place))
        return below + (above - below) * (place - math.floor(place))

    def _at(self, rank: int) -> float:
        """The value of a rank, counted from 0: as far in its bucket as it is among the others."""
        n = int(np.searchsorted(self.ends, rank, side="right"))
        if self.buckets[n] <= INSTANT:
            return 0.0
        before = int(self.ends[n - 1]) if n else 0
        inside = (rank - before + 0.5) / (int(self.ends[n]) - before)
        return float(GROWTH ** (int(self.buckets[n]) + inside))


def histogram(counted: pd.DataFrame, of: str = "requests") -> Histogram:
    """The histogram of counts from anywhere, merged, without those whose bucket is not known.

    Columns: bucket, and what `of` names: how many.
    """
    known = counted.dropna(subset="bucket").groupby("bucket")[of].sum()
    return Histogram(known.index.to_numpy("int64"), known.to_numpy("int64").cumsum())


def unmeasured(counted: pd.DataFrame) -> str:
    """A sentence that counts the requests without a known duration; or nothing."""
    count = int(counted.loc[counted["bucket"].isna(), "requests"].sum())
    if count == 1:
        return "1 request doesn't say how long it took."
    return f"{count:,} requests don't say how long they took." if count else ""


def percentiles(counted: pd.DataFrame, by: str, of: str = "requests") -> pd.DataFrame:
    """The percentiles of each group: `by`, p50, p95, p99, in milliseconds."""
    rows = list(_rows(counted, by, of))
    return pd.DataFrame(rows, columns=[by, *PERCENTILES]).astype(dict.fromkeys(PERCENTILES, float))


def _rows(counted: pd.DataFrame, by: str, of: str) -> Iterator[tuple[object, ...]]:
    for key, group in counted.groupby(by, dropna=False):
        found = histogram(group, of)
        yield (key, *(found.percentile(share) for share in PERCENTILES.values()))
