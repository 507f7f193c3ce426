"""Share: the shares of a total, as a ring."""

from __future__ import annotations

import json
from collections.abc import Mapping

import altair as alt
import pandas as pd

from meaux.charts import choice, description
from meaux.charts.cells import beside, dotted, name, portion, read, shortened
from meaux.charts.colours import MUTED, assigned
from meaux.charts.layered import layered, tooltip
from meaux.charts.parts import OTHER
from meaux.query.metrics import Metric
from meaux.wording import sentences

MOST_SLICES = 8
RING = 200
LINE = 18
LEGEND_NAME = 28


def share(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    colours: Mapping[str, str] | None = None,
    colour: str | None = None,
) -> alt.LayerChart:
    """Draw the rows above zero as slices in their order, the total in the middle.

    Columns: `label`, the metric's name and, if `colour` names it, the slice's own colour. If there
    are more than eight slices, the smallest become "Other".
    """
    known = read(frame, metric, label=label).dropna()
    if not (known["value"] > 0).any():
        return description.blank(metric)
    parts = known.groupby("label", sort=False, as_index=False).sum()
    given = {**_own(frame, label, colour), **(colours or {})}
    slices = _slices(parts[parts["value"] > 0], metric)
    return layered(
        _ring(slices, given, metric),
        _middle(metric.short(slices["value"].sum())),
        height=RING + LINE * len(slices),
        description=_said(slices, parts[parts["value"] <= 0], metric),
    )


def _own(frame: pd.DataFrame, label: str, colour: str | None) -> dict[str, str]:
    """Return the colour of each name, from the frame."""
    if colour is None or colour not in frame:
        return {}
    return dict(zip(map(name, frame[label]), frame[colour], strict=True))


def _slices(parts: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    parts = _largest(parts) if len(parts) > MOST_SLICES else parts
    portions = parts["value"] / parts["value"].sum()
    return parts.assign(
        row=range(len(parts)),
        exact=metric.exactly(parts["value"]),
        short=metric.alike(parts["value"]),
        percent=[portion(part) for part in portions],
    )


def _largest(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the seven largest slices with a name, then the sum of the rest."""
    named = parts[parts["label"] != OTHER]
    kept = named[named["value"].rank(method="first", ascending=False) < MOST_SLICES]
    rest = parts["value"].sum() - kept["value"].sum()
    return pd.concat([kept, pd.DataFrame({"label": [OTHER], "value": [rest]})], ignore_index=True)


def _said(slices: pd.DataFrame, rest: pd.DataFrame, metric: Metric) -> str:
    """Write the total, each slice, and the undrawn values."""
    exact = [beside(*both) for both in zip(slices["exact"], slices["percent"], strict=True)]
    names = [shortened(label, LEGEND_NAME) for label in rest["label"]]
    left_out = description.named(names, map(metric.exact, rest["value"]))
    return sentences(
        f"{metric.label}: {metric.exact(slices['value'].sum())} in total.",
        f"{description.listed(description.named(slices['label'], exact))}.",
        description.below_zero(left_out),
    )


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
            opacity=choice.opacity(picked, 1, 0.2),
            tooltip=tooltip("label", exact=metric.label, percent="Share"),
        )
        .add_params(picked)
    )


def _legend(slices: pd.DataFrame) -> alt.Legend:
    """Put the names with their numbers below the ring: `Active . 12 (48%)`."""
    entries = [
        dotted(shortened(words, LEGEND_NAME), beside(short, percent))
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


def _middle(words: str) -> alt.Chart:
    return (
        alt.Chart(pd.DataFrame({"words": [words]}))
        .mark_text(color="currentColor", fontSize=22, fontWeight=600)
        .encode(text=alt.Text("words:N"))
    )
