"""Bars: a column per day, week or month, perhaps stacked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, description, legend, lines, parts
from meaux.charts.colours import ACCENT, MUTED
from meaux.charts.layered import layered
from meaux.query.metrics import Metric

STEP = {grain: pd.Timedelta(days=n) for grain, n in {"day": 1, "week": 7, "month": 28}.items()}
"""The distance between columns: that of the shortest month, so that columns don't touch."""
WIDTH = 0.8
FEWEST = 6
"""Columns are as narrow as if there were at least this many, so a single one isn't too wide."""
LIGHT = 0.4
SHADOW = 0.25


def bars(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    series: str | None = None,
    colours: Mapping[str, str] | None = None,
    grain: str = "day",
    ghost: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw columns over days, stacked by `series` if it is given.

    Columns: `day` (datetime64, a local day; the first of its week or month), the metric's name,
    perhaps `series` (without their total), `partial` (bool: drawn lighter) and `ongoing` (bool:
    partial because it is still running). `ghost`: day, value, actual_day (text), the comparison
    period moved onto these days, drawn as shadows behind the columns. `marks`: day, value, text.
    """
    rows = lines.daily(frame, metric, series)
    if rows["value"].isna().all():
        return description.blank(metric)
    rows["series"] = parts.folded(rows["series"], rows["value"])
    order = parts.ordered(rows["series"], colours)
    given = parts.coloured(order, colours) if series else {metric.label: ACCENT}
    above = legend.on_top(order, "square") if len(order) > 1 else None
    columns = _columns(rows, STEP[grain])
    segments = parts.stacked(parts.summed(rows, "day", order), "day")
    before, noted = _before(ghost, columns, STEP[grain]), lines.aside(marks, "text")
    across = axis.across(columns["day"], grain, "left")
    tops = pd.concat([part for part in (segments["stop"], before["value"]) if len(part)])
    up = partial(axis.up, tops, metric, above=axis.HEADROOM)
    light = alt.condition("datum.partial", alt.value(LIGHT), alt.value(1))
    drawn = (
        alt.Chart(segments.merge(columns, on="day").drop(columns=["day", "ongoing"]))
        .mark_bar()
        .encode(
            across,
            alt.X2("right:T"),
            up("start"),
            alt.Y2("stop:Q"),
            legend.colour(order, given, above),
            fillOpacity=alt.FillOpacityValue(**light),
            opacity=choice.faint(0.1) if above else alt.OpacityValue(1),
        )
    )
    said = _said(segments, columns, before, metric)
    return layered(
        *_behind(before, across, up()),
        drawn.add_params(choice.picked()) if above else drawn,
        _hovered(_texts(columns, said, order, grain, noted), _names(said, order), across),
        _zero(columns, STEP[grain], across),
        *_marked(noted, columns, up(), grain),
        height=lines.HEIGHT,
        description=description.trend(rows, before, noted, metric, grain),
    )


def _columns(rows: pd.DataFrame, step: pd.Timedelta) -> pd.DataFrame:
    """Return one row per column: day, at, partial, ongoing, left and right (instants)."""
    columns = rows.groupby(["day", "at"])[["partial", "ongoing"]].any().reset_index()
    half = int(step * WIDTH / 2 / axis.MILLISECOND)
    return columns.assign(left=columns["at"] - half, right=columns["at"] + half)


def _zero(columns: pd.DataFrame, step: pd.Timedelta, across: Any) -> alt.Chart:
    """Draw the baseline, as long as the axis, with room for at least six columns."""
    first, last = columns["day"].min(), columns["day"].max()
    room = max(step, FEWEST * step - (last - first)) / 2
    ends = axis.instants(pd.Series([first - room, last + room]))
    place = pd.DataFrame({"left": [ends[0]], "right": [ends[1]]})
    line = alt.Chart(place).mark_rule(color=MUTED)
    return line.encode(across, alt.X2("right:T"), y=alt.YDatum(0))


def _before(ghost: pd.DataFrame | None, columns: pd.DataFrame, step: pd.Timedelta) -> pd.DataFrame:
    """Return the comparison period on the days of the columns, each as wide as a step."""
    found = lines.aside(ghost, "actual_day")
    half = int(step / 2 / axis.MILLISECOND)
    inside = found[found["day"].isin(columns["day"])]
    return inside.assign(left=inside["at"] - half, right=inside["at"] + half)


def _behind(before: pd.DataFrame, across: Any, up: Any) -> list[alt.Chart]:
    """Draw a shadow behind each column, as high as the comparison period; none without one."""
    if before.empty:
        return []
    shadow = alt.Chart(before.drop(columns="day")).mark_rect(color=MUTED, opacity=SHADOW)
    return [shadow.encode(across, alt.X2("right:T"), up, alt.Y2(datum=0))]


def _said(
    segments: pd.DataFrame, columns: pd.DataFrame, before: pd.DataFrame, metric: Metric
) -> pd.DataFrame:
    """Write every value, the totals and the comparison period's values: day, series, words."""
    whole = segments.groupby("day")["value"].sum().reindex(columns["day"])
    totals = pd.DataFrame({"day": columns["day"], "series": parts.TOTAL, "value": whole.array})
    now = pd.concat([segments[["day", "series", "value"]], totals]).merge(columns, on="day")
    then = lines.earlier(before, metric)
    both = [now.assign(words=lines.so_far(now, metric)), then]
    return pd.concat([part[["day", "series", "words"]] for part in both if len(part)])


def _names(said: pd.DataFrame, order: list[str]) -> list[str]:
    """Return the lines of a tooltip: the parts, their total if several, the comparison period."""
    total = [parts.TOTAL] if len(order) > 1 else []
    return [*order, *total, *([lines.PREVIOUS] if lines.PREVIOUS in set(said["series"]) else [])]


def _texts(
    columns: pd.DataFrame, said: pd.DataFrame, order: list[str], grain: str, noted: pd.DataFrame
) -> pd.DataFrame:
    """Write the tooltip: one row per column, with its title, its mark and its lines."""
    texts = lines.wide(said, "day", _names(said, order))
    texts = columns.drop(columns=["partial", "ongoing"]).merge(texts, on="day")
    return lines.titled(texts, grain, noted).drop(columns="day")


def _marked(noted: pd.DataFrame, columns: pd.DataFrame, up: Any, grain: str) -> list[alt.Chart]:
    """Draw a triangle above each marked column."""
    marks = lines.marked(noted, axis.across(columns["day"], grain), up)
    return [] if marks is None else [marks]


def _hovered(texts: pd.DataFrame, names: list[str], across: Any) -> alt.Chart:
    """Draw a light band behind the pointer over each column, with all its values as tooltip."""
    band = alt.Chart(texts).mark_rect(color=MUTED)
    band = band.encode(across, alt.X2("right:T"), tooltip=lines.said_of(names))
    return choice.hovered_days(band, 0.2, fields=["at"])
