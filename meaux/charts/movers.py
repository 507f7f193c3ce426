"""Movers: increases and decreases as bars to both sides of zero."""

from __future__ import annotations

import altair as alt
import pandas as pd

from meaux.charts import choice, description, legend, rows
from meaux.charts.cells import beside, dotted, numbered, perhaps, read, words
from meaux.charts.colours import ACCENT, BETTER, MUTED, WORSE
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import Metric, relative


def movers(frame: pd.DataFrame, metric: Metric, *, label: str) -> alt.LayerChart:
    """Draw the change of each row as a bar: increases to the right of zero, decreases to the left.

    Columns: `label`, the metric's name (the change itself), perhaps `share_change` (change /
    earlier value) and `word` ("new", "gone": if there is no ratio). A change for the better is
    green and one for the worse red, as set by the metric's `good`: rising costs are red. Sign, side
    and the legend above show it too.
    """
    given = read(frame, metric, label=label)
    if given["value"].isna().all():
        return description.blank(metric)
    sides, bars = _sides(metric), _bars(given, _besides(frame), metric)
    ends = rows.domain(bars["value"].min(), bars["value"].max())
    across = alt.X("value:Q", scale=alt.Scale(domain=ends, nice=False, zero=True), axis=None)
    said = tooltip("label", exact="Change", beside="Change (%)")
    base = alt.Chart(bars).encode(rows.headed(len(bars)), tooltip=said)
    drawn = (
        base.mark_bar(height=rows.THICK, yOffset=rows.BAR, cornerRadiusEnd=3)
        .encode(
            across,
            legend.colour(list(sides), sides, legend.on_top(sides, "square", legend.NEAR)),
            opacity=choice.faint(0.2),
            fillOpacity=choice.faint_fill(0.35),
        )
        .add_params(choice.picked(), choice.marked())
    )
    return layered(
        drawn,
        rows.tick(base, thickness=1.5, color=MUTED).encode(x=alt.XDatum(0)),
        *rows.heads(base),
        height=rows.HEADED * len(bars) + legend.height(sides),
        description=description.in_order(bars["label"], bars["said"], metric),
    )


def _bars(given: pd.DataFrame, besides: list[str], metric: Metric) -> pd.DataFrame:
    """Return one row per bar: row, label, value, series (its side), and its words."""
    up, down = _sides(metric)
    exact = [_signed(value, metric.exact(value)) for value in given["value"]]
    alike = metric.alike(given["value"])
    short = [_signed(*both) for both in zip(given["value"], alike, strict=True)]
    return numbered(given).assign(
        value=given["value"].fillna(0).array,
        series=[down if value < 0 else up for value in given["value"]],
        exact=exact,
        beside=besides,
        said=[beside(*both) for both in zip(exact, besides, strict=True)],
        long=[dotted(*both) for both in zip(exact, besides, strict=True)],
        brief=[dotted(*both) for both in zip(short, besides, strict=True)],
    )


def _signed(value: float, words: str) -> str:
    """Write a value with its sign, also if it is positive."""
    return f"+{words}" if value > 0 else words


def _besides(frame: pd.DataFrame) -> list[str]:
    """Write the relative change; if there is none, the column `word`."""
    both = zip(perhaps(frame, "share_change"), words(frame, "word"), strict=True)
    return [relative(ratio) if pd.notna(ratio) else word for ratio, word in both]


def _sides(metric: Metric) -> dict[str, str]:
    """Return the name of an increase and of a decrease, each with its colour."""
    up, down = ("Costs more", "Costs less") if metric.unit == "money" else ("More", "Less")
    if metric.good == "neither":
        return {up: ACCENT, down: MUTED}
    return {up: BETTER, down: WORSE} if metric.good == "up" else {up: WORSE, down: BETTER}
