"""Charts: functions from a frame to an Altair chart; nothing here displays one."""

from __future__ import annotations

from meaux.charts.bars import bars
from meaux.charts.calendar import calendar
from meaux.charts.cumulative import cumulative
from meaux.charts.fan import fan
from meaux.charts.gauge import gauge
from meaux.charts.heatmap import heatmap
from meaux.charts.limits import budgets, load
from meaux.charts.matrix import matrix
from meaux.charts.movers import movers
from meaux.charts.ranking import ranking
from meaux.charts.scatter import scatter
from meaux.charts.share import share
from meaux.charts.spread import spread
from meaux.charts.stacked import allocation, stacked
from meaux.charts.sunburst import sunburst
from meaux.charts.timeline import timeline
from meaux.charts.trend import trend

__all__ = [
    "allocation",
    "bars",
    "budgets",
    "calendar",
    "cumulative",
    "fan",
    "gauge",
    "heatmap",
    "load",
    "matrix",
    "movers",
    "ranking",
    "scatter",
    "share",
    "spread",
    "stacked",
    "sunburst",
    "timeline",
    "trend",
]
