"""Sunburst: a total, its parts and their parts, as rings; a click zooms in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description, hierarchy, legend, parts
from meaux.charts.colours import MUTED
from meaux.charts.hierarchy import Node, Path
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import Metric

HEIGHT = 400
HOLE = 0.36
"""The radius of the hole, as a share of the whole radius."""
SHADES = [0, 1, 0.7, 0.45]
"""The strength of the colours of each ring, from the middle out."""
SMALL, FAINT = 1.5, 0.2
"""The degrees below which an arc is drawn in a faint strip, until a click makes it larger, and the
strip's opacity."""
LETTER = 6.4
LEAST_ROOM = 48
"""The room in pixels from which on a long name is shortened instead of left out."""
DARK, LIGHT = "#1a2130", "#ffffff"
INK = f"contrast('{DARK}', datum.colour) > contrast('{LIGHT}', datum.colour) ? '{DARK}' : '{LIGHT}'"
"""Dark or light, whichever has more contrast with the colour of an arc."""
BACK = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} "

TARGET = ["left", "right", "ring"]
"""The bounds of a click's zoom target."""
VIEW = {
    "begin": "zoom.left ? zoom.left[0] : 0",
    "end": "zoom.right ? zoom.right[0] : 1",
    "inner": "zoom.ring ? zoom.ring[0] : 0",
    "radius": "min(width, height) / 2",
}
"""The bounds of the current zoom, and the size of the chart."""
POINTER = {"expr": "datum.ring == inner ? 'default' : 'pointer'"}


def sunburst(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    rings: list[str],
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Draw the parts of a total: a ring for each of one to three columns, from the inside out.

    Columns: `rings` and the metric's name. Only values above zero are drawn. `colours` are of the
    innermost ring; the others have shades of them. A click on an arc zooms into it, one on the
    middle zooms out again.
    """
    totals = hierarchy.totals(frame, metric, rings)
    drawn = {path: value for path, value in totals.items() if value > 0}
    if not drawn:
        return description.blank(metric)
    rest = {path: value for path, value in totals.items() if value <= 0}
    # The chart contains the spans of all parts. A click stores the bounds of one, and angles and
    # and radii are expressions of these: zooming runs no page and reads no row.
    nodes = hierarchy.nodes(drawn, colours or {})
    given = parts.coloured([node.path[0] for node in nodes if node.depth == 1], colours)
    parents = hierarchy.parents(nodes)
    inwards = [
        node if node.depth < len(rings) else parent
        for node, parent in zip(nodes, parents, strict=True)
    ]
    places = _places(nodes, inwards, metric)[1:]
    arcs = _over(places.assign(colour=places["root"].map(given)), len(rings), metric)
    discs = _places(nodes, parents, metric).loc[lambda rows: rows["depth"] < len(rings)]
    layers = [_drawn(arcs, given), _labels(arcs), *_middle(discs, rest, metric)]
    return layered(
        *layers,
        height=HEIGHT + legend.height(given),
        description=hierarchy.said(nodes, rest, metric, rings),
        params=[alt.param(name=name, expr=value) for name, value in VIEW.items()],
    )


def _places(nodes: list[Node], targets: list[Node], metric: Metric) -> pd.DataFrame:
    """Return one row per node: its bounds, those of its click's zoom target, and its words."""
    return hierarchy.words(nodes, metric).assign(
        start=[node.start for node in nodes],
        stop=[node.stop for node in nodes],
        depth=[node.depth for node in nodes],
        left=[target.start for target in targets],
        right=[target.stop for target in targets],
        ring=[target.depth for target in targets],
    )


def _over(places: pd.DataFrame, rings: int, metric: Metric) -> Any:
    """Start a chart of the arcs in the current zoom, before its mark: their angles and radii."""
    turn = "2 * PI * clamp((datum.{} - begin) / (end - begin), 0, 1)"
    return (
        alt.Chart(places)
        .transform_filter("datum.depth > inner && datum.stop > begin && datum.start < end")
        .transform_calculate(
            level="datum.depth - inner",
            angle=turn.format("start"),
            angle2=turn.format("stop"),
            thick=f"radius * {1 - HOLE} / ({rings} - inner)",
        )
        .transform_calculate(
            near=f"radius * {HOLE} + (datum.level - 1) * datum.thick",
            far=f"radius * {HOLE} + datum.level * datum.thick",
            small=f"datum.angle2 - datum.angle < {SMALL} * PI / 180",
        )
        .encode(tooltip=_tooltip(metric))
    )


def _drawn(arcs: Any, given: Mapping[str, str]) -> Any:
    """Draw the arcs in the colour of their innermost ring's arc."""
    drawn = arcs.mark_arc(
        fillOpacity={"expr": f"datum.small ? {FAINT} : {SHADES}[datum.level]"},
        padAngle={"expr": "datum.small ? 0 : 0.008"},
        cornerRadius={"expr": "datum.small ? 0 : 2"},
        cursor=POINTER,
    )
    colour = alt.Color(
        "root:N",
        scale=alt.Scale(domain=list(given), range=list(given.values())),
        legend=legend.on_top(given, "square", legend.NEAR),
    )
    zoom = alt.selection_point(name="zoom", fields=TARGET, on="click", clear=False)
    return drawn.encode(
        alt.Theta("angle:Q", scale=None, stack=None),
        alt.Theta2("angle2:Q"),
        alt.Radius("far:Q", scale=None, stack=None),
        alt.Radius2("near:Q"),
        colour,
    ).add_params(zoom)


def _labels(arcs: Any) -> Any:
    """Write the names that fit: along the arc, otherwise outwards; never upside down."""
    placed = (
        arcs.transform_calculate(
            long=f"{LETTER} * length(datum.label)",
            along="(datum.angle + datum.angle2) / 2",
            middle="(datum.near + datum.far) / 2",
        )
        .transform_calculate(length="datum.middle * (datum.angle2 - datum.angle)")
        .transform_calculate(
            round="min(0.8 * datum.length, 1.2 * datum.middle)",
            out="datum.length > 14 ? datum.thick - 8 : 0",
        )
        .transform_calculate(
            curved=f"datum.long < datum.round"
            f" || (datum.long > datum.out && datum.round > {LEAST_ROOM})"
        )
        .transform_calculate(room="datum.curved ? datum.round : datum.out")
        .transform_filter(f"!datum.small && min(datum.long, {LEAST_ROOM}) < datum.room")
        .transform_calculate(
            x="width / 2 + datum.middle * sin(datum.along)",
            y="height / 2 - datum.middle * cos(datum.along)",
            turned="datum.curved ? datum.along : datum.along - PI / 2",
            upside="datum.curved ? cos(datum.along) < 0 : datum.along > PI",
        )
    )
    words = placed.mark_text(
        angle={"expr": "datum.turned * 180 / PI + (datum.upside ? 180 : 0)"},
        color={"expr": f"datum.level > 1 ? 'currentColor' : {INK}"},
        cursor=POINTER,
        fontSize=11,
        limit={"expr": "datum.room"},
    )
    return words.encode(
        alt.X("x:Q", scale=None, axis=None),
        alt.Y("y:Q", scale=None, axis=None),
        text=alt.Text("label:N"),
    )


def _middle(places: pd.DataFrame, rest: Mapping[Path, float], metric: Metric) -> list[Any]:
    """Write the total of the current zoom, on a disc that zooms out."""
    notes = [
        hierarchy.missing(rest, metric),
        *(f"{share} of total" for share in places["of_whole"][1:]),
    ]
    base = (
        alt.Chart(places.assign(note=notes))
        .transform_filter("datum.start == begin && datum.stop == end && datum.depth == inner")
        .transform_calculate(head=f"(inner > 0 ? '{BACK}' : '') + datum.label")
        .encode(tooltip=_tooltip(metric, click="Click"))
    )
    disc = base.mark_arc(
        theta=0,
        theta2=6.2832,
        outerRadius={"expr": f"{HOLE} * radius - 3"},
        color=MUTED,
        opacity={"expr": "inner > 0 ? 0.15 : 0.01"},
        cursor=POINTER,
    )
    room = {"expr": f"{2 * HOLE} * radius - 12"}
    lines = {"head": (-21, 12, 400), "short": (0, 20, 600), "note": (21, 11, 400)}
    return [
        disc,
        *(
            base.mark_text(
                color="currentColor",
                cursor=POINTER,
                dy=dy,
                fontSize=size,
                fontWeight=weight,
                limit=room,
            ).encode(text=alt.Text(f"{field}:N"))
            for field, (dy, size, weight) in lines.items()
        ),
    ]


def _tooltip(metric: Metric, **more: str) -> list[alt.Tooltip]:
    head = {"exact": metric.label, "of_parent": "Share of parent", "of_whole": "Share of total"}
    return tooltip("path", **head, **more)
