"""Descriptions: what a chart says, in words, for those who can't see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from meaux.charts.axis import words
from meaux.charts.cells import shortened

if TYPE_CHECKING:
    from meaux.metrics import Metric

MOST_NAMED = 10
NAME = 60


def blank(metric: Metric) -> alt.LayerChart:
    """A chart of nothing that says so."""
    nothing = alt.Chart(pd.DataFrame({"value": pd.Series(dtype="float64")})).mark_point()
    return alt.layer(nothing).properties(description=f"{metric.label}: no values.")


def trend(
    rows: pd.DataFrame, before: pd.DataFrame, noted: pd.DataFrame, metric: Metric, grain: str
) -> str:
    """The range of days, each series with its total and its highest value, and what is special.

    `rows`: day, series, value, partial. `before`: value. `noted`: day, text.
    """
    parts = [
        f"{metric.label}, {_range(rows['day'], grain)}.",
        *_every_series(rows, metric, grain),
        _previous(before, metric),
        _marked(noted, grain),
        _running(rows, grain),
    ]
    return " ".join(part for part in parts if part)


def _range(days: pd.Series, grain: str) -> str:
    first, last = words(days.min(), grain), words(days.max(), grain)
    return first if first == last else f"{first} to {last}"


def _every_series(rows: pd.DataFrame, metric: Metric, grain: str) -> list[str]:
    groups = list(rows.dropna(subset="value").groupby("series", sort=False))
    more = [f"{len(groups) - MOST_NAMED} more series."] if len(groups) > MOST_NAMED else []
    return [_series(str(name), group, metric, grain) for name, group in groups[:MOST_NAMED]] + more


def _series(name: str, group: pd.DataFrame, metric: Metric, grain: str) -> str:
    top = group.sort_values("value", kind="stable").tail(1)
    value, day = top["value"].item(), top["day"].iloc[0]
    highest = f"highest {metric.exact(value)} ({words(day, grain)})"
    return f"{shortened(name, NAME)}: {_whole(group['value'], metric)}, {highest}."


def _whole(values: pd.Series, metric: Metric) -> str:
    """The sum where values add up, otherwise the latest one."""
    if metric.total == "sum":
        return f"{metric.exact(values.sum())} in total"
    return f"latest {metric.exact(values.iloc[-1])}"


def _previous(before: pd.DataFrame, metric: Metric) -> str:
    return "" if before.empty else f"Previous period: {_whole(before['value'], metric)}."


def _marked(noted: pd.DataFrame, grain: str) -> str:
    notes = [
        f"{words(day, grain)} {text}" for day, text in zip(noted["day"], noted["text"], strict=True)
    ]
    return f"Marked: {listed(notes)}." if notes else ""


def _running(rows: pd.DataFrame, grain: str) -> str:
    running = rows.loc[rows["partial"], "day"]
    return f"{words(running.max(), grain)} is not complete." if len(running) else ""


def ranking(bars: pd.DataFrame, metric: Metric) -> str:
    """How many bars there are and what each says, in order.

    `bars` has the columns label, exact and portion (text, may be empty).
    """
    items = [
        f"{shortened(label, NAME)} {exact}" + (f" ({portion})" if portion else "")
        for label, exact, portion in zip(bars["label"], bars["exact"], bars["portion"], strict=True)
    ]
    return f"{metric.label}, {len(items)} in order: {listed(items)}."


def share(slices: pd.DataFrame, metric: Metric, left_out: list[str]) -> str:
    """The total, each slice, and what has no slice because it is not above zero.

    `slices` has the columns label, value, exact and percent.
    """
    items = [
        f"{shortened(label, NAME)} {exact} ({percent})"
        for label, exact, percent in zip(
            slices["label"], slices["exact"], slices["percent"], strict=True
        )
    ]
    said = f"{metric.label}: {metric.exact(slices['value'].sum())} in total. {listed(items)}."
    return said + (f" Not drawn, not above zero: {listed(left_out)}." if left_out else "")


def listed(items: list[str]) -> str:
    """The items in one line, at most ten of them."""
    more = [f"{len(items) - MOST_NAMED} more"] if len(items) > MOST_NAMED else []
    return ", ".join(items[:MOST_NAMED] + more)
