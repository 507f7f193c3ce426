"""Timeline: events on one time axis, a lane for each type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, description, legend, rows
from meaux.charts.cells import beside, dotted, name, names, numbers, shortened, words
from meaux.charts.colours import MUTED, SEVERITY
from meaux.charts.layered import layered, tooltip
from meaux.data.schema import vocabulary
from meaux.query.metrics import Metric

UNGRADED = "No severity"
SHAPES = {
    "Critical": "diamond",
    "Error": "cross",
    "Warning": "triangle-up",
    "Info": "circle",
    UNGRADED: "square",
}
LANE = AXIS = 44
"""The height of a lane and of the axis below, in pixels."""
TRACK = 23
"""The height of a severity in a lane with grouped events."""
SIZES = [70, 300]
"""The areas of the points of one event and of the most events, in pixels."""
OPACITY = 0.75
MOST = 500
"""The maximum number of events with points of their own."""
HOURLY = pd.Timedelta(days=4)
"""The longest time span that is grouped by the hour."""
ROOM = pd.Timedelta(hours=1)
"""The minimum room at both ends of the axis."""
TICK = 90
LATEST = 3


def timeline(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    lanes: Sequence[str],
    zone: str = "UTC",
) -> alt.LayerChart:
    """Draw events on one time axis, in these lanes, by severity.

    Columns: at (datetime64[ns, UTC]), lane, title, and perhaps severity (in any spelling),
    project and count (the number of events in a row). Times are local in `zone`. `metric` names
    the events. More than 500 events are grouped by the hour or the day.
    """
    events = _events(frame, zone)
    if events.empty:
        return description.blank(metric)
    places = list(dict.fromkeys([*map(name, lanes), *events["lane"]]))
    dense = len(events) > MOST
    points = _points(_together(events) if dense else _alone(events), places)
    used = [severity for severity in SHAPES if severity in set(points["series"])]
    across = _across(events["wall"], zone)
    gap = 0.25 if dense else 0.5
    down = rows.down(places, padding=gap)
    drawn = _drawn(points, used).encode(across, down)
    height = max(LANE, TRACK * len(used)) if dense else LANE
    layers = [
        _rules(events["wall"], len(places)).encode(across, down),
        drawn.encode(alt.YOffset("series:N", scale=alt.Scale(domain=used))) if dense else drawn,
    ]
    return layered(
        *layers,
        height=height * len(places) + AXIS + legend.height(used),
        description=_said(events, places, metric.label, zone),
    )


def _events(frame: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return the frame as wall (the local time of the zone), lane, title, series and count."""
    if frame.empty or "at" not in frame:
        return pd.DataFrame()
    events = pd.DataFrame(
        {
            "wall": pd.to_datetime(frame["at"], utc=True).dt.tz_convert(zone).dt.tz_localize(None),
            "lane": names(frame["lane"]),
            "title": _titles(frame),
            "series": [_severity(word) for word in frame.get("severity", [None] * len(frame))],
            "count": numbers(frame["count"]).fillna(1) if "count" in frame else 1,
        }
    )
    return events.dropna(subset="wall").sort_values("wall", kind="stable", ignore_index=True)


def _titles(frame: pd.DataFrame) -> list[str]:
    """Write each event's title, and its project."""
    both = zip(frame["title"], words(frame, "project"), strict=True)
    return [dotted(name(title), project) for title, project in both]


def _severity(word: object) -> str:
    """Return the severity of a word; a missing word has none."""
    return vocabulary.severity(word) if isinstance(word, str) else UNGRADED


def _alone(events: pd.DataFrame) -> pd.DataFrame:
    """Return each event with its time in words."""
    return events.assign(when=_minutes(events["wall"]))


def _minutes(walls: pd.Series) -> list[str]:
    return [f"{axis.words(wall)}, {wall:%H:%M}" for wall in walls]


def _together(events: pd.DataFrame) -> pd.DataFrame:
    """Group the events by hour or day, lane and severity, with the title of the last one."""
    hourly = events["wall"].max() - events["wall"].min() <= HOURLY
    begun = events["wall"].dt.floor("h" if hourly else "D")
    groups = events.assign(wall=begun).groupby(["wall", "lane", "series"], as_index=False)
    points = groups.agg(count=("count", "sum"), title=("title", "last"))
    return points.assign(
        when=[_hour(wall) if hourly else axis.words(wall) for wall in points["wall"]]
    )


def _hour(begun: pd.Timestamp) -> str:
    """Write an hour: `Sun 22 Nov 2026, 14:00-15:00`."""
    return f"{axis.words(begun)}, {begun:%H:%M}\N{EN DASH}{begun + pd.Timedelta(hours=1):%H:%M}"


def _points(events: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """Return one row per point, in the order of drawing: small and severe ones are on top.

    Columns: row (the number of its lane), at (milliseconds), lane, series, count, what, when.
    """
    counts, severities = events["count"], list(SHAPES)
    more = [f" and {count - 1:,.0f} more" if count > 1 else "" for count in counts]
    points = pd.DataFrame(
        {
            "row": events["lane"].map(places.index),
            "at": axis.instants(events["wall"]),
            "lane": events["lane"],
            "series": events["series"],
            "count": counts,
            "what": events["title"] + more,
            "when": events["when"],
        }
    )
    order = pd.DataFrame({"few": -counts, "severe": -events["series"].map(severities.index)})
    return points.loc[order.sort_values(["few", "severe"], kind="stable").index]


def _rules(walls: pd.Series, count: int) -> Any:
    """Draw a line along each lane, a little longer than its events."""
    first, last = walls.min(), walls.max()
    room = max((last - first) * 0.02, ROOM)
    left, right = axis.instants(pd.Series([first - room, last + room]))
    lanes = pd.DataFrame({"row": range(count), "at": left, "until": right})
    return alt.Chart(lanes).mark_rule(color=MUTED, opacity=0.3).encode(alt.X2("until:T"))


def _across(walls: pd.Series, zone: str) -> Any:
    """Make the time axis, with the zone in its title; between days it shows hours."""
    day = "%-d %b" if walls.min().year == walls.max().year else "%-d %b %Y"
    midnight = "utchours(datum.value) + utcminutes(datum.value) == 0"
    ticks = alt.Axis(
        labelExpr=f"utcFormat(datum.value, {midnight} ? '{day}' : '%H:%M')",
        tickCount={"expr": f"max(4, floor(width / {TICK}))"},
        grid=False,
    )
    return alt.X("at:T", scale=alt.Scale(type="utc", nice=False), axis=ticks, title=zone)


def _drawn(points: pd.DataFrame, used: list[str]) -> Any:
    """Draw the points, in colour and shape by severity, sized by their number of events."""
    above = legend.on_top(used, "circle", legend.NEAR, rows.NAME)
    picked = choice.picked()
    shapes = [SHAPES[severity] for severity in used]
    sizes = alt.Scale(type="sqrt", domain=[1, max(2, points["count"].max())], range=SIZES)
    drawn = alt.Chart(points).mark_point(filled=True, strokeWidth=0)
    return drawn.encode(
        legend.colour(used, SEVERITY, above),
        alt.Shape("series:N", scale=alt.Scale(domain=used, range=shapes), legend=above),
        alt.Size("count:Q", scale=sizes, legend=None),
        opacity=choice.opacity(picked, OPACITY, 0.1),
        tooltip=tooltip("what", when="When", lane="Type", series="Severity"),
    ).add_params(picked)


def _said(events: pd.DataFrame, places: list[str], label: str, zone: str) -> str:
    """Describe the time span, the events in each lane by severity, and the latest of all."""
    ends = dict.fromkeys(_minutes(events["wall"].iloc[[0, -1]]))
    lanes = [_lane(lane, events[events["lane"] == lane]) for lane in places]
    latest = events.tail(LATEST).iloc[::-1]
    whole = " \N{EN DASH} ".join(ends)
    newest = description.named(latest["title"], [f"({when})" for when in _minutes(latest["wall"])])
    return (
        f"{label}, {whole} ({zone}), {events['count'].sum():,.0f} in total. "
        f"{description.listed(lanes)}. Latest: {', '.join(newest)}."
    )


def _lane(lane: str, events: pd.DataFrame) -> str:
    """Write a lane: `Alerts 12 (Error 2, Warning 10)`."""
    counts = events.groupby("series")["count"].sum()
    graded = [f"{s} {counts[s]:,.0f}" for s in SHAPES if s in counts and s != UNGRADED]
    whole = f"{shortened(lane, description.NAME)} {counts.sum():,.0f}"
    return beside(whole, ", ".join(graded))
