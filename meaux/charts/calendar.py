"""Calendar: the days of a year as cells, weeks across and weekdays down."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, description, legend, lines
from meaux.charts.colours import MUTED, NEGATIVE, SEQUENTIAL
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import Metric

HEIGHT = 232
NARROW = "(width < 560)"
"""If the chart is narrow, the halves of the year are stacked, so that cells are large enough.

Python doesn't know the width, and a second chart for phones could differ from the first. So
expressions of the width place the cells.
"""
WEEKS, HALF_WEEKS = 54, 28
"""The maximum number of columns of a year and of half a year."""
LEFT, ABOVE, BETWEEN = 32, 18, 8
"""The room for the weekdays, for the months and between the halves, in pixels."""
CELL = (
    f"{NARROW} ? min((width - {LEFT}) / {HALF_WEEKS}, (height - {2 * ABOVE + BETWEEN}) / 14)"
    f" : min((width - {LEFT}) / {WEEKS}, (height - {ABOVE}) / 7)"
)
ACROSS = f"{LEFT} + cell * ({NARROW} ? datum.turn : datum.week)"
DOWN = (
    f"{ABOVE} + cell * datum.weekday + ({NARROW} ? datum.half * (7 * cell + {ABOVE + BETWEEN}) : 0)"
)
GRADIENT = 180
"""The width of the legend's gradient beside its title."""
WORDS = {"color": "currentColor", "fontSize": 11, "opacity": 0.8}
MINUS = "\N{MINUS SIGN}"
PLACED = ["at", "week", "turn", "half", "weekday"]
"""The columns that place the cell of a day."""
DARK, HALO = "#1a1c24", "#ffffff"
"""A mark and its edge, which stand out on every colour of a cell, in both themes."""
MOST_DAYS = 5
"""The number of highest days that the description names."""


def calendar(
    frame: pd.DataFrame, metric: Metric, *, year: int, today: pd.Timestamp | None = None
) -> alt.LayerChart:
    """Draw the days of a year, coloured by value; on a phone in two halves.

    Columns: day (datetime64, a local day), the metric's name and perhaps `partial` (bool: still
    running). A day without a value is hollow; a negative one has its own hue and a minus. Days
    after `today` aren't drawn; without `today`, days after the last value.
    """
    days = _days(frame, metric, year, today)
    if days["value"].isna().all():
        return description.blank(metric)
    cells = _over(days).encode(tooltip=tooltip("words", exact=metric.label))
    layers = [
        _hollow(cells.transform_filter("datum.value === null")),
        _filled(cells.transform_filter("datum.value !== null"), days["value"], metric),
        _minus(cells.transform_filter("datum.value < 0")),
        _edges(days),
        _months(days),
        _weekdays(days),
    ]
    return layered(
        *layers,
        height=HEIGHT,
        description=_said(days, metric, year),
        params=[alt.param(name="cell", expr=CELL)],
    )


def _days(
    frame: pd.DataFrame, metric: Metric, year: int, today: pd.Timestamp | None
) -> pd.DataFrame:
    """Return one row per day from 1 January on: day, value, its place and its words."""
    rows = lines.daily(frame, metric, None).dropna(subset="value")
    rows = rows[rows["day"].dt.year == year]
    sums = rows.groupby("day").agg(value=("value", "sum"), partial=("partial", "any"))
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    seen = [first, *sums.index, *([] if today is None else [min(pd.Timestamp(today), last)])]
    days = sums.reindex(pd.date_range(first, max(seen), name="day")).reset_index()
    days = _placed(days.assign(partial=lines.partial(days)))
    return days.assign(
        at=axis.instants(days["day"]),
        words=[axis.words(day) for day in days["day"]],
        exact=lines.so_far(days, metric),
    )


def _placed(days: pd.DataFrame) -> pd.DataFrame:
    """Add each day's weekday (Monday is 0), week and half of the year.

    `week` counts from the year's first week, `turn` from the half's.
    """
    day = days["day"]
    half = (day.dt.month > 6).astype(int)  # noqa: PLR2004
    july = pd.to_datetime({"year": day.dt.year, "month": 1 + 6 * half, "day": 1})
    return days.assign(
        weekday=day.dt.day_of_week,
        half=half,
        week=_weeks(day, day.dt.to_period("Y").dt.start_time),
        turn=_weeks(day, july),
    )


def _weeks(days: pd.Series, since: pd.Series) -> pd.Series:
    """Count the weeks, from Monday on, between the week of `since` and each day."""
    weeks: pd.Series = ((days - since).dt.days + since.dt.day_of_week) // 7
    return weeks


def in_cells(marks: pd.DataFrame) -> Any:
    """Start a layer of marks in the middle of cells. Columns: `PLACED`, shape."""
    points = _over(marks).mark_point(
        shape=alt.ExprRef("datum.shape"),
        size=alt.ExprRef("min(60, cell * cell / 3)"),
        filled=True,
        opacity=1,
        color=DARK,
        stroke=HALO,
        strokeWidth=1,
    )
    return points.encode(_x("middle"), _y("centre"))


def _over(places: pd.DataFrame) -> Any:
    """Start a chart of places, before its mark.

    Columns: week, turn, half, weekday, and perhaps wide and high (the size in cells; otherwise 1).
    """
    sized = pd.DataFrame({"wide": 1, "high": 1}, index=places.index)
    return (
        alt.Chart(places.combine_first(sized))
        .transform_calculate(left=ACROSS, top=DOWN)
        .transform_calculate(
            right="datum.left + cell * datum.wide",
            bottom="datum.top + cell * datum.high",
            middle="datum.left + cell / 2",
            centre="datum.top + cell / 2",
        )
        .encode(_x("left"), _y("top"))
    )


def _x(field: str) -> Any:
    """Return the horizontal position of a place, in pixels."""
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _y(field: str) -> Any:
    """Return the vertical position of a place, in pixels."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _rects(cells: Any, **style: Any) -> Any:
    """Draw the cells with a small gap between them."""
    gap = {"xOffset": 1, "yOffset": 1, "x2Offset": -1, "y2Offset": -1}
    rects = cells.mark_rect(cornerRadius=2, **gap, **style)
    return rects.encode(alt.X2("right:Q"), alt.Y2("bottom:Q"))


def _hollow(cells: Any) -> Any:
    """Draw the cells of days without a value: an outline."""
    return _rects(cells, fill="transparent", stroke=MUTED, strokeOpacity=0.45, strokeWidth=1)


def _filled(cells: Any, values: pd.Series, metric: Metric) -> Any:
    """Draw the cells with a value, from faint at zero to strong at the farthest value."""
    room = {"offset": 4, "titleLimit": {"expr": f"width - {GRADIENT}"}}
    above = legend.gradient(values, metric, GRADIENT, **room)
    title = axis.title(values, metric)
    colour = alt.Color("value:Q", scale=_scale(values), legend=above, title=title)
    opacity = choice.opacity(choice.dated(), 1, 0.35)
    return _rects(cells).encode(colour, opacity=opacity).add_params(choice.dated())


def _scale(values: pd.Series) -> alt.Scale:
    """Return equal steps up to the largest value; with negative values, as many below zero."""
    most = values.abs().max() or 1.0
    stops = [most * step / (len(SEQUENTIAL) - 1) for step in range(len(SEQUENTIAL))]
    if not (values < 0).any():
        return alt.Scale(domain=stops, range=list(SEQUENTIAL))
    below = [-stop for stop in reversed(stops)]
    return alt.Scale(domain=below + stops, range=[*reversed(NEGATIVE), *SEQUENTIAL])


def _minus(cells: Any) -> Any:
    """Draw a minus in each cell below zero."""
    words = cells.mark_text(text=MINUS, color="currentColor", fontSize={"expr": "cell"})
    return words.encode(_x("middle"), _y("centre"))


def _edges(days: pd.DataFrame) -> Any:
    """Draw the lines between the months, along the sides of the cells."""
    firsts = days[(days["day"].dt.day == 1) & (days["day"].dt.month > 1)]
    firsts = firsts[["week", "turn", "half", "weekday"]]
    late = firsts[firsts["weekday"] > 0]
    sides = [
        firsts.assign(wide=0, high=7 - firsts["weekday"]),
        late.assign(wide=1, high=0),
        late.assign(
            week=late["week"] + 1, turn=late["turn"] + 1, weekday=0, wide=0, high=late["weekday"]
        ),
    ]
    edges = _over(pd.concat(sides, ignore_index=True)).mark_rule(color="currentColor", opacity=0.35)
    return edges.encode(alt.X2("right:Q"), alt.Y2("bottom:Q"))


def _months(days: pd.DataFrame) -> Any:
    """Write the name of each month above the first week that begins in it."""
    firsts = days[days["day"].dt.day == 1]
    late = (firsts["weekday"] > 0).astype(int)
    names = firsts[["half"]].assign(
        words=firsts["day"].dt.strftime("%b"),
        week=firsts["week"] + late,
        turn=firsts["turn"] + late,
        weekday=0,
    )
    words = _over(names).mark_text(align="left", baseline="bottom", dx=1, dy=-3, **WORDS)
    return words.encode(text=alt.Text("words:N"))


def _weekdays(days: pd.DataFrame) -> Any:
    """Write the weekdays to the left of each half, every other one if the cells are small."""
    week = pd.date_range("2024-01-01", periods=7).strftime("%a")
    halves = [
        pd.DataFrame({"words": week, "weekday": range(7), "half": half, "week": 0, "turn": 0})
        for half in days["half"].unique()
    ]
    shown = f"(datum.half == 0 || {NARROW}) && (cell > 12 || datum.weekday % 2 == 0)"
    words = _over(pd.concat(halves, ignore_index=True)).transform_filter(shown)
    return words.mark_text(align="right", dx=-6, **WORDS).encode(
        _y("centre"), text=alt.Text("words:N")
    )


def _said(days: pd.DataFrame, metric: Metric, year: int) -> str:
    """Describe the number of days with a value, the highest, the months, and the negative days."""
    known = days.dropna(subset="value")
    whole = f"{metric.exact(known['value'].sum())} in total, " if metric.total == "sum" else ""
    below = known[known["value"] < 0].sort_values("value", kind="stable")
    parts = [
        f"{metric.label} by day, {year}: {whole}{len(known)} of {len(days)} days have a value.",
        f"Highest: {_named(known.nlargest(MOST_DAYS, 'value'))}.",
        f"Negative days (marked with a minus): {_named(below)}." if len(below) else "",
        _by_month(known, metric),
    ]
    return " ".join(part for part in parts if part)


def _named(days: pd.DataFrame) -> str:
    named = [f"{day} {value}" for day, value in zip(days["words"], days["exact"], strict=True)]
    return description.listed(named)


def _by_month(known: pd.DataFrame, metric: Metric) -> str:
    if metric.total != "sum":
        return ""
    sums = known.groupby(known["day"].dt.to_period("M"))["value"].sum()
    months = [f"{month:%B} {metric.exact(value)}" for month, value in sums.items()]
    return f"By month: {', '.join(months)}."
