"""Share: the parts of a whole, as a ring."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from meaux.charts import description, emphasis
from meaux.charts.cells import name, numbers, shortened
from meaux.charts.colours import MUTED, assigned
from meaux.charts.layered import layered
from meaux.charts.parts import OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meaux.query.metrics import Metric

MOST_SLICES = 8
RING = 200
LINE = 18
LEGEND_NAME = 22


def share(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    colours: Mapping[str, str] | None = None,
    colour: str | None = None,
    centre: str | None = None,
) -> alt.LayerChart:
    """The rows above zero as slices in their order, the total (or `centre`) in the middle.

    Columns: `label`, the metric's name and, where `colour` names it, the slice's own colour. Of
    more than eight slices the smallest become "Other".
    """
    parts = _parts(frame, metric, label)
    given = {**_own(frame, label, colour), **(colours or {})}
    slices = _slices(parts[parts["value"] > 0], metric)
    if slices.empty:
        return description.blank(metric)
    rest = parts[parts["value"] <= 0]
    left_out = [
        f"{shortened(words, LEGEND_NAME)} {metric.exact(value)}"
        for words, value in zip(rest["label"], rest["value"], strict=True)
    ]
    return layered(
        _ring(slices, given, metric),
        _middle(slices, metric, centre),
        height=RING + LINE * len(slices),
        description=description.share(slices, metric, left_out),
    )


def _parts(frame: pd.DataFrame, metric: Metric, label: str) -> pd.DataFrame:
    """One row a name, with its sum, in the order of the frame."""
    if frame.empty or metric.name not in frame:
        return pd.DataFrame({"label": [], "value": pd.Series(dtype="float64")})
    values = numbers(frame[metric.name]).to_list()
    parts = pd.DataFrame({"label": [name(cell) for cell in frame[label]], "value": values})
    return parts.dropna().groupby("label", sort=False, as_index=False).sum()


def _own(frame: pd.DataFrame, label: str, colour: str | None) -> dict[str, str]:
    """The colour of each name, from the frame."""
    if colour is None or colour not in frame:
        return {}
    return dict(zip(map(name, frame[label]), frame[colour], strict=True))


def _slices(parts: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    parts = _largest(parts) if len(parts) > MOST_SLICES else parts
    portions = parts["value"] / parts["value"].sum()
    return parts.assign(
        row=range(len(parts)),
        exact=[metric.exact(value) for value in parts["value"]],
        short=[metric.short(value) for value in parts["value"]],
        percent=[_percent(portion) for portion in portions],
    )


def _largest(parts: pd.DataFrame) -> pd.DataFrame:
    """The seven largest that have a name, then the sum of the rest."""
    named = parts[parts["label"] != OTHER]
    kept = named[named["value"].rank(method="first", ascending=False) < MOST_SLICES]
    rest = parts["value"].sum() - kept["value"].sum()
    return pd.concat([kept, pd.DataFrame({"label": [OTHER], "value": [rest]})], ignore_index=True)


def _percent(portion: float) -> str:
    """The part in whole per cent; a small one is not nothing."""
    return "<1%" if portion < 0.005 else f"{portion:.0%}"  # noqa: PLR2004


def _ring(slices: pd.DataFrame, given: Mapping[str, str], metric: Metric) -> alt.Chart:
    labels = slices["label"].to_list()
    coloured = assigned(labels, {OTHER: MUTED, **given})
    picked = alt.selection_point(name="picked", fields=["label"], bind="legend", on="click")
    radius = "min(width, height) / 2"
    return (
        alt.Chart(slices)
        .mark_arc(
            outerRadius={"expr": radius},
            innerRadius={"expr": f"{radius} * 0.64"},
            padAngle=0.012,
            cornerRadius=2,
        )
        .encode(
            theta=alt.Theta("value:Q", stack="zero"),
            order=alt.Order("row:Q"),
            color=alt.Color(
                "label:N",
                scale=alt.Scale(domain=labels, range=[coloured[label] for label in labels]),
                legend=_legend(slices),
            ),
            opacity=emphasis.opacity(picked, 1, 0.2),
            tooltip=[
                alt.Tooltip("label:N", title="title"),
                alt.Tooltip("exact:N", title=metric.label),
                alt.Tooltip("percent:N", title="Share"),
            ],
        )
        .add_params(picked)
    )


def _legend(slices: pd.DataFrame) -> alt.Legend:
    """The names with their numbers below the ring: `Active . 12 (48%)`."""
    entries = [
        f"{shortened(words, LEGEND_NAME)} \N{MIDDLE DOT} {short} ({percent})"
        for words, short, percent in zip(
            slices["label"], slices["short"], slices["percent"], strict=True
        )
    ]
    return alt.Legend(
        labelExpr=f"{json.dumps(entries)}[datum.index]",
        labelLimit=0,
        orient="bottom",
        columns=1,
        title=None,
        symbolType="circle",
    )


def _middle(slices: pd.DataFrame, metric: Metric, centre: str | None) -> alt.Chart:
    words = metric.short(slices["value"].sum()) if centre is None else centre
    return (
        alt.Chart(pd.DataFrame({"words": [words]}))
        .mark_text(color="currentColor", fontSize=22, fontWeight=600)
        .encode(text=alt.Text("words:N"))
    )
