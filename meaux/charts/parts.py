"""Parts: the segments of a stacked bar."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from meaux.charts.colours import MUTED, assigned
from meaux.charts.lines import in_order

OTHER = "Other"
MOST = 8
"""The maximum number of series of a stack; beyond it, the smallest become `Other`."""
TOTAL = "Total\N{NO-BREAK SPACE}"
"""The key of the total in a tooltip; no series can have this name."""


def folded(series: pd.Series, values: pd.Series, most: int = MOST) -> pd.Series:
    """Return the name of each value's series; beyond `most`, the smallest are `Other`."""
    sizes = values.abs().groupby(series).sum().drop(OTHER, errors="ignore")
    if series.nunique() <= most:
        return series
    return series.where(series.isin(sizes.nlargest(most - 1).index), OTHER)


def ordered(series: pd.Series, colours: Mapping[str, str] | None) -> list[str]:
    """Order the names as the colours list them, then the rest as they came, `Other` last."""
    listed = in_order(list(series.unique()), colours)
    return [name for name in listed if name != OTHER] + [name for name in listed if name == OTHER]


def coloured(order: list[str], colours: Mapping[str, str] | None) -> dict[str, str]:
    """Assign a colour to each name, the muted one to `Other`."""
    return assigned(order, {OTHER: MUTED, **(colours or {})})


def summed(values: pd.DataFrame, by: str, order: list[str]) -> pd.DataFrame:
    """Sum one segment per `by` and series, in this order; without a known value, none."""
    known = values.dropna(subset="value")
    sums = known.groupby([by, "series"], sort=False)[["value"]].sum().reset_index()
    place = sums["series"].map({name: n for n, name in enumerate(order)})
    return sums.assign(place=place).sort_values([by, "place"], ignore_index=True)


def stacked(segments: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add start and stop: segments are end to end from zero, negative ones on the other side."""
    ends = pd.DataFrame(
        {
            "above": segments["value"].clip(lower=0).groupby(segments[by]).cumsum(),
            "below": segments["value"].clip(upper=0).groupby(segments[by]).cumsum(),
        }
    )
    stop = ends["above"].where(segments["value"] >= 0, ends["below"])
    return segments.assign(start=stop - segments["value"], stop=stop)
