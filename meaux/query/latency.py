"""Latency: percentiles of durations counted in logarithmic buckets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GROWTH = 1.04
"""Bucket n counts durations from GROWTH ** n up to GROWTH ** (n + 1) milliseconds."""

INSTANT = -178
"""The lowest bucket counts durations below a microsecond; its value is 0."""

PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Histogram:
    """Buckets in ascending order, with cumulative counts."""

    buckets: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many values were counted."""
        return int(self.ends[-1]) if len(self.ends) else 0

    def percentile(self, share: float) -> float | None:
        """Return the percentile of this share in milliseconds; None without values.

        It is interpolated linearly between the two nearest ranks. The error of each rank is less
        than a factor of GROWTH, so the error of the result is, too.
        """
        if not self.total:
            return None
        place = share * (self.total - 1)
        below, above = self._at(math.floor(place)), self._at(math.ceil(place))
        return below + (above - below) * (place - math.floor(place))

    def _at(self, rank: int) -> float:
        """Return the value of a rank, counted from 0; within a bucket, values are evenly spaced."""
        n = int(np.searchsorted(self.ends, rank, side="right"))
        if self.buckets[n] <= INSTANT:
            return 0.0
        before = int(self.ends[n - 1]) if n else 0
        inside = (rank - before + 0.5) / (int(self.ends[n]) - before)
        return float(GROWTH ** (int(self.buckets[n]) + inside))


def histogram(counted: pd.DataFrame, of: str = "timed") -> Histogram:
    """Merge counts into one histogram, without those of an unknown bucket.

    Columns: bucket, and the column of counts that `of` names.
    """
    return _merged(*_counts(counted, of))


def _counts(counted: pd.DataFrame, of: str) -> tuple[Numbers, Numbers]:
    """Return the bucket of each row, NaN if unknown, and its count."""
    buckets = counted["bucket"].to_numpy("float64", na_value=math.nan)
    return buckets, counted[of].to_numpy("int64", na_value=0)


def _merged(buckets: Numbers, counts: Numbers) -> Histogram:
    known = ~np.isnan(buckets)
    named, places = np.unique(buckets[known].astype("int64"), return_inverse=True)
    sums = np.zeros(len(named), dtype="int64")
    np.add.at(sums, places, counts[known])
    return Histogram(named, sums.cumsum())


def unmeasured(counted: pd.DataFrame) -> str:
    """Return a sentence that counts the requests without a duration; empty for none.

    Columns: requests, timed.
    """
    count = int(counted["requests"].sum()) - int(counted["timed"].sum())
    if count == 1:
        return "1 request has no duration."
    return f"{count:,} requests have no duration." if count > 0 else ""


def percentiles(counted: pd.DataFrame, by: str, of: str = "timed") -> pd.DataFrame:
    """Return the percentiles of each group: `by`, p50, p95, p99, in milliseconds."""
    rows = list(_rows(counted, by, of))
    return pd.DataFrame(rows, columns=[by, *PERCENTILES]).astype(dict.fromkeys(PERCENTILES, float))


def _rows(counted: pd.DataFrame, by: str, of: str) -> Iterator[tuple[object, ...]]:
    buckets, counts = _counts(counted, of)
    keys, names = pd.factorize(counted[by], sort=True, use_na_sentinel=False)
    for place, key in enumerate(names):
        rows = keys == place
        found = _merged(buckets[rows], counts[rows])
        yield (key, *(found.percentile(share) for share in PERCENTILES.values()))
