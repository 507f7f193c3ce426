"""Fan: a daily line and its forecast with ranges."""

from __future__ import annotations

import itertools
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, description, legend, lines
from meaux.charts.cells import perhaps
from meaux.charts.colours import ACCENT, MUTED, WHAT_IF
from meaux.charts.layered import layered
from meaux.query.metrics import MISSING, Metric

EDGES = ["low95", "low80", "high80", "high95"]
ACTUAL, FORECAST, BAND80, BAND95 = "Actual", "Forecast", "80% range", "95% range"
SUPPOSED = "Scenario"
BOX = "M-0.8,-0.6L0.8,-0.6L0.8,0.6L-0.8,0.6Z"
NONE = "transparent"
ENTRIES = {
    ACTUAL: ("M-1,0L1,0", ACCENT, NONE),
    FORECAST: ("M-1,0L-0.3,0M0.3,0L1,0", ACCENT, NONE),
    BAND80: (BOX, NONE, f"{ACCENT}5c"),
    BAND95: (BOX, NONE, f"{ACCENT}2e"),
    SUPPOSED: ("M-1,0L-0.7,0M-0.45,0L-0.15,0M0.1,0L0.4,0M0.65,0L0.95,0", WHAT_IF, NONE),
}
"""Each entry of the legend: its shape, its stroke and its fill."""


def fan(
    history: pd.DataFrame,
    metric: Metric,
    forecast: pd.DataFrame,
    *,
    what_if: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw each day's value, and the forecast with its 80% and 95% ranges.

    `history`: day (datetime64), the metric's name and perhaps `partial` (bool: still running).
    `forecast`: day, value, low80, high80, low95, high95 (no range is drawn if they are unknown).
    `what_if`: day, value, the scenario, drawn beside the forecast. `marks`: day, value, text.
    """
    rows = lines.daily(history, metric, None).assign(series=ACTUAL)
    ahead = _ahead(forecast, metric)
    if rows["value"].isna().all() and ahead["value"].isna().all():
        return description.blank(metric)
    supposed = _ahead(pd.DataFrame(what_if, columns=["day", "value"]), metric)
    days = [part["day"] for part in (rows, ahead, supposed) if len(part)]
    x = axis.across(pd.concat(days, ignore_index=True), "day")
    up = _up([rows, ahead, supposed], metric)
    today, noted = _today(rows, ahead), lines.aside(marks, "text")
    expected = _joined(rows, ahead)
    said = _words(rows, ahead, supposed, metric)
    there = {SUPPOSED: len(supposed) > 0, **dict.fromkeys((BAND80, BAND95), _banded(ahead))}
    entries = [entry for entry in ENTRIES if there.get(entry, True)]
    layers = [
        *(
            _band(expected, x, up, entry, opacity)
            for entry, opacity in ((BAND95, 0.18), (BAND80, 0.22))
            if entry in entries
        ),
        *(line.encode(x, up("value")) for line in _lines(rows, expected, supposed)),
        *_rule(today, x),
        lines.hovered(_texts(said, entries, noted), entries, x),
        lines.marked(noted, x, up("value")),
        _key(entries),
    ]
    return layered(
        *(layer for layer in layers if layer is not None),
        height=lines.HEIGHT,
        description=description.fan(rows, ahead, supposed, noted, metric, today),
    )


def _ahead(forecast: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return the forecast in the order of its days, its ranges also in words."""
    if forecast.empty or "day" not in forecast:
        return lines.nothing("day", "at", "value", *EDGES, "band80", "band95")
    known = {column: perhaps(forecast, column) for column in ("value", *EDGES)}
    ahead = pd.DataFrame({"day": pd.to_datetime(forecast["day"]), **known}).dropna(subset="day")
    ahead = ahead.sort_values("day", kind="stable", ignore_index=True)
    return ahead.assign(
        at=axis.instants(ahead["day"]),
        band80=_between(ahead["low80"], ahead["high80"], metric),
        band95=_between(ahead["low95"], ahead["high95"], metric),
    )


def _banded(ahead: pd.DataFrame) -> bool:
    """Return whether any day has a range; none has if the past never differed from the fit."""
    return bool(ahead[EDGES].notna().any(axis=None))


def _between(lows: pd.Series, highs: pd.Series, metric: Metric) -> list[str]:
    return [
        MISSING
        if pd.isna(low) or pd.isna(high)
        else f"{metric.exact(low)}\N{EN DASH}{metric.exact(high)}"
        for low, high in zip(lows, highs, strict=True)
    ]


def _joined(rows: pd.DataFrame, ahead: pd.DataFrame) -> pd.DataFrame:
    """Start the forecast at the last complete day before it, so that the line is unbroken."""
    columns = ["at", "value", *EDGES]
    if ahead.empty:
        return ahead[columns]
    before = rows[~rows["partial"] & (rows["at"] < ahead["at"].min())].dropna(subset="value")
    last = before.tail(1)[["at", "value"]]
    starts = last.assign(**dict.fromkeys(EDGES, last["value"]))
    return pd.concat([starts, ahead[columns]]) if len(starts) else ahead[columns]


def _today(rows: pd.DataFrame, ahead: pd.DataFrame) -> pd.Timestamp:
    """Return the running day, otherwise the first forecast day or the last known one."""
    running = rows.loc[rows["partial"], "day"]
    last = running if len(running) else ahead["day"].head(1) if len(ahead) else rows["day"]
    return pd.Timestamp(last.max())


def _up(parts: list[pd.DataFrame], metric: Metric) -> Any:
    """Return a function that makes the vertical axis of a column, the same for all."""
    every = [part.reindex(columns=["value", *EDGES]).to_numpy().ravel() for part in parts]
    drawn = pd.Series([*itertools.chain(*every)], dtype="float64")
    return lambda field: axis.up(drawn, metric, field, axis.HEADROOM)


def _band(expected: pd.DataFrame, x: Any, up: Any, entry: str, opacity: float) -> Any:
    width = entry.removesuffix("% range")
    area = _of(entry, expected).mark_area(color=ACCENT, fillOpacity=opacity)
    return area.encode(x, up(f"low{width}"), alt.Y2(f"high{width}:Q"))


def _of(entry: str, rows: pd.DataFrame) -> alt.Chart:
    """Start a chart of a legend entry, before its mark."""
    return alt.Chart(rows.assign(series=entry)).encode(opacity=choice.faint(0.1))


def _lines(rows: pd.DataFrame, expected: pd.DataFrame, supposed: pd.DataFrame) -> list[Any]:
    """Draw the forecast, the scenario if there is one, and the actual values with their points."""
    what_if = [] if supposed.empty else [_of(SUPPOSED, _joined(rows, supposed))]
    wide = {"strokeWidth": 2}
    return [
        _of(FORECAST, expected).mark_line(color=ACCENT, strokeDash=[5, 4], **wide),
        *(line.mark_line(color=WHAT_IF, strokeDash=[2, 2], **wide) for line in what_if),
        _of(ACTUAL, rows[~rows["partial"]]).mark_line(color=ACCENT, strokeCap="round", **wide),
        _points(rows),
    ]


def _points(rows: pd.DataFrame) -> Any:
    """Draw the values as points if they are few, or no line reaches them; hollow while running."""
    fill = {"expr": f"datum.partial ? '{NONE}' : '{ACCENT}'"}
    points = _of(ACTUAL, lines.pointed(rows))
    return points.mark_point(size=22, strokeWidth=1.5, stroke=ACCENT, fill=fill)


def _rule(today: pd.Timestamp, x: Any) -> list[Any]:
    """Draw a vertical line at today with its name above it."""
    place = pd.DataFrame({"at": axis.instants(pd.Series([today])), "words": ["Today"]})
    base = alt.Chart(place).encode(x)
    words = base.mark_text(color="currentColor", baseline="bottom", dy=-3, fontSize=12)
    return [
        base.mark_rule(color=MUTED, strokeDash=[2, 2]),
        words.encode(y=alt.YValue(0), text=alt.Text("words:N")),
    ]


def _words(
    rows: pd.DataFrame, ahead: pd.DataFrame, supposed: pd.DataFrame, metric: Metric
) -> dict[str, tuple[pd.DataFrame, Any]]:
    """Return the tooltip's words of each legend entry: its rows and their words."""
    return {
        ACTUAL: (rows, lines.so_far(rows, metric)),
        FORECAST: (ahead, metric.exactly(ahead["value"])),
        BAND80: (ahead, ahead["band80"]),
        BAND95: (ahead, ahead["band95"]),
        SUPPOSED: (supposed, metric.exactly(supposed["value"])),
    }


def _texts(
    said: dict[str, tuple[pd.DataFrame, Any]], entries: list[str], noted: pd.DataFrame
) -> pd.DataFrame:
    """Write the tooltip: one row per day."""
    every = pd.concat(
        [
            pd.DataFrame({"day": part["day"], "series": entry, "words": words})
            for entry, (part, words) in said.items()
            if len(part) and entry in entries
        ]
    )
    return lines.by_day(every, entries, "day", noted)


def _key(names: list[str]) -> Any:
    """Draw the legend of the line, the dashes and the two ranges, with the choice in it."""
    looks = zip(*(ENTRIES[name] for name in names), strict=True)
    above = legend.on_top(names, "circle")
    for name, value in {"symbolSize": 160, "symbolOpacity": 1, "symbolStrokeWidth": 2}.items():
        above[name] = value
    channels = [
        channel("series:N", scale=alt.Scale(domain=names, range=list(look)), legend=above)
        for channel, look in zip((alt.Shape, alt.Stroke, alt.Fill), looks, strict=True)
    ]
    nothing = alt.Chart(pd.DataFrame({"series": names})).mark_point(size=0, opacity=0)
    return nothing.encode(*channels).add_params(choice.picked())
