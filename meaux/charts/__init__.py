"""Charts: functions from a frame to an Altair chart; nothing here displays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meaux.charts.bars import bars
from meaux.charts.budgets import budgets
from meaux.charts.calendar import calendar
from meaux.charts.cumulative import cumulative
from meaux.charts.fan import fan
from meaux.charts.gauge import gauge
from meaux.charts.movers import movers
from meaux.charts.named import (
    categories,
    cost_by_project,
    cost_trend,
    projects,
    status_bars,
    statuses,
    team_bars,
    teams,
)
from meaux.charts.ranking import ranking
from meaux.charts.share import share
from meaux.charts.stacked import stacked
from meaux.charts.sunburst import sunburst
from meaux.charts.timeline import timeline
from meaux.charts.trend import trend

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

CHARTS: dict[str, Callable[..., alt.LayerChart]] = {
    "trend": trend,
    "ranking": ranking,
    "share": share,
    "stacked": stacked,
    "bars": bars,
    "budgets": budgets,
    "fan": fan,
    "cumulative": cumulative,
    "movers": movers,
    "calendar": calendar,
    "gauge": gauge,
    "sunburst": sunburst,
    "timeline": timeline,
}
"""Every chart by the name of its shape."""

__all__ = [
    "CHARTS",
    "bars",
    "budgets",
    "calendar",
    "categories",
    "cost_by_project",
    "cost_trend",
    "cumulative",
    "fan",
    "gauge",
    "movers",
    "projects",
    "ranking",
    "share",
    "stacked",
    "status_bars",
    "statuses",
    "sunburst",
    "team_bars",
    "teams",
    "timeline",
    "trend",
]
