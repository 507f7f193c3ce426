"""Annotations: thin rules over the days of a chart, each with a small mark and its texts.

A chart can be annotated once it is drawn if its axis is one of days (`axis.across`) or of the days
of this month (`cumulative`), and if it is a calendar, whose cells get the marks without rules.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, description
from meaux.charts.calendar import PLACED, in_cells
from meaux.charts.cells import name, shortened
from meaux.charts.colours import MUTED
from meaux.charts.cumulative import DATED
from meaux.charts.layered import Drawn, layered, tooltip

SHAPES = {
    "Deployment": "triangle-up",
    "Milestone": "diamond",
    "Incident": "cross",
    "Budget change": "square",
    "Note": "circle",
}
"""The shape of each kind; several kinds together are a circle with their number."""
NARROW = 560
"""The width in pixels below which a chart has fewer marks."""
APART = {f"width >= {NARROW}": 0.05, f"width < {NARROW}": 0.12}
"""The share of the axis within which annotations become one mark, by the width of the chart."""
MOST_RULES = 8
"""More marks stand without rules, which would hide the chart."""
MOST_OF_A_KIND = 24
"""A kind with more annotations isn't marked on a calendar: its marks would hide the values."""
MOST_LISTED = 3
LONGEST = 60
MARK_AT = 5
"""Pixels from the top of the plot to the middle of a mark."""
STARTS = ("at", "left")
"""The fields of an axis of days: the day, and the left side of its column."""
TITLE = "heading"
NONE = "\N{EN DASH}"


def annotated(chart: Drawn, annotations: pd.DataFrame, grain: str = "day") -> Drawn:
    """Draw annotations on a finished chart; one without days stays as it is.

    `annotations`: day (datetime64), kind, text. Those outside of the chart's days are left out.
    """
    if annotations.empty:
        return chart
    if over_days := [layer for layer in chart.layer if _is_over_days(layer)]:
        days = pd.concat([layer.data["at"] for layer in over_days], ignore_index=True).dropna()
        placed = _placed(annotations, grain)
        x = over_days[0].encoding.x.copy(deep=False)
        x.shorthand = "at:T"
        return _on_axis(chart, placed, days, x, grain)
    if over_month := next((layer for layer in chart.layer if _has(layer, DATED)), None):
        days = over_month.data.dropna(subset=DATED)
        first = days[DATED].min() - pd.Timedelta(days=1)
        placed = _placed(annotations, "day")
        placed = placed.assign(at=(placed["start"] - first).dt.days)
        span = over_month.data["at"].max() - over_month.data["at"].min()
        return _on_axis(chart, placed, days["at"], over_month.encoding.x, "day", span)
    cells = next((layer.data for layer in chart.layer if _has(layer, *PLACED)), None)
    return chart if cells is None else _on_cells(chart, _placed(annotations, "day"), cells)


def _on_axis(  # noqa: PLR0913, PLR0917
    chart: Drawn,
    placed: pd.DataFrame,
    days: pd.Series,
    x: Any,
    grain: str,
    span: float | None = None,
) -> Drawn:
    """Draw annotations on the days of an axis; `span` is its length, if not that of the days."""
    inside = placed[placed["at"].between(days.min(), days.max())]
    if inside.empty:
        return chart
    kinds = [kind for kind in SHAPES if kind in set(inside["kind"])]
    span = days.max() - days.min() if span is None else span
    marks = {
        width: pd.DataFrame([_mark(g, kinds, grain) for g in _groups(inside, span * apart)])
        for width, apart in APART.items()
    }
    rules = [rule for width, at in marks.items() for rule in _rules(at, x, width)]
    drawn = [mark for width, at in marks.items() for mark in _marks(at, kinds, x, width)]
    return _with(chart, next(iter(marks.values())), rules, drawn)


def _on_cells(chart: Drawn, placed: pd.DataFrame, cells: pd.DataFrame) -> Drawn:
    """Draw annotations in the cells of a calendar's days, but none of what happens all the time."""
    inside = placed[placed["at"].isin(cells["at"])]
    counts = inside["kind"].map(inside["kind"].value_counts())
    inside = inside[counts <= MOST_OF_A_KIND]
    if inside.empty:
        return chart
    kinds = [kind for kind in SHAPES if kind in set(inside["kind"])]
    days = [list(day.itertuples()) for _, day in inside.groupby("at")]
    marks = pd.DataFrame([_mark(group, kinds, "day") for group in days])
    drawn = in_cells(marks.drop(columns="told").merge(cells[PLACED], on="at"))
    said = tooltip(TITLE, **{f"kind{n}": kind for n, kind in enumerate(kinds)})
    return _with(chart, marks, [], layered(drawn.encode(tooltip=said), description="").layer)


def _with(chart: Drawn, marks: pd.DataFrame, below: list[Any], above: list[Any]) -> Drawn:
    """Return the chart with layers below and above its own, and its annotations in words."""
    whole = chart.copy(deep=False)
    whole.layer = [*below, *chart.layer, *above]
    whole.description = f"{chart.description} {said(marks)}"
    return whole


def _has(layer: Any, *columns: str) -> bool:
    """Return whether the data of a layer have some columns, and any row."""
    data = layer.data
    return isinstance(data, pd.DataFrame) and {*columns} <= {*data} and len(data) > 0


def _is_over_days(layer: Any) -> bool:
    """Return whether a layer has the axis of days, and any day on it."""
    x = getattr(layer.encoding, "x", alt.Undefined)
    is_axis = isinstance(x, alt.X) and x.to_dict(context={"data": None}).get("field") in STARTS
    return is_axis and isinstance(layer.data, pd.DataFrame) and _has_instants(x, layer.data)


def _has_instants(x: alt.X, rows: pd.DataFrame) -> bool:
    scale = x["scale"]
    is_utc = isinstance(scale, alt.Scale) and scale["type"] == "utc"
    return is_utc and "at" in rows and bool(rows["at"].notna().any())


def _placed(annotations: pd.DataFrame, grain: str) -> pd.DataFrame:
    """Return the annotations with `at`: the first instant of their day, week or month."""
    days = annotations["day"].dt.normalize()
    if grain == "week":
        days -= pd.to_timedelta(days.dt.day_of_week, unit="D")
    elif grain == "month":
        days -= pd.to_timedelta(days.dt.day - 1, unit="D")
    return annotations.assign(start=days, at=axis.instants(days))


def _groups(placed: pd.DataFrame, room: float) -> list[list[Any]]:
    """Return the annotations of each mark: those closer together than a mark is wide."""
    groups: list[list[Any]] = []
    for row in placed.sort_values("at", kind="stable").itertuples():
        if groups and row.at - groups[-1][0].at <= room:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _mark(group: list[Any], kinds: list[str], grain: str) -> dict[str, Any]:
    """Return a mark at the first of some annotations: its place, its looks and its words."""
    used = {row.kind for row in group}
    first, last = (axis.words(row.start, grain) for row in (group[0], group[-1]))
    words = {f"kind{n}": _listed([r for r in group if r.kind == k]) for n, k in enumerate(kinds)}
    told = [f"{kind}: {words[f'kind{n}']}" for n, kind in enumerate(kinds) if kind in used]
    return {
        "at": group[0].at,
        TITLE: first if first == last else f"{first} \N{EN DASH} {last}",
        "shape": SHAPES[group[0].kind] if len(used) == 1 else "circle",
        "count": str(len(group)) if len(group) > 1 else "",
        "told": "; ".join(told),
        **words,
    }


def _listed(rows: list[Any]) -> str:
    texts: dict[str, int] = {}
    for row in rows:
        text = shortened(name(row.text), LONGEST)
        texts[text] = texts.get(text, 0) + 1
    said = [text if count == 1 else f"{text} ({count} times)" for text, count in texts.items()]
    return description.listed(said, MOST_LISTED) or NONE


def _rules(marks: pd.DataFrame, x: Any, width: str) -> list[Any]:
    """Draw the rules behind everything else, in a chart of this width; they say nothing."""
    if len(marks) > MOST_RULES:
        return []
    shown = alt.Chart(marks[["at"]]).transform_filter(width)
    rules = shown.mark_rule(color=MUTED, opacity=0.45, strokeWidth=1)
    return list(layered(rules.encode(x), description="").layer)


def _marks(marks: pd.DataFrame, kinds: list[str], x: Any, width: str) -> list[Any]:
    """Draw a mark at the top of each rule with its texts as tooltip, and the number beside it.

    They are in charts of this width.
    """
    columns = [f"kind{n}" for n in range(len(kinds))]
    lines = dict(zip(columns, kinds, strict=True))
    shown = alt.Chart(marks.drop(columns="told")).transform_filter(width)
    base = shown.encode(x, y=alt.YValue(MARK_AT))
    points = base.mark_point(
        shape=alt.ExprRef("datum.shape"), size=60, filled=True, opacity=1, color=MUTED
    ).encode(tooltip=tooltip(TITLE, **lines))
    counts = base.mark_text(color="currentColor", align="left", dx=6, fontSize=10)
    return list(layered(points, counts.encode(text=alt.Text("count:N")), description="").layer)


def said(marks: pd.DataFrame) -> str:
    """Name the annotations for screen readers."""
    told = [f"{day}: {words}" for day, words in zip(marks[TITLE], marks["told"], strict=True)]
    return f"Annotated: {description.listed(told)}."
