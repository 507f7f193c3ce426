"""Parts: the segments that a stacked bar is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from meaux.charts import legend, rows
from meaux.charts.cells import heading, keys, names, numbers
from meaux.charts.colours import MUTED, assigned
from meaux.charts.lines import in_order, wide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meaux.query.metrics import Metric

OTHER = "Other"
MOST = 8
"""The most series a stack has; the smallest of more become `Other`."""
LEGEND = 8
"""The room between a legend and the bars below it."""
TOTAL = "Total\N{NO-BREAK SPACE}"
"""The key of the total in a tooltip, which no name of a series can be."""


def cells(frame: pd.DataFrame, metric: Metric, label: str, series: str) -> pd.DataFrame:
    """The frame as row (a number for each label or `key`), label, series, value and share."""
    if frame.empty or metric.name not in frame:
        return pd.DataFrame({"value": pd.Series(dtype="float64")})
    values = numbers(frame[metric.name])
    return pd.DataFrame(
        {
            "row": pd.factorize(keys(frame, label))[0],
            "label": names(frame[label]),
            "series": folded(names(frame[series]), values),
            "value": values,
            "share": numbers(frame["share"]) if "share" in frame else float("nan"),
        }
    )


def folded(series: pd.Series, values: pd.Series, most: int = MOST) -> pd.Series:
    """The name of each value's series; of more than `most` the smallest are `Other`."""
    sizes = values.abs().groupby(series).sum().drop(OTHER, errors="ignore")
    if series.nunique() <= most:
        return series
    return series.where(series.isin(sizes.nlargest(most - 1).index), OTHER)


def ordered(series: pd.Series, colours: Mapping[str, str] | None) -> list[str]:
    """The names as the colours list them, then the rest as they came, `Other` last."""
    listed = in_order(list(series.unique()), colours)
    return [name for name in listed if name != OTHER] + [name for name in listed if name == OTHER]


def coloured(order: list[str], colours: Mapping[str, str] | None) -> dict[str, str]:
    """A colour for each name, the muted one for what is left."""
    return assigned(order, {OTHER: MUTED, **(colours or {})})


def summed(values: pd.DataFrame, by: str, order: list[str]) -> pd.DataFrame:
    """One segment for each `by` and series, in this order; unknown if nothing is."""
    known = values.dropna(subset="value")
    sums = known.groupby([by, "series"], sort=False)[["value"]].sum().reset_index()
    place = sums["series"].map({name: n for n, name in enumerate(order)})
    return sums.assign(place=place).sort_values([by, "place"], ignore_index=True)


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


def texts(bars: pd.DataFrame, said: pd.DataFrame, order: list[str], metric: Metric) -> pd.DataFrame:
    """The words of a bar's tooltip: row, label, a line for each series, and the total.

    `bars`: row, label, total. `said`: row, series, words.
    """
    return wide(pd.concat([said, bars[["row"]]]), "row", order).assign(
        label=bars["label"], total=[metric.exact(total) for total in bars["total"]]
    )


def drawn(  # noqa: PLR0913, PLR0917  a bar has that many parts
    segments: pd.DataFrame,
    across: Any,
    labels: pd.Series,
    order: list[str],
    colours: Mapping[str, str] | None,
    tooltip: list[alt.Tooltip],
) -> alt.Chart:
    """The segments as bars below each other, with their legend and the choice in it.

    Columns: row, series, start (where `across` begins), stop, and those of the tooltip.
    """
    above = legend.on_top(order, "square", LEGEND)
    return (
        alt.Chart(segments)
        .mark_bar(height=rows.BAND)
        .encode(
            across,
            alt.X2("stop:Q"),
            rows.down(labels),
            legend.colour(order, coloured(order, colours), above),
            opacity=legend.faint(0.1),
            tooltip=tooltip,
        )
        .add_params(legend.picked())
    )


def tooltip(order: list[str]) -> list[alt.Tooltip]:
    """The tooltip of these texts."""
    return [
        alt.Tooltip("label:N", title="title"),
        *(alt.Tooltip(f"line{n}:N", title=heading(words)) for n, words in enumerate(order)),
        alt.Tooltip("total:N", title=TOTAL),
    ]
