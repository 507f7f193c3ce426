"""Charts: functions from a frame to an Altair chart; nothing here displays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meaux.charts.bars import bars
from meaux.charts.budgets import budgets
from meaux.charts.cumulative import cumulative
from meaux.charts.fan import fan
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
from meaux.charts.theme import legible
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
}
"""Every chart by the name of its shape."""

__all__ = [
    "CHARTS",
    "bars",
    "budgets",
    "categories",
    "cost_by_project",
    "cost_trend",
    "cumulative",
    "fan",
    "legible",
    "movers",
    "projects",
    "ranking",
    "share",
    "stacked",
    "status_bars",
    "statuses",
    "team_bars",
    "teams",
    "trend",
]
