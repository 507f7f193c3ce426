"""Charts that mean one thing wherever they stand: the same columns, the same colours."""

from __future__ import annotations

import altair as alt
import pandas as pd

from meaux.charts.allocation import allocation
from meaux.charts.bars import bars
from meaux.charts.colours import (
    BILLABLE,
    CATEGORY,
    DELIVERY,
    ENDING,
    LEVEL,
    MAIL,
    MUTED,
    OUTCOME,
    SEVERITY,
    STATUS,
)
from meaux.charts.matrix import matrix
from meaux.charts.ranking import ranking
from meaux.charts.scatter import scatter
from meaux.charts.share import share
from meaux.charts.stacked import stacked
from meaux.charts.sunburst import sunburst
from meaux.charts.trend import trend
from meaux.data.schema.vocabulary import NO_TEAM, UNASSIGNED
from meaux.query.metrics import Metric


def cost_trend(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    grain: str = "day",
    ghost: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Cost over time, a line for each category; columns: day, category, partial."""
    return trend(
        frame,
        metric,
        series="category",
        colours=CATEGORY,
        grain=grain,
        ghost=ghost,
        marks=marks,
    )


def cost_bars(frame: pd.DataFrame, metric: Metric, *, grain: str = "day") -> alt.LayerChart:
    """Cost over time as columns made of the categories; columns: day, category, partial."""
    return bars(frame, metric, series="category", colours=CATEGORY, grain=grain)


def cost_sunburst(frame: pd.DataFrame, metric: Metric, *, rings: list[str]) -> alt.LayerChart:
    """Costs by category and what each is made of; the first ring is the category."""
    return sunburst(frame, metric, rings=rings, colours=CATEGORY)


def statuses(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Projects by status; column: status."""
    return share(frame, metric, label="status", colours=STATUS)


def teams(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Something by team; columns: team, color."""
    return share(frame, metric, label="team", colour="color", colours={NO_TEAM: MUTED})


def projects(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Projects in order; columns: name, color."""
    return ranking(frame, metric, label="name", colour="color")


def categories(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Something by category of cost; column: category."""
    return share(frame, metric, label="category", colours=CATEGORY)


def cost_by_project(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Projects in order, each made of the categories; columns: name, category, perhaps key."""
    return stacked(frame, metric, label="name", series="category", colours=CATEGORY)


def projects_by_two(frame: pd.DataFrame, metric: Metric, *, across: Metric) -> alt.LayerChart:
    """Projects by two metrics, coloured by status; columns: name, status, and the metrics."""
    return scatter(frame, metric, across=across, label="name", series="status", colours=STATUS)


def status_bars(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Projects by status, as bars; column: status."""
    coloured = frame.assign(color=frame["status"].map(STATUS)) if "status" in frame else frame
    return ranking(coloured, metric, label="status", colour="color")


def team_bars(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Something by team, as bars; columns: name, color."""
    return ranking(_muted(frame, "name", NO_TEAM), metric, label="name", colour="color")


def endings(frame: pd.DataFrame, metric: Metric, *, grain: str = "day") -> alt.LayerChart:
    """Requests over time by how they ended; columns: day, ending, partial."""
    return bars(frame, metric, series="ending", colours=ENDING, grain=grain)


def growth(frame: pd.DataFrame, metric: Metric, *, grain: str = "day") -> alt.LayerChart:
    """A level over time and the line laid through it; columns: day, line, partial."""
    return trend(frame, metric, series="line", colours=LEVEL, grain=grain)


def billable_hours(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    grain: str = "day",
    ghost: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Hours over time, made of what is billable and what isn't; columns: day, billable, partial."""
    return bars(frame, metric, series="billable", colours=BILLABLE, grain=grain, ghost=ghost)


def billable_by_person(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """People in order, each made of what is billable and what isn't; columns: name, billable."""
    return stacked(frame, metric, label="name", series="billable", colours=BILLABLE)


def hours_by_project(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Projects in order, with their shares; columns: project, name, color.

    A line without a project is nobody's, or that of several.
    """
    own = frame.assign(color=frame["color"].where(frame["project"].notna(), MUTED))
    return ranking(own, metric, label="name", colour="color", shares=True)


def project_shares(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Projects as parts of a whole; columns: name, color."""
    return share(frame, metric, label="name", colour="color", colours={UNASSIGNED: MUTED})


def deliverables(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Deliverables by team, each bar made of how they stand; columns: name, state."""
    return stacked(frame, metric, label="name", series="state", colours=DELIVERY)


def projects_by_person(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """What each person's whole is divided among; columns: name, project, color."""
    if frame.empty:
        return allocation(frame, metric, label="name", series="project")
    by_project = frame.groupby("project").agg({metric.name: "sum", "color": "first"})
    own = by_project.sort_values(metric.name, ascending=False)["color"]
    colours = {str(project): str(colour) for project, colour in own.items()} | {UNASSIGNED: MUTED}
    return allocation(frame, metric, label="name", series="project", colours=colours)


def assignments(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Who belongs to which project; columns: name, project, role."""
    return matrix(frame.rename(columns={"role": "word"}), metric, label="name", column="project")


def outcomes(frame: pd.DataFrame, metric: Metric, *, grain: str = "day") -> alt.LayerChart:
    """Runs over time by how they ended; columns: day, outcome, partial."""
    return bars(frame, metric, series="outcome", colours=OUTCOME, grain=grain)


def severities(frame: pd.DataFrame, metric: Metric, *, grain: str = "day") -> alt.LayerChart:
    """Records over time by how severe they are; columns: day, severity, partial."""
    return bars(frame, metric, series="severity", colours=SEVERITY, grain=grain)


def logs(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Logs in order, each made of the severities of its records; columns: log, severity."""
    return stacked(frame, metric, label="log", series="severity", colours=SEVERITY)


def mail_trend(frame: pd.DataFrame, metric: Metric, *, grain: str = "day") -> alt.LayerChart:
    """Messages over time, a line for each thing that may happen; columns: day, state, partial."""
    return trend(frame, metric, series="state", colours=MAIL, grain=grain)


def templates(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Templates in order, each made of what became of its messages; columns: template, state."""
    return stacked(frame, metric, label="template", series="state", colours=MAIL)


def mail_states(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Messages by what became of them, as bars; column: state."""
    coloured = frame.assign(color=frame["state"].map(MAIL)) if "state" in frame else frame
    return ranking(coloured, metric, label="state", colour="color")


def _muted(frame: pd.DataFrame, label: str, word: str) -> pd.DataFrame:
    """The frame with what has this label in the muted colour."""
    if "color" not in frame:
        return frame
    return frame.assign(color=frame["color"].where(frame[label] != word, MUTED))
