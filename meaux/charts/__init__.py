"""Charts: functions from a frame to an Altair chart; nothing here displays one."""

from __future__ import annotations

from meaux.charts.allocation import allocation
from meaux.charts.bars import bars
from meaux.charts.budgets import budgets
from meaux.charts.calendar import calendar
from meaux.charts.cumulative import cumulative
from meaux.charts.fan import fan
from meaux.charts.gauge import gauge
from meaux.charts.heatmap import heatmap
from meaux.charts.layered import Drawn
from meaux.charts.load import load
from meaux.charts.matrix import matrix
from meaux.charts.movers import movers
from meaux.charts.named import (
    assignments,
    billable_by_person,
    billable_hours,
    categories,
    cost_bars,
    cost_by_project,
    cost_sunburst,
    cost_trend,
    deliverables,
    endings,
    growth,
    hours_by_project,
    logs,
    mail_states,
    mail_trend,
    outcomes,
    project_shares,
    projects,
    projects_by_person,
    projects_by_two,
    severities,
    status_bars,
    statuses,
    team_bars,
    teams,
    templates,
)
from meaux.charts.ranking import ranking
from meaux.charts.scatter import scatter
from meaux.charts.share import share
from meaux.charts.spread import spread
from meaux.charts.stacked import stacked
from meaux.charts.sunburst import sunburst
from meaux.charts.theme import legible
from meaux.charts.timeline import timeline
from meaux.charts.trend import trend

__all__ = [
    "Drawn",
    "allocation",
    "assignments",
    "bars",
    "billable_by_person",
    "billable_hours",
    "budgets",
    "calendar",
    "categories",
    "cost_bars",
    "cost_by_project",
    "cost_sunburst",
    "cost_trend",
    "cumulative",
    "deliverables",
    "endings",
    "fan",
    "gauge",
    "growth",
    "heatmap",
    "hours_by_project",
    "legible",
    "load",
    "logs",
    "mail_states",
    "mail_trend",
    "matrix",
    "movers",
    "outcomes",
    "project_shares",
    "projects",
    "projects_by_person",
    "projects_by_two",
    "ranking",
    "scatter",
    "severities",
    "share",
    "spread",
    "stacked",
    "status_bars",
    "statuses",
    "sunburst",
    "team_bars",
    "teams",
    "templates",
    "timeline",
    "trend",
]
