"""Descriptions: the contents of a chart as text, for screen readers."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd

from meaux.charts.axis import words
from meaux.charts.cells import beside, shortened
from meaux.charts.layered import layered
from meaux.query.metrics import MISSING, Metric
from meaux.wording import counted, enumerated, sentences

MOST_NAMED = 10
NAME = 60


def blank(metric: Metric) -> alt.LayerChart:
    """Draw an empty chart with the text that it has no values."""
    nothing = alt.Chart(pd.DataFrame({"value": pd.Series(dtype="float64")})).mark_point()
    return layered(nothing, description=f"{metric.label}: no values.")


def trend(
    rows: pd.DataFrame, before: pd.DataFrame, noted: pd.DataFrame, metric: Metric, grain: str
) -> str:
    """Describe the range of days, each series' total and highest value, and the special days.

    `rows`: day, series, value, partial, ongoing. `before`: value. `noted`: day, text.
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
    return first if first == last else f"{first} \N{EN DASH} {last}"


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
    """Write the sum if values add up, otherwise the latest one."""
    if metric.total == "sum":
        return f"{metric.exact(values.sum())} in total"
    return f"latest {metric.exact(values.iloc[-1])}"


def _previous(before: pd.DataFrame, metric: Metric) -> str:
    return "" if before.empty else f"Comparison period: {_whole(before['value'], metric)}."


def _marked(noted: pd.DataFrame, grain: str) -> str:
    notes = [
        f"{words(day, grain)} {text}" for day, text in zip(noted["day"], noted["text"], strict=True)
    ]
    return f"Marked: {listed(notes)}." if notes else ""


def _running(rows: pd.DataFrame, grain: str) -> str:
    """Name the incomplete day, and the partial weeks or months."""
    running = rows.loc[rows["ongoing"], "day"]
    cut = rows.loc[rows["partial"] & ~rows["ongoing"], "day"].drop_duplicates().sort_values()
    parts = [words(day, grain) for day in cut]
    return sentences(
        f"Partial: {enumerated(parts)}." if parts else "",
        f"{words(running.max(), grain)} is not complete yet." if len(running) else "",
    )


def fan(  # noqa: PLR0913, PLR0917  a fan shows that much
    rows: pd.DataFrame,
    ahead: pd.DataFrame,
    supposed: pd.DataFrame,
    noted: pd.DataFrame,
    metric: Metric,
    today: pd.Timestamp,
) -> str:
    """Describe the known days, and the forecast days with the ranges of the last one.

    `rows`: day, series, value, partial, ongoing. `ahead`: day, value, band80, band95 (text).
    `supposed`: day, value. `noted`: day, text.
    """
    parts = [
        f"{metric.label}, {_range(rows['day'], 'day')}." if len(rows) else f"{metric.label}.",
        *_every_series(rows, metric, "day"),
        _expected(ahead, metric),
        _supposed(supposed, metric),
        _marked(noted, "day"),
        f"Today: {words(today)}.",
        _running(rows, "day"),
    ]
    return " ".join(part for part in parts if part)


def _expected(ahead: pd.DataFrame, metric: Metric) -> str:
    known = ahead.dropna(subset="value")
    if known.empty:
        return ""
    last = known.iloc[-1]
    bands = [
        f"{share}% range {band}"
        for share, band in ((80, last["band80"]), (95, last["band95"]))
        if band != MISSING
    ]
    within = f" ({', '.join(bands)})" if bands else ""
    return (
        f"Forecast, {_range(known['day'], 'day')}: {_whole(known['value'], metric)}; "
        f"on the last day {metric.exact(last['value'])}{within}."
    )


def _supposed(supposed: pd.DataFrame, metric: Metric) -> str:
    known = supposed.dropna(subset="value")
    if known.empty:
        return ""
    return f"Scenario, {_range(known['day'], 'day')}: {_whole(known['value'], metric)}."


def cumulative(rows: pd.DataFrame, metric: Metric, budget: float | None) -> str:
    """Describe the running total of each series, and its day of the month.

    `rows`: at (the day of the month), series, value, partial.
    """
    known = rows.dropna(subset="value").groupby("series", sort=False)
    groups = {str(name): group for name, group in known}
    last = [group.iloc[-1] for group in groups.values()]
    said = [
        f"{metric.exact(row['value'])} by day {row['at']}" + (" so far" if row["partial"] else "")
        for row in last
    ]
    limit = "" if budget is None else f" Budget {metric.exact(budget)}."
    return f"{metric.label}, running total of the month: {listed(named(groups, said))}.{limit}"


def in_order(labels: pd.Series, said: Iterable[str], metric: Metric, *what: str) -> str:
    """Write the number of rows, and each with its words, in order."""
    items = named(labels, said)
    head = ", ".join([metric.label, *what, f"{counted(len(items), 'item')} in order"])
    return f"{head}: {listed(items)}."


def stacked(bars: pd.DataFrame, segments: pd.DataFrame, metric: Metric, *what: str) -> str:
    """Write the number of bars, and each with its parts, in order.

    `bars`: row, label, total. `segments`: row, series, words.
    """
    said = segments["series"] + " " + segments["words"]
    made = {row: listed(list(parts)) for row, parts in said.groupby(segments["row"])}
    totals = zip(bars["row"], bars["total"], strict=True)
    whole = [beside(metric.exact(total), made.get(row, "")) for row, total in totals]
    return in_order(bars["label"], whole, metric, *what)


def named(labels: Iterable[str], said: Iterable[str]) -> list[str]:
    """Return each label, shortened, followed by its words."""
    return [f"{shortened(label, NAME)} {words}" for label, words in zip(labels, said, strict=True)]


def below_zero(items: list[str]) -> str:
    """List the values that can't be drawn as a part of a whole; empty if there are none."""
    return f"Not drawn (zero or negative): {listed(items)}." if items else ""


def listed(items: list[str], most: int = MOST_NAMED) -> str:
    """List the items in one line, by default at most ten."""
    more = [f"{len(items) - most} more"] if len(items) > most else []
    return ", ".join(items[:most] + more)
