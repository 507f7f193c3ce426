"""Trend: lines over local days, with the running day, the previous period and marked days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from meaux.charts import axis, description
from meaux.charts.axis import PADDING
from meaux.charts.cells import heading, name, numbers
from meaux.charts.colours import ACCENT, MUTED, UNUSUAL, assigned
from meaux.metrics import MISSING, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

HEIGHT = 300
MOST_POINTS = 31
LETTER = 7
SYMBOL = 30
LONGEST_ENTRY = 24
PREVIOUS = "Previous period"


def trend(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    series: str | None = None,
    colours: Mapping[str, str] | None = None,
    grain: str = "day",
    ghost: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """The metric over days, a line for each value of the column `series`.

    Columns: `day` (datetime64, a local day; the first of its week or month), the metric's name
    and perhaps `partial` (bool: still running). `ghost`: day, value, actual_day (text), the
    previous period moved onto these days. `marks`: day, value, text.
    """
    rows = _rows(frame, metric, series)
    if rows["value"].isna().all():
        return description.blank(metric)
    before, noted = _aside(ghost, "actual_day"), _aside(marks, "text")
    plot = _plot(rows, before, metric, colours, grain)
    layers = [
        plot.previous(before),
        plot.lines(rows),
        plot.running(rows),
        plot.points(rows),
        plot.hovered(_texts(_said(rows, before, metric), plot.names, noted, grain)),
        plot.marked(noted),
    ]
    drawn = [layer for layer in layers if layer is not None]
    return alt.layer(plot.with_choice(drawn[0]), *drawn[1:]).properties(
        height=HEIGHT,
        padding=PADDING,
        description=description.trend(rows, before, noted, metric, grain),
    )


def _rows(frame: pd.DataFrame, metric: Metric, series: str | None) -> pd.DataFrame:
    """The frame as day, at, series, value and partial, in the order of the days."""
    if frame.empty or "day" not in frame or metric.name not in frame:
        return pd.DataFrame({"value": pd.Series(dtype="float64")})
    rows = pd.DataFrame(
        {
            "day": pd.to_datetime(frame["day"]),
            "series": metric.label if series is None else [name(cell) for cell in frame[series]],
            "value": numbers(frame[metric.name]),
            "partial": frame["partial"].fillna(value=False).astype(bool)
            if "partial" in frame
            else False,
        }
    )
    rows = rows.dropna(subset="day").sort_values("day", kind="stable", ignore_index=True)
    return rows.assign(at=axis.instants(rows["day"]))


def _aside(frame: pd.DataFrame | None, words: str) -> pd.DataFrame:
    """The known values of a second frame, with its words as text; empty where there is none."""
    if frame is None or frame.empty:
        return pd.DataFrame({"day": [], "value": [], words: [], "at": []})
    rows = frame.assign(
        day=pd.to_datetime(frame["day"]),
        value=numbers(frame["value"]),
        **{words: [name(cell) for cell in frame[words]]},
    ).dropna(subset=["day", "value"])
    return rows.assign(at=axis.instants(rows["day"]), series=PREVIOUS)


def _said(rows: pd.DataFrame, before: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Every value in words: day, series, words."""
    now = [
        metric.exact(value) + (" so far" if partial else "")
        for value, partial in zip(rows["value"], rows["partial"], strict=True)
    ]
    then = [
        f"{metric.exact(value)} ({day})"
        for value, day in zip(before["value"], before["actual_day"], strict=True)
    ]
    both = [rows.assign(words=now), before.assign(words=then)]
    return pd.concat([part[["day", "series", "words"]] for part in both if len(part)])


def _texts(said: pd.DataFrame, lines: list[str], noted: pd.DataFrame, grain: str) -> pd.DataFrame:
    """The words of the tooltip: one row a day, `title` and a column `line<n>` a series."""
    texts = said.pivot_table(index="day", columns="series", values="words", aggfunc="first")
    days = pd.Series(texts.index)
    notes = dict(zip(noted["day"], noted["text"], strict=True))
    titles = [
        axis.words(day, grain) + (f" \N{MIDDLE DOT} {notes[day]}" if day in notes else "")
        for day in days
    ]
    texts = texts[lines].fillna(MISSING).set_axis([f"line{n}" for n in range(len(lines))], axis=1)
    return texts.assign(title=titles, at=axis.instants(days).array).reset_index(drop=True)


def _alone(rows: pd.DataFrame) -> pd.Series:
    """Which values have no neighbour in their series, so that no line reaches them."""
    known = rows["value"].notna().groupby(rows["series"])
    return ~known.shift(1, fill_value=False) & ~known.shift(-1, fill_value=False)


def _last_steps(rows: pd.DataFrame) -> pd.DataFrame:
    """For each series its running days and the complete one before them."""
    following = rows["partial"].groupby(rows["series"]).shift(-1, fill_value=False)
    return rows[rows["partial"] | following]


@dataclass(frozen=True)
class _Plot:
    """What the layers of one trend share."""

    x: Any
    y: Any
    names: list[str]
    colours: dict[str, str]

    @property
    def alone(self) -> bool:
        """Whether there is one line, which needs no legend."""
        return len(self.names) == 1

    @property
    def picked(self) -> Any:
        """The series chosen in the legend."""
        return alt.selection_point(name="picked", fields=["series"], bind="legend")

    @property
    def colour(self) -> Any:
        """The colour of a series; the legend above the lines."""
        entry = SYMBOL + LETTER * min(max(map(len, self.names)), LONGEST_ENTRY)
        legend = alt.Legend(
            orient="top",
            columns={"expr": f"max(1, floor(width / {entry}))"},
            title=None,
            symbolType="stroke",
            labelLimit=LETTER * LONGEST_ENTRY,
            offset=22,
        )
        return (
            alt.Color("series:N")
            .scale(domain=self.names, range=[self.colours[name] for name in self.names])
            .legend(None if self.alone else legend)
        )

    @property
    def opacity(self) -> Any:
        """Full for what is chosen, faint for the rest."""
        if self.alone:
            return alt.value(1)
        return alt.when(self.picked).then(alt.value(1)).otherwise(alt.value(0.1))

    def with_choice(self, first: Any) -> Any:
        """The layer with the choice of series: the first one, whose legend stands for all."""
        return first if self.alone else first.add_params(self.picked)

    def over(self, rows: pd.DataFrame) -> Any:
        """A chart of rows on the shared axes, before its mark."""
        return alt.Chart(rows).encode(self.x, self.y, self.colour, opacity=self.opacity)

    def lines(self, rows: pd.DataFrame) -> alt.Chart:
        """The complete days; a total is drawn heavier than its parts."""
        width = alt.condition("datum.series === 'Total'", alt.value(3), alt.value(2))
        lines = self.over(rows[~rows["partial"]])
        return lines.mark_line(strokeCap="round").encode(strokeWidth=width, detail="series:N")

    def running(self, rows: pd.DataFrame) -> alt.Chart | None:
        """The step to the running day, dashed, because it will still move."""
        steps = _last_steps(rows)
        return self.over(steps).mark_line(strokeDash=[4, 4], strokeWidth=2) if len(steps) else None

    def previous(self, before: pd.DataFrame) -> alt.Chart | None:
        """The previous period, thin and dotted."""
        if before.empty:
            return None
        return self.over(before).mark_line(strokeDash=[2, 3], strokeWidth=1.5)

    def points(self, rows: pd.DataFrame) -> alt.Chart:
        """The values, where there are few or no line reaches one; hollow while running."""
        few = rows["day"].nunique() <= MOST_POINTS
        hollow = alt.condition("datum.partial", alt.value("transparent"), self.colour)
        return (
            self.over(rows if few else rows[_alone(rows) | rows["partial"]])
            .mark_point(size=22, strokeWidth=1.5)
            .encode(fill=hollow)
        )

    def hovered(self, texts: pd.DataFrame) -> alt.Chart:
        """A rule at the day nearest to the pointer, with all its values as tooltip."""
        nearest = alt.selection_point(
            name="hovered",
            fields=["at"],
            nearest=True,
            on="pointerover",
            clear="pointerout",
            empty=False,
        )
        lines = [
            alt.Tooltip(f"line{n}:N", title=heading(name)) for n, name in enumerate(self.names)
        ]
        return (
            alt.Chart(texts)
            .mark_rule(color=MUTED)
            .encode(
                self.x,
                opacity=alt.when(nearest).then(alt.value(0.8)).otherwise(alt.value(0)),
                tooltip=[alt.Tooltip("title:N", title="title"), *lines],
            )
            .add_params(nearest)
        )

    def marked(self, noted: pd.DataFrame) -> alt.Chart | None:
        """A triangle above each marked day, which says why."""
        if noted.empty:
            return None
        return (
            alt.Chart(noted)
            .mark_point(
                shape="triangle-down", size=90, filled=True, opacity=1, color=UNUSUAL, yOffset=-12
            )
            .encode(self.x, self.y, tooltip=[alt.Tooltip("text:N", title="title")])
        )


def _plot(
    rows: pd.DataFrame,
    before: pd.DataFrame,
    metric: Metric,
    colours: Mapping[str, str] | None,
    grain: str,
) -> _Plot:
    names = _in_order(list(rows["series"].unique()), colours)
    given = assigned(names, colours) if len(names) > 1 or colours else {names[0]: ACCENT}
    drawn = pd.concat([part[["day", "value"]] for part in (rows, before) if len(part)])
    return _Plot(
        axis.across(drawn["day"], grain),
        axis.up(drawn["value"], metric),
        [*names, *([PREVIOUS] if len(before) else [])],
        {**given, PREVIOUS: MUTED},
    )


def _in_order(names: list[str], colours: Mapping[str, str] | None) -> list[str]:
    """The names as the colours list them, then the rest as they came."""
    listed = [name for name in colours or {} if name in names]
    return listed + [name for name in names if name not in listed]
