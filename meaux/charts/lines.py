"""Lines: the common parts of line charts."""

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
"""The dashes of a line, and of a line for comparison."""
MOST_POINTS = 31
PREVIOUS = "Comparison period"
PART = "partial"
"""The word for a week or month that is only partly in the period."""


def daily(frame: pd.DataFrame, metric: Metric, series: str | None) -> pd.DataFrame:
    """Return the frame as day, at, series, value, partial and ongoing, in the order of the days."""
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
    """Return a frame with these columns and no rows."""
    kinds = {"value": "float64", "partial": "bool", "ongoing": "bool", "day": "datetime64[s]"}
    return pd.DataFrame({c: pd.Series(dtype=kinds.get(c, "object")) for c in columns})


def partial(frame: pd.DataFrame) -> Any:
    """Return which rows are partial, by the column `partial`; none without it."""
    return frame["partial"].fillna(value=False).astype(bool) if "partial" in frame else False


def ongoing(frame: pd.DataFrame) -> Any:
    """Return which rows are still running, by the column `ongoing`; all partial ones without it."""
    return partial(frame.assign(partial=frame["ongoing"])) if "ongoing" in frame else partial(frame)


def aside(frame: pd.DataFrame | None, words: str) -> pd.DataFrame:
    """Return the known values of a second frame, with its words as text; empty without a frame."""
    if frame is None or frame.empty:
        return pd.DataFrame({"day": [], "value": [], words: [], "at": []})
    rows = frame.assign(
        day=pd.to_datetime(frame["day"]),
        value=numbers(frame["value"]),
        **{words: [name(cell) for cell in frame[words]]},
    ).dropna(subset=["day", "value"])
    return rows.assign(at=axis.instants(rows["day"]))


def so_far(rows: pd.DataFrame, metric: Metric) -> list[str]:
    """Write each value, and mark those that are still running or partial."""
    still = pd.Series(ongoing(rows), index=rows.index)
    return [
        words + (" so far" if runs else f" ({PART})" if cut else "")
        for words, runs, cut in zip(
            metric.exactly(rows["value"]), still, rows["partial"], strict=True
        )
    ]


def earlier(before: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Write the comparison period's values, each with its actual day."""
    words = [
        f"{metric.exact(value)} ({day})"
        for value, day in zip(before["value"], before["actual_day"], strict=True)
    ]
    return before.assign(series=PREVIOUS, words=words)


def wide(said: pd.DataFrame, by: str, names: list[str]) -> pd.DataFrame:
    """Arrange a tooltip's words: one row per `by`, a column `line<n>` per series."""
    texts: dict[Any, dict[str, str]] = {}
    for place, series, words in zip(said[by], said["series"], said["words"], strict=True):
        of_place = texts.setdefault(place, {})
        if isinstance(words, str):
            of_place.setdefault(series, words)
    places = sorted(texts)
    columns = {
        f"line{n}": pd.Series([texts[place].get(name, MISSING) for place in places], dtype=object)
        for n, name in enumerate(names)
    }
    return pd.DataFrame({by: pd.Series(places, dtype=said[by].dtype), **columns})


def by_day(
    said: pd.DataFrame, names: list[str], grain: str, noted: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Arrange a tooltip's words: one row per day, with its mark in the title."""
    texts = titled(wide(said, "day", names), grain, noted)
    return texts.assign(at=axis.instants(texts["day"])).drop(columns="day")


def titled(texts: pd.DataFrame, grain: str, noted: pd.DataFrame | None) -> pd.DataFrame:
    """Add the title of each day's tooltip: the day, and its mark."""
    notes = {} if noted is None else noted.groupby("day")["text"].agg(". ".join).to_dict()
    titles = [dotted(axis.words(day, grain), notes.get(day, "")) for day in texts["day"]]
    return texts.assign(title=titles)


def in_order(names: list[str], colours: Mapping[str, str] | None) -> list[str]:
    """Order the names as the colours list them, then the rest as they came."""
    listed = [name for name in colours or {} if name in names]
    return listed + [name for name in names if name not in listed]


def hovered(texts: pd.DataFrame, names: list[str], x: Any, *, dated: bool = False) -> alt.Chart:
    """Draw a rule at the place nearest to the pointer, with all its values as tooltip.

    If places are `dated`, a click on one selects it.
    """
    rule = alt.Chart(texts).mark_rule(color=MUTED).encode(x, tooltip=said_of(names))
    shown = choice.hovered_days if dated else choice.hovered
    return shown(rule, 0.8, fields=["at"], nearest=True)


def said_of(names: list[str]) -> list[alt.Tooltip]:
    """Return the tooltip of `title` and a line for each name."""
    return tooltip("title", **{f"line{n}": heading(name) for n, name in enumerate(names)})


def marked(noted: pd.DataFrame, x: Any, y: Any) -> alt.Chart | None:
    """Draw a triangle above each marked day, with the reason as tooltip."""
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
    """Draw a horizontal line at the value, its words above it; none without a value."""
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

    Its rows have the columns at, series, value and partial. `heavy` is the emphasised series,
    `behind` the one for comparison, dotted in the legend too.
    """

    x: Any
    y: Any
    names: list[str]
    colours: dict[str, str]
    heavy: str = "Total"
    behind: str = ""

    @property
    def alone(self) -> bool:
        """Return whether there is only one line, which needs no legend."""
        return len(self.names) == 1

    @property
    def colour(self) -> Any:
        """Encode the colour of a series, with the legend above the lines."""
        return legend.colour(self.names, self.colours, self.above)

    @property
    def above(self) -> alt.Legend | None:
        """Return the legend; one line needs none."""
        return None if self.alone else legend.on_top(self.names, "stroke")

    def drawn(self, *layers: Any, description: str) -> alt.LayerChart:
        """Make a chart of the layers; the first one has the legend of all and the choice in it."""
        first, *others = [layer for layer in layers if layer is not None]
        first = first if self.alone else first.add_params(choice.picked())
        return layered(first, *others, height=HEIGHT, description=description)

    def over(self, rows: pd.DataFrame) -> Any:
        """Start a chart of rows on the shared axes, before its mark."""
        opacity = alt.OpacityValue(1) if self.alone else choice.faint(0.1)
        return alt.Chart(rows).encode(self.x, self.y, self.colour, opacity=opacity)

    def lines(self, rows: pd.DataFrame) -> alt.Chart:
        """Draw the complete values, the heavy series below the others.

        Where a part is all of the total, both can be seen: its line is inside the other.
        """
        wide = alt.condition(f"datum.series === '{self.heavy}'", alt.value(4), alt.value(1.75))
        complete = rows[~rows["partial"]]
        first = complete["series"] == self.heavy
        lines = self.over(pd.concat([complete[first], complete[~first]]))
        return lines.mark_line(strokeCap="round").encode(
            strokeWidth=alt.StrokeWidthValue(**wide), detail=alt.Detail("series:N")
        )

    def running(self, rows: pd.DataFrame) -> alt.Chart | None:
        """Draw the dashed line to the running value, which will still change."""
        steps = _running_steps(rows)
        if steps.empty:
            return None
        line = self.over(steps).mark_line(strokeDash=[4, 4], strokeWidth=2)
        return line.encode(detail=alt.Detail("stretch:N"))

    def dotted(self, rows: pd.DataFrame) -> alt.Chart | None:
        """Draw the series for comparison, thin and dotted."""
        if rows.empty:
            return None
        dashes = [DOTS if name == self.behind else SOLID for name in self.names]
        dash = alt.StrokeDash(
            "series:N", scale=alt.Scale(domain=self.names, range=dashes), legend=self.above
        )
        return self.over(rows).mark_line(strokeWidth=1.5).encode(strokeDash=dash)

    def points(self, rows: pd.DataFrame) -> alt.Chart:
        """Draw points if they are few, or isolated; hollow while running."""
        hollow = alt.condition("datum.partial", alt.value("transparent"), self.colour)
        return self.over(pointed(rows)).mark_point(size=22, strokeWidth=1.5).encode(fill=hollow)


def pointed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to draw as points: all if few, otherwise the isolated ones."""
    few = rows["at"].nunique() <= MOST_POINTS
    return rows if few else rows[_alone(rows) | rows["partial"]]


def _alone(rows: pd.DataFrame) -> pd.Series:
    """Return which values are isolated: no neighbour in their series, so no line reaches them."""
    known = rows["value"].notna().groupby(rows["series"])
    return ~known.shift(1, fill_value=False) & ~known.shift(-1, fill_value=False)


def _running_steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each series' running rows and their neighbours, each stretch numbered."""
    running = rows["partial"].groupby(rows["series"])
    near = running.shift(-1, fill_value=False) | running.shift(1, fill_value=False)
    kept = rows["partial"] | near
    stretches = (~kept).groupby(rows["series"]).cumsum()
    return rows.assign(stretch=stretches)[kept]
