"""Lines: what the charts of lines share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, legend
from meaux.charts.cells import dotted, heading, name, numbers
from meaux.charts.colours import MUTED, UNUSUAL
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import MISSING, Metric

HEIGHT = 300
SOLID, DOTS = [1, 0], [2, 3]
"""How a line and one that is only compared with are dashed."""
MOST_POINTS = 31
PREVIOUS = "Previous period"
PART = "part"
"""What is said of a week or month of which only a part lies in the period."""


def daily(frame: pd.DataFrame, metric: Metric, series: str | None) -> pd.DataFrame:
    """The frame as day, at, series, value, partial and ongoing, in the order of the days."""
    if frame.empty or "day" not in frame or metric.name not in frame:
        return nothing("day", "at", "series", "value", "partial", "ongoing")
    rows = pd.DataFrame(
        {
            "day": pd.to_datetime(frame["day"]),
            "series": metric.label if series is None else [name(cell) for cell in frame[series]],
            "value": numbers(frame[metric.name]),
            "partial": partial(frame),
            "ongoing": ongoing(frame),
        }
    )
    rows = rows.dropna(subset="day").sort_values("day", kind="stable", ignore_index=True)
    return rows.assign(at=axis.instants(rows["day"]))


def nothing(*columns: str) -> pd.DataFrame:
    """A frame of these columns without a row, whose values are numbers."""
    kinds = {"value": "float64", "partial": "bool", "ongoing": "bool", "day": "datetime64[s]"}
    return pd.DataFrame({c: pd.Series(dtype=kinds.get(c, "object")) for c in columns})


def partial(frame: pd.DataFrame) -> Any:
    """Which rows hold only a part: what the column says, none where there is none."""
    return frame["partial"].fillna(value=False).astype(bool) if "partial" in frame else False


def ongoing(frame: pd.DataFrame) -> Any:
    """Which rows are still running; all that hold only a part, unless a column says otherwise."""
    return partial(frame.assign(partial=frame["ongoing"])) if "ongoing" in frame else partial(frame)


def aside(frame: pd.DataFrame | None, words: str) -> pd.DataFrame:
    """The known values of a second frame, with its words as text; empty where there is none."""
    if frame is None or frame.empty:
        return pd.DataFrame({"day": [], "value": [], words: [], "at": []})
    rows = frame.assign(
        day=pd.to_datetime(frame["day"]),
        value=numbers(frame["value"]),
        **{words: [name(cell) for cell in frame[words]]},
    ).dropna(subset=["day", "value"])
    return rows.assign(at=axis.instants(rows["day"]))


def so_far(rows: pd.DataFrame, metric: Metric) -> list[str]:
    """Each value in words, with what is still running marked, and what the period cuts off."""
    still = pd.Series(ongoing(rows), index=rows.index)
    return [
        metric.exact(value) + (" so far" if runs else f" ({PART})" if cut else "")
        for value, runs, cut in zip(rows["value"], still, rows["partial"], strict=True)
    ]


def earlier(before: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """The previous period's values in words, each with the day on which it really was."""
    words = [
        f"{metric.exact(value)} ({day})"
        for value, day in zip(before["value"], before["actual_day"], strict=True)
    ]
    return before.assign(series=PREVIOUS, words=words)


def wide(said: pd.DataFrame, by: str, names: list[str]) -> pd.DataFrame:
    """The words of a tooltip: one row for each `by`, a column `line<n>` for each series."""
    texts = said.pivot_table(index=by, columns="series", values="words", aggfunc="first")
    columns = [f"line{n}" for n in range(len(names))]
    known = texts.reindex(index=pd.Index(sorted(said[by].unique()), name=by), columns=names)
    filled = known.astype("object").where(known.notna(), MISSING).copy()
    return filled.set_axis(columns, axis=1).reset_index()


def by_day(
    said: pd.DataFrame, names: list[str], grain: str, noted: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The words of a tooltip: one row a day, whose title has what is marked on it."""
    texts = wide(said, "day", names)
    notes = {} if noted is None else dict(zip(noted["day"], noted["text"], strict=True))
    titles = [dotted(axis.words(day, grain), notes.get(day, "")) for day in texts["day"]]
    return texts.assign(title=titles, at=axis.instants(texts["day"])).drop(columns="day")


def in_order(names: list[str], colours: Mapping[str, str] | None) -> list[str]:
    """The names as the colours list them, then the rest as they came."""
    listed = [name for name in colours or {} if name in names]
    return listed + [name for name in names if name not in listed]


def hovered(texts: pd.DataFrame, names: list[str], x: Any) -> alt.Chart:
    """A rule at the place nearest to the pointer, with all its values as tooltip."""
    rule = alt.Chart(texts).mark_rule(color=MUTED).encode(x, tooltip=said_of(names))
    return choice.hovered(rule, 0.8, fields=["at"], nearest=True)


def said_of(names: list[str]) -> list[alt.Tooltip]:
    """The tooltip of `title` and a line for each name."""
    return tooltip("title", **{f"line{n}": heading(name) for n, name in enumerate(names)})


def marked(noted: pd.DataFrame, x: Any, y: Any) -> alt.Chart | None:
    """A triangle above each marked day, which says why."""
    if noted.empty:
        return None
    return (
        alt.Chart(noted)
        .mark_point(
            shape="triangle-down", size=90, filled=True, opacity=1, color=UNUSUAL, yOffset=-12
        )
        .encode(x, y, tooltip=tooltip("text"))
    )


def level(value: float | None, words: str, y: Any) -> list[Any]:
    """A horizontal line at the value, its words above it; none for no value."""
    if value is None:
        return []
    base = alt.Chart(pd.DataFrame({"value": [value], "words": [words]})).encode(y)
    style = {"align": "left", "baseline": "bottom", "dy": -3, "fontSize": 12}
    return [
        base.mark_rule(color="currentColor", strokeDash=[8, 3], opacity=0.7),
        base.mark_text(color="currentColor", **style).encode(
            x=alt.value(4), text=alt.Text("words:N")
        ),
    ]


@dataclass(frozen=True)
class Lines:
    """A line for each series over shared axes.

    Its rows have the columns at, series, value and partial. `heavy` is the series that stands
    out, `behind` the one that is only compared with, dotted in the legend too.
    """

    x: Any
    y: Any
    names: list[str]
    colours: dict[str, str]
    heavy: str = "Total"
    behind: str = ""

    @property
    def alone(self) -> bool:
        """Whether there is one line, which needs no legend."""
        return len(self.names) == 1

    @property
    def colour(self) -> Any:
        """The colour of a series; the legend above the lines."""
        return legend.colour(self.names, self.colours, self.above)

    @property
    def above(self) -> alt.Legend | None:
        """The legend; one line needs none."""
        return None if self.alone else legend.on_top(self.names, "stroke")

    def drawn(self, *layers: Any, description: str) -> alt.LayerChart:
        """The layers as a chart; the first one, whose legend stands for all, has the choice."""
        first, *others = [layer for layer in layers if layer is not None]
        first = first if self.alone else first.add_params(choice.picked())
        return layered(first, *others, height=HEIGHT, description=description)

    def over(self, rows: pd.DataFrame) -> Any:
        """A chart of rows on the shared axes, before its mark."""
        opacity = alt.OpacityValue(1) if self.alone else choice.faint(0.1)
        return alt.Chart(rows).encode(self.x, self.y, self.colour, opacity=opacity)

    def lines(self, rows: pd.DataFrame) -> alt.Chart:
        """What is complete; the heavy series is drawn heavier than the others."""
        wide = alt.condition(f"datum.series === '{self.heavy}'", alt.value(3), alt.value(2))
        lines = self.over(rows[~rows["partial"]])
        return lines.mark_line(strokeCap="round").encode(
            strokeWidth=alt.StrokeWidthValue(**wide), detail=alt.Detail("series:N")
        )

    def running(self, rows: pd.DataFrame) -> alt.Chart | None:
        """The step to what is running, dashed, because it will still move."""
        steps = _running_steps(rows)
        if steps.empty:
            return None
        line = self.over(steps).mark_line(strokeDash=[4, 4], strokeWidth=2)
        return line.encode(detail=alt.Detail("stretch:N"))

    def dotted(self, rows: pd.DataFrame) -> alt.Chart | None:
        """What is only compared with, thin and dotted."""
        if rows.empty:
            return None
        dashes = [DOTS if name == self.behind else SOLID for name in self.names]
        dash = alt.StrokeDash(
            "series:N", scale=alt.Scale(domain=self.names, range=dashes), legend=self.above
        )
        return self.over(rows).mark_line(strokeWidth=1.5).encode(strokeDash=dash)

    def points(self, rows: pd.DataFrame) -> alt.Chart:
        """The values, where there are few or no line reaches one; hollow while running."""
        hollow = alt.condition("datum.partial", alt.value("transparent"), self.colour)
        return self.over(pointed(rows)).mark_point(size=22, strokeWidth=1.5).encode(fill=hollow)


def pointed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows to draw as points: all of few, otherwise those that no line reaches."""
    few = rows["at"].nunique() <= MOST_POINTS
    return rows if few else rows[_alone(rows) | rows["partial"]]


def _alone(rows: pd.DataFrame) -> pd.Series:
    """Which values have no neighbour in their series, so that no line reaches them."""
    known = rows["value"].notna().groupby(rows["series"])
    return ~known.shift(1, fill_value=False) & ~known.shift(-1, fill_value=False)


def _running_steps(rows: pd.DataFrame) -> pd.DataFrame:
    """For each series its running rows and their neighbours, each stretch of them numbered."""
    running = rows["partial"].groupby(rows["series"])
    near = running.shift(-1, fill_value=False) | running.shift(1, fill_value=False)
    kept = rows["partial"] | near
    stretches = (~kept).groupby(rows["series"]).cumsum()
    return rows.assign(stretch=stretches)[kept]
