"""Limits: bars in per cent of a limit that each row has of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import rows
from meaux.charts.colours import MUTED
from meaux.query.metrics import MISSING, Metric
from meaux.wording import percent_of

LEAST = ROOM = 1.2
"""How far the axis goes at least: of the whole limit, and of the farthest mark."""
MOST = 3.0
"""The part of a limit at which its bar is cut off, with an arrow, for the others to be legible."""
CLOSE = 0.25
"""How near a mark may lie to the next before its label has no room where it is narrow."""
AXIS = 40
"""The height of the axis below the bars."""
DOT = " \N{MIDDLE DOT} "
FLAT = {"yOffset": rows.BAR, "height": rows.THICK}


def measured(
    labels: pd.Series, actual: pd.Series, limit: pd.Series, used: pd.Series | None
) -> pd.DataFrame:
    """One row a bar: row, label, actual, limit, used and how far it is `drawn`.

    A limit that is not above zero is none; what is used of it follows from the amounts where it
    is not given.
    """
    limit = limit.where(limit > 0)
    ratio = actual / limit
    part = ratio if used is None else used.where(limit.notna()).fillna(ratio)
    return pd.DataFrame(
        {
            "row": range(len(labels)),
            "label": labels.array,
            "actual": actual.array,
            "limit": limit.array,
            "used": part.array,
            "drawn": part.clip(upper=MOST).array,
        }
    )


def worded(
    bars: pd.DataFrame, metric: Metric, none: str, steps: Sequence[float] = (1.0,)
) -> pd.DataFrame:
    """The bars with what stands above them (`long`, `brief`), in the tooltip and in `said`.

    `bars`: actual, limit, used, status and `more`, what only the description adds (words, may be
    empty). `none` says that there is no limit. At `steps`, parts of the limit, a status begins.
    """
    bars = bars.assign(share=bars["used"].map(lambda part: _used(part, steps)))
    every = list(bars.itertuples())
    return bars.assign(
        long=[_above(bar, metric, none) for bar in every],
        brief=[_brief(bar, none) or MISSING for bar in every],
        said=[_said(bar, metric, none) for bar in every],
        spent=[metric.exact(value) for value in bars["actual"]],
        whole=[metric.exact(value) for value in bars["limit"]],
        part=bars["share"].replace("", MISSING),
        left=[metric.exact(value) for value in bars["limit"] - bars["actual"]],
    )


def _used(part: float, steps: Sequence[float]) -> str:
    """The part of the limit that is used; empty where there is none."""
    return "" if pd.isna(part) else percent_of(part, steps)


def _brief(bar: Any, none: str) -> str:
    """`96% . At risk`, `no budget . Unknown`."""
    used = bar.share if bar.limit > 0 else none
    return DOT.join(filter(None, [used, bar.status]))


def _above(bar: Any, metric: Metric, none: str) -> str:
    """`$2,412 of $2,500 . 96% . At risk`."""
    of = f" of {metric.short(bar.limit)}" if bar.limit > 0 else ""
    return DOT.join(filter(None, [f"{metric.short(bar.actual)}{of}", _brief(bar, none)]))


def _said(bar: Any, metric: Metric, none: str) -> str:
    """`$2,412.00 of $2,500.00 (96%, At risk, projected $2,700.00)`."""
    of = f" of {metric.exact(bar.limit)}" if bar.limit > 0 else f", {none}"
    words = ", ".join(filter(None, [bar.share, bar.status, bar.more]))
    return f"{metric.exact(bar.actual)}{of}" + (f" ({words})" if words else "")


def across(ends: pd.Series, marks: list[float], title: str) -> Any:
    """What makes the axis of a column or of one place: per cent of the limit, with these marks.

    `ends`: all that has to lie on it, as ratios.
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
    """What writes the marks; where it is narrow, those next to another keep silent."""
    close = [before for before, after in pairwise(marks) if after - before < CLOSE]
    return (
        f"indexof({close}, datum.value) >= 0 && width < {rows.NARROW} "
        "? '' : format(datum.value, '~%')"
    )


def tooltip(actual: str, limit: str) -> list[alt.Tooltip]:
    """The tooltip of a bar under the names of its value and of its limit."""
    return [
        alt.Tooltip("label:N", title="title"),
        alt.Tooltip("spent:N", title=actual),
        alt.Tooltip("whole:N", title=limit),
        alt.Tooltip("part:N", title="Used"),
        alt.Tooltip("left:N", title="Remaining"),
    ]


def colour() -> Any:
    """The bar's own colour, as its column says."""
    return alt.Color("colour:N", scale=None, legend=None)


def track(limited: Any, x: Any) -> Any:
    """A light bar behind the bars, as long as the whole limit."""
    return limited.mark_bar(color=MUTED, opacity=0.25, **FLAT).encode(x=x(0), x2=alt.X2Datum(1))


def bar(over: Any, x: Any) -> Any:
    """What is used, in its own colour."""
    return over.mark_bar(**FLAT).encode(x("drawn"), colour())


def tick(limited: Any, x: Any, mark: float, *, heavy: bool) -> Any:
    """A line across the bars at a part of the limit."""
    return limited.mark_tick(
        orient="vertical",
        color="currentColor",
        opacity=0.9 if heavy else 0.45,
        thickness=2 if heavy else 1,
        height=rows.THICK + (6 if heavy else 0),
        yOffset=rows.BAR,
    ).encode(x=x(mark))


def cut(over: Any, x: Any) -> Any:
    """An arrow at the end of a bar that is longer than drawn."""
    return over.mark_text(
        text="\N{BLACK RIGHT-POINTING TRIANGLE}", align="right", yOffset=rows.BAR, fontSize=11
    ).encode(x("drawn"), color=alt.ColorValue("#ffffff"))
