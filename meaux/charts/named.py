"""Charts that mean one thing wherever they stand: the same columns, the same colours."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Mapping

cost_trend = partial(trend, series="category", colours=CATEGORY)
"""Cost over time, a line for each category; columns: day, category, partial."""

cost_bars = partial(bars, series="category", colours=CATEGORY)
"""Cost over time as columns made of the categories; columns: day, category, partial."""

cost_sunburst = partial(sunburst, colours=CATEGORY)
"""Costs by category and what each is made of; the first ring is the category."""

statuses = partial(share, label="status", colours=STATUS)
"""Projects by status; column: status."""

teams = partial(share, label="team", colour="color", colours={NO_TEAM: MUTED})
"""Something by team; columns: team, color."""

projects = partial(ranking, label="name", colour="color")
"""Projects in order; columns: name, color."""

categories = partial(share, label="category", colours=CATEGORY)
"""Something by category of cost; column: category."""

cost_by_project = partial(stacked, label="name", series="category", colours=CATEGORY)
"""Projects in order, each made of the categories; columns: name, category, perhaps key."""

projects_by_two = partial(scatter, label="name", series="status", colours=STATUS)
"""Projects by two metrics, coloured by status; columns: name, status, and the metrics."""


def team_bars(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Something by team, as bars; columns: name, color."""
    return ranking(_muted(frame, "name", NO_TEAM), metric, label="name", colour="color")


endings = partial(bars, series="ending", colours=ENDING)
"""Requests over time by how they ended; columns: day, ending, partial."""

growth = partial(trend, series="line", colours=LEVEL)
"""A level over time and the line laid through it; columns: day, line, partial."""

billable_hours = partial(bars, series="billable", colours=BILLABLE)
"""Hours over time, made of what is billable and what isn't; columns: day, billable, partial."""

billable_by_person = partial(stacked, label="name", series="billable", colours=BILLABLE)
"""People in order, each made of what is billable and what isn't; columns: name, billable."""


def hours_by_project(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Projects in order, with their shares; columns: project, name, color.

    A line without a project is nobody's, or that of several.
    """
    own = frame.assign(color=frame["color"].where(frame["project"].notna(), MUTED))
    return ranking(own, metric, label="name", colour="color", shares=True)


project_shares = partial(share, label="name", colour="color", colours={UNASSIGNED: MUTED})
"""Projects as parts of a whole; columns: name, color."""

deliverables = partial(stacked, label="name", series="state", colours=DELIVERY)
"""Deliverables by team, each bar made of how they stand; columns: name, state."""


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


outcomes = partial(bars, series="outcome", colours=OUTCOME)
"""Runs over time by how they ended; columns: day, outcome, partial."""

severities = partial(bars, series="severity", colours=SEVERITY)
"""Records over time by how severe they are; columns: day, severity, partial."""

logs = partial(stacked, label="log", series="severity", colours=SEVERITY)
"""Logs in order, each made of the severities of its records; columns: log, severity."""

mail_trend = partial(trend, series="state", colours=MAIL)
"""Messages over time, a line for each thing that may happen; columns: day, state, partial."""

templates = partial(stacked, label="template", series="state", colours=MAIL)
"""Templates in order, each made of what became of its messages; columns: template, state."""


def _each_its_colour(
    frame: pd.DataFrame, metric: Metric, *, label: str, colours: Mapping[str, str]
) -> alt.LayerChart:
    """A bar for each label, in the colour of its word."""
    coloured = frame.assign(color=frame[label].map(colours)) if label in frame else frame
    return ranking(coloured, metric, label=label, colour="color")


status_bars = partial(_each_its_colour, label="status", colours=STATUS)
"""Projects by status, as bars; column: status."""

mail_states = partial(_each_its_colour, label="state", colours=MAIL)
"""Messages by what became of them, as bars; column: state."""


def _muted(frame: pd.DataFrame, label: str, word: str) -> pd.DataFrame:
    """The frame with what has this label in the muted colour."""
    if "color" not in frame:
        return frame
    return frame.assign(color=frame["color"].where(frame[label] != word, MUTED))
