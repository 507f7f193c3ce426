"""Limits: bars in per cent of each row's own limit, a budget or a capacity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description, rows
from meaux.charts.cells import beside, dotted, names, numbered, numbers, perhaps, words
from meaux.charts.colours import ACCENT, MUTED, STANDING
from meaux.charts.layered import layered, tooltip
from meaux.data.thresholds import RISING, Thresholds
from meaux.query.metrics import MISSING, Metric
from meaux.wording import percent_of

LEAST = ROOM = 1.2
"""The minimum length of the axis, as a multiple of the limit and of the farthest mark."""
MOST = 3.0
"""The multiple of a limit at which its bar is cut off, with an arrow; others stay legible."""
CLOSE = 0.25
"""Two marks closer than this can't both have labels if the chart is narrow."""
AXIS = 40
"""The height of the axis below the bars."""
FLAT = {"yOffset": rows.BAR, "height": rows.THICK}
COLOUR = alt.Color("colour:N", scale=None, legend=None)
"""The bar's own colour, from its column."""
OVER, UNKNOWN = "Over", "Unknown"
BUDGET = "% of budget; \N{WHITE DIAMOND} = projection for the end of the period"
MARKS = [0.5, 1]
"""The labelled shares of a capacity; the whole capacity has a line too."""
DIGITS = 4
"""Decimals of a ratio; smaller amounts don't make a row over its capacity."""


def budgets(frame: pd.DataFrame, metric: Metric, thresholds: Thresholds) -> alt.LayerChart:
    """Draw a bar for each budget, in per cent of it, over a track that ends at the whole budget.

    Lines mark the thresholds of watch, at risk and over; the last one is heavier.

    Columns: name, actual, budget, used (a ratio), projected (at the end of its period, may be
    missing), perhaps projected_by (the method of the projection), and status ("Over", "At risk",
    "Watch", "On track" or "Unknown").
    """
    if frame.empty or "actual" not in frame:
        return description.blank(metric)
    bars = _worded(_budgets(frame, metric), metric, "no budget in USD", thresholds.steps)
    steps = sorted({getattr(thresholds, name) for name in RISING})
    across = _across(pd.concat([bars["drawn"], bars["ahead"]]), steps, BUDGET)
    over = _over(
        len(bars), spent="Actual", whole="Budget", forecast="Projected spend", status="Status"
    )
    near = bars[bars["projected"] <= MOST * bars["limit"]]
    ahead = [_way(over(bars.dropna(subset="ahead")), across), _diamond(over(near), across)]
    ticks = {step: step == thresholds.over for step in steps}
    return _drawn(bars, over, across, ticks, ahead, _said(bars, metric, "budgets"))


def load(frame: pd.DataFrame, metric: Metric, *, label: str) -> alt.LayerChart:
    """Draw a bar for each row, in per cent of its capacity, over a track that ends at the whole.

    Columns: `label`, the metric's name, `capacity` (in the metric's unit; unknown or zero is
    none) and perhaps `used` (a ratio; otherwise value / capacity). A row over its capacity has the
    colour and the word for that.
    """
    if frame.empty or metric.name not in frame or numbers(frame[metric.name]).isna().all():
        return description.blank(metric)
    bars = _measured(frame, label, metric.name, "capacity")
    full = bars["used"].round(DIGITS) > 1
    bars = bars.assign(
        status=[OVER if is_over else "" for is_over in full],
        colour=[STANDING[OVER] if is_over else ACCENT for is_over in full],
        more="",
    )
    bars = _worded(bars, metric, "no capacity")
    across = _across(bars["drawn"], MARKS, "% of capacity")
    over = _over(len(bars), spent=metric.label, whole="Capacity")
    return _drawn(bars, over, across, {1: True}, [], _said(bars, metric, "compared with capacity"))


def _measured(frame: pd.DataFrame, label: str, actual: str, limit: str) -> pd.DataFrame:
    """Return one row per bar: row, label, actual, limit, used and `drawn` (the length of the bar).

    A limit must be above zero. If the used share isn't given, it is actual / limit.
    """
    spent, whole = numbers(frame[actual]), numbers(frame[limit])
    whole = whole.where(whole > 0)
    used = perhaps(frame, "used").where(whole.notna()).fillna(spent / whole)
    measures = {"actual": spent, "limit": whole, "used": used, "drawn": used.clip(upper=MOST)}
    return numbered(pd.DataFrame({"label": names(frame[label]), **measures}))


def _budgets(frame: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return one row per budget: numbers, positions of the bar and the projection, words."""
    bars = _measured(frame, "name", "actual", "budget")
    projected = perhaps(frame, "projected").array
    by = [f" ({word.lower()})" if word else "" for word in words(frame, "projected_by")]
    forecast = [
        MISSING if pd.isna(value) else metric.exact(value) + word
        for value, word in zip(projected, by, strict=True)
    ]
    status = [word or UNKNOWN for word in words(frame, "status")]
    return bars.assign(
        projected=projected,
        status=status,
        ahead=(projected / bars["limit"]).clip(upper=MOST),
        colour=[STANDING.get(word, STANDING[UNKNOWN]) for word in status],
        forecast=forecast,
        more=["" if words == MISSING else f"projected {words}" for words in forecast],
    )


def _worded(
    bars: pd.DataFrame, metric: Metric, none: str, steps: Sequence[float] = (1.0,)
) -> pd.DataFrame:
    """Add the words above the bars (`long`, `brief`), in the tooltip and in `said`.

    `bars`: actual, limit, used, status and `more`, an addition to the description (words, may be
    empty). `none` is the text for no limit. `steps` are the shares of the limit at which a status
    begins.
    """
    used = ["" if pd.isna(part) else percent_of(part, steps) for part in bars["used"]]
    amounts = metric.alike([*bars["actual"], *bars["limit"]])
    short = {"short": amounts[: len(bars)], "short_limit": amounts[len(bars) :]}
    every = list(bars.assign(share=used, **short).itertuples())
    return bars.assign(
        share=used,
        long=[_above(bar, none) for bar in every],
        brief=[_brief(bar, none) or MISSING for bar in every],
        said=[_in_words(bar, metric, none) for bar in every],
        spent=metric.exactly(bars["actual"]),
        whole=metric.exactly(bars["limit"]),
        part=[part or MISSING for part in used],
        left=[metric.exact(value) for value in bars["limit"] - bars["actual"]],
    )


def _brief(bar: Any, none: str) -> str:
    """Write the share and the status: `96% . At risk`, `no budget . Unknown`."""
    return dotted(bar.share if bar.limit > 0 else none, bar.status)


def _above(bar: Any, none: str) -> str:
    """Write the amounts, the share and the status: `$2,412 of $2,500 . 96% . At risk`."""
    of = f" of {bar.short_limit}" if bar.limit > 0 else ""
    return dotted(bar.short + of, _brief(bar, none))


def _in_words(bar: Any, metric: Metric, none: str) -> str:
    """Write all words: `$2,412.00 of $2,500.00 (96%, At risk, projected $2,700.00)`."""
    of = f" of {metric.exact(bar.limit)}" if bar.limit > 0 else f", {none}"
    more = ", ".join(filter(None, [bar.share, bar.status, bar.more]))
    return beside(metric.exact(bar.actual) + of, more)


def _said(bars: pd.DataFrame, metric: Metric, what: str) -> str:
    return description.in_order(bars["label"], bars["said"], metric, what)


def _over(count: int, spent: str, whole: str, **more: str) -> Callable[[pd.DataFrame], Any]:
    """Return a function that starts a chart of some of the bars, with the lines of its tooltip."""
    down = rows.headed(count)
    said = tooltip("label", spent=spent, whole=whole, part="Used", left="Remaining", **more)
    return lambda bars: alt.Chart(bars).encode(down, tooltip=said)


def _across(ends: pd.Series, marks: list[float], title: str) -> Any:
    """Return a function that makes the axis of a column or of one position, with these marks.

    The axis is in per cent of the limit. `ends`: all values that it has to include, as ratios.
    """
    limits = rows.domain(ends.min(), max(LEAST, ROOM * max(marks), ends.max()))
    scale = alt.Scale(domain=limits, nice=False, zero=True)
    axis = alt.Axis(
        values=[0, *marks], labelExpr=_labels(marks), labelOverlap="greedy", grid=False, ticks=False
    )

    def x(place: str | float) -> Any:
        if isinstance(place, str):
            return alt.X(f"{place}:Q", scale=scale, axis=axis, title=title)
        return alt.XDatum(place, scale=scale, axis=axis, title=title)

    return x


def _labels(marks: list[float]) -> str:
    """Return the expression that writes the marks; if narrow, without those close to another."""
    close = [before for before, after in pairwise(marks) if after - before < CLOSE]
    return (
        f"indexof({close}, datum.value) >= 0 && width < {rows.NARROW} "
        "? '' : format(datum.value, '~%')"
    )


def _drawn(  # noqa: PLR0913, PLR0917  a bar has that many parts
    bars: pd.DataFrame,
    over: Callable[[pd.DataFrame], Any],
    x: Any,
    ticks: Mapping[float, bool],
    ahead: Iterable[Any],
    said: str,
) -> alt.LayerChart:
    """Draw the bars over their tracks, with ticks (True if heavy) and the projections `ahead`."""
    limited, every = over(bars[bars["limit"] > 0]), over(bars)
    return layered(
        limited.mark_bar(color=MUTED, opacity=0.25, **FLAT).encode(x=x(0), x2=alt.X2Datum(1)),
        every.mark_bar(**FLAT).encode(x("drawn"), COLOUR),
        *(_tick(limited, x, place, heavy=heavy) for place, heavy in ticks.items()),
        *ahead,
        _cut(over(bars[bars["used"] > MOST]), x),
        *rows.heads(every),
        height=rows.HEADED * len(bars) + AXIS,
        description=said,
    )


def _tick(limited: Any, x: Any, place: float, *, heavy: bool) -> Any:
    """Draw a line across the bars at a share of the limit."""
    beyond, opacity, thickness = (6, 0.9, 2) if heavy else (0, 0.45, 1)
    style = {"color": "currentColor", "opacity": opacity, "thickness": thickness}
    return rows.tick(limited, beyond, **style).encode(x=x(place))


def _way(ahead: Any, x: Any) -> Any:
    """Draw dashes from the bar's end to the projection, or to the edge if that is farther."""
    way = ahead.mark_rule(strokeDash=[3, 3], strokeWidth=1.5, yOffset=rows.BAR)
    return way.encode(x("drawn"), alt.X2("ahead:Q"), COLOUR)


def _diamond(ahead: Any, x: Any) -> Any:
    """Draw a diamond at the projection."""
    place = ahead.mark_point(shape="diamond", size=70, strokeWidth=1.5, yOffset=rows.BAR)
    return place.encode(x("ahead"), stroke=alt.StrokeValue("currentColor"))


def _cut(over: Any, x: Any) -> Any:
    """Draw an arrow at the end of a bar that is cut off."""
    return over.mark_text(
        text="\N{BLACK RIGHT-POINTING TRIANGLE}", align="right", yOffset=rows.BAR, fontSize=11
    ).encode(x("drawn"), color=alt.ColorValue("#ffffff"))
