"""Parts: the segments that a stacked bar is made of."""

from __future__ import annotations

import pandas as pd

OTHER = "Other"
MOST = 8
"""The most series a stack has; the smallest of more become `Other`."""
TOTAL = "Total\N{NO-BREAK SPACE}"
"""The key of the total in a tooltip, which no name of a series can be."""


def folded(series: pd.Series, values: pd.Series) -> pd.Series:
    """The name of each value's series; of more than eight the smallest are `Other`."""
    sizes = values.abs().groupby(series).sum().drop(OTHER, errors="ignore")
    if series.nunique() <= MOST:
        return series
    return series.where(series.isin(sizes.nlargest(MOST - 1).index), OTHER)


def summed(rows: pd.DataFrame, by: str, names: list[str]) -> pd.DataFrame:
    """One segment for each `by` and series, in the order of the names; unknown if nothing is."""
    known = rows.dropna(subset="value")
    sums = known.groupby([by, "series"], sort=False, as_index=False)["value"].sum()
    order = sums["series"].map({name: n for n, name in enumerate(names)})
    return sums.assign(order=order).sort_values([by, "order"], ignore_index=True)


def stacked(segments: pd.DataFrame, by: str) -> pd.DataFrame:
    """The segments end to end from zero, the negative ones to the other side: start, stop."""
    ends = pd.DataFrame(
        {
            "above": segments["value"].clip(lower=0).groupby(segments[by]).cumsum(),
            "below": segments["value"].clip(upper=0).groupby(segments[by]).cumsum(),
        }
    )
    stop = ends["above"].where(segments["value"] >= 0, ends["below"])
    return segments.assign(start=stop - segments["value"], stop=stop)
