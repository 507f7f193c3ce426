"""Charts: functions from a frame to an Altair chart; nothing here displays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meaux.charts.named import cost_trend, projects, statuses, teams
from meaux.charts.ranking import ranking
from meaux.charts.share import share
from meaux.charts.trend import trend

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

CHARTS: dict[str, Callable[..., alt.LayerChart]] = {
    "trend": trend,
    "ranking": ranking,
    "share": share,
}
"""Every chart by the name of its shape."""

__all__ = [
    "CHARTS",
    "cost_trend",
    "projects",
    "ranking",
    "share",
    "statuses",
    "teams",
    "trend",
]
