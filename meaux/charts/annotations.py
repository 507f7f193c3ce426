"""Annotations: thin rules over the days of a chart, each with a small mark and its texts.

Any chart whose axis is one of days (`axis.across`) can be annotated once it is drawn.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, description
from meaux.charts.cells import name, shortened
from meaux.charts.colours import MUTED
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
MOST_LISTED = 3
LONGEST = 60
MARK_AT = 5
"""Pixels from the top of the plot to the middle of a mark."""
TITLE = "heading"
NONE = "\N{EN DASH}"


def annotated(chart: Drawn, annotations: pd.DataFrame, grain: str = "day") -> Drawn:
    """Draw annotations on a finished chart; one without days stays as it is.

    `annotations`: day (datetime64), kind, text. Those outside of the chart's days are left out.
    """
    over_days = [layer for layer in chart.layer if _is_over_days(layer)]
    if not over_days or annotations.empty:
        return chart
    x = over_days[0].encoding.x
    days = pd.concat([layer.data["at"] for layer in over_days], ignore_index=True).dropna()
    placed = _placed(annotations, grain)
    inside = placed[placed["at"].between(days.min(), days.max())]
    if inside.empty:
        return chart
    kinds = [kind for kind in SHAPES if kind in set(inside["kind"])]
    span = days.max() - days.min()
    marks = {
        width: pd.DataFrame([_mark(g, kinds, grain) for g in _groups(inside, span * apart)])
        for width, apart in APART.items()
    }
    whole = chart.copy(deep=False)
    whole.layer = [
        *(rule for width, at in marks.items() for rule in _rules(at, x, width)),
        *chart.layer,
        *(mark for width, at in marks.items() for mark in _marks(at, kinds, x, width)),
    ]
    whole.description = f"{chart.description} {said(next(iter(marks.values())))}"
    return whole


def _is_over_days(layer: Any) -> bool:
    """Return whether a layer has the axis of days, and any day on it."""
    x = getattr(layer.encoding, "x", alt.Undefined)
    is_axis = isinstance(x, alt.X) and x.to_dict(context={"data": None}).get("field") == "at"
    return is_axis and isinstance(layer.data, pd.DataFrame) and _has_instants(x, layer.data)


def _has_instants(x: alt.X, rows: pd.DataFrame) -> bool:
    return x["scale"]["type"] == "utc" and "at" in rows and bool(rows["at"].notna().any())


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
