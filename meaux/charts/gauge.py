"""Gauge: the used share of an allowance, as an arc over its track."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.charts.cells import name, numbers
from meaux.charts.colours import MUTED, STANDING
from meaux.charts.layered import layered, tooltip
from meaux.data.thresholds import Thresholds
from meaux.query.metrics import MISSING, Metric
from meaux.wording import percent_of

HEIGHT = 184
MIDDLE = 92
"""The vertical position of the arc's centre, from the top."""
RADIUS = 86
THICK = 15
END = 120
"""The end of the arc, in degrees to either side of the top."""
NO_ALLOWANCE = "No allowance set"
INCLUDED, BEYOND = "Within allowance", "Beyond allowance"
COLOURS = {
    **STANDING,
    NO_ALLOWANCE: MUTED,
    INCLUDED: STANDING["On track"],
    BEYOND: STANDING["Over"],
}
"""The colour of each status; the words name the status."""
TOOLTIP = tooltip(
    "label",
    used="Used",
    allowed="Allowance",
    percent="Used (%)",
    left="Remaining",
    standing="Status",
)
ARROW = "M0,-1L1,0L0,1Z"


def gauge(
    frame: pd.DataFrame, metric: Metric, thresholds: Thresholds, *, limited: bool = True
) -> alt.LayerChart:
    """Draw the used share of an allowance on an arc of 240 degrees, from the first row.

    Columns: name, used and allowed, both in the metric's unit; without an `allowed` above zero
    there is no allowance. The colour and the words change to at risk and over at the thresholds.
    Beyond 100% the arc is full and ends in an arrow. If it isn't `limited`, usage beyond the
    allowance is only billed.
    """
    if frame.empty or "used" not in frame:
        return description.blank(metric)
    row = frame.iloc[0]
    used, allowed = numbers(pd.Series([row["used"], row["allowed"]]))
    part = used / allowed if allowed > 0 else math.nan
    limits = thresholds if limited else None
    standing = _standing(part, limits) if allowed > 0 else NO_ALLOWANCE
    shown = {
        "label": name(row["name"]),
        **_words(used, allowed, metric, limits),
        "standing": standing,
    }
    shown["said"] = f"{shown['said']} ({_said(part, standing, limits)})"
    base = alt.Chart(pd.DataFrame([shown])).encode(y=alt.YValue(MIDDLE), tooltip=TOOLTIP)
    layers = [
        _arc(base, -END, END).encode(color=alt.ColorValue(MUTED), opacity=alt.OpacityValue(0.25)),
        *_used(base, part, COLOURS[standing], limits),
        *_texts(base),
    ]
    return layered(
        *layers,
        height=HEIGHT,
        description=f"{metric.label}: {shown['label']}, {shown['said']}.",
    )


def _standing(part: float, limits: Thresholds | None) -> str:
    """Return the status of usage against a limit, or against an allowance without a limit."""
    if math.isnan(part):
        return "Unknown"
    if limits is None:
        return BEYOND if part > 1 else INCLUDED
    return "Over" if part >= limits.over else "At risk" if part >= limits.at_risk else "On track"


def _words(
    used: float, allowed: float, metric: Metric, limits: Thresholds | None
) -> dict[str, str]:
    """Write the amounts in the gauge, in its tooltip and in its description."""
    known = allowed > 0
    return {
        "percent": _percent(used / allowed if known else math.nan, limits),
        "amounts": " of ".join(metric.alike([used, allowed]))
        if known
        else f"{metric.short(used)} used",
        "used": metric.exact(used),
        "allowed": metric.exact(allowed) if known else NO_ALLOWANCE,
        "left": metric.exact(allowed - used) if known else MISSING,
        "said": f"{metric.exact(used)} of {metric.exact(allowed)}" if known else metric.exact(used),
    }


def _said(part: float, standing: str, limits: Thresholds | None) -> str:
    return standing if math.isnan(part) else f"{_percent(part, limits)}, {standing}"


def _percent(part: float, limits: Thresholds | None) -> str:
    """Write the share in whole per cent; `<1%` and `>99%` if it is nearly 0% or 100%."""
    if math.isnan(part):
        return MISSING
    if 0 < part < 0.005:  # noqa: PLR2004
        return "<1%"
    if 0.995 <= part < 1:  # noqa: PLR2004
        return ">99%"
    return percent_of(part, limits.steps if limits else (1.0,))


def _used(base: Any, part: float, colour: str, limits: Thresholds | None) -> list[Any]:
    """Draw the arc of the usage, an arrow if it is beyond 100%, and a limit's lines.

    Lines mark the thresholds of at risk and over, if they are on the arc.
    """
    if math.isnan(part):
        return []
    full = min(max(part, 0), 1)
    drawn = _arc(base, -END, _angle(full)).encode(color=alt.ColorValue(colour))
    places = [place for place in (limits.at_risk, limits.over) if place < 1] if limits else []
    lines = [_arc(base, _angle(place) - 0.5, _angle(place) + 0.5, 3) for place in places]
    return [
        *([drawn] if full > 0 else []),
        *(line.encode(color=alt.ColorValue("currentColor")) for line in lines),
        *([_arrow(base, colour)] if part > 1 else []),
    ]


def _angle(part: float) -> float:
    """Return the end of a share of the allowance, in degrees from the top."""
    return END * (2 * part - 1)


def _arc(base: Any, start: float, stop: float, beyond: int = 0) -> Any:
    """Draw an arc between two angles, perhaps a little thicker than the track."""
    arc = base.mark_arc(innerRadius=RADIUS - THICK - beyond, outerRadius=RADIUS + beyond)
    return arc.encode(
        theta=alt.ThetaValue({"expr": f"PI * {start} / 180"}),
        theta2=alt.Theta2Value({"expr": f"PI * {stop} / 180"}),
    )


def _arrow(base: Any, colour: str) -> Any:
    """Draw an arrow head at the end of a full arc: usage goes beyond it."""
    far = RADIUS - THICK / 2
    at = math.radians(END)
    arrow = base.mark_point(
        shape=ARROW, size=700, angle=END, filled=True, opacity=1, xOffset=far * math.sin(at)
    )
    return arrow.encode(y=alt.YValue(MIDDLE - far * math.cos(at)), color=alt.ColorValue(colour))


def _texts(base: Any) -> list[Any]:
    """Write the share and its status in the middle, the amounts and the name below."""
    places = {"percent": (90, 27, 600), "standing": (114, 13, 400), "amounts": (152, 13, 400)}
    return [
        base.mark_text(
            color="currentColor", fontSize=size, fontWeight=weight, limit={"expr": "width"}
        ).encode(y=alt.YValue(y), text=alt.Text(f"{field}:N"))
        for field, (y, size, weight) in {**places, "label": (172, 13, 600)}.items()
    ]
