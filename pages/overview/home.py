"""Home: what is spent, who is at work and how the projects stand, at a glance."""

from meaux import figures
from meaux.cards import money, overview
from meaux.page import on_top, row, show
from meaux.ui import alerts

show(
    on_top(alerts.strip),
    row(
        4,
        figures.total_projects,
        figures.active_users,
        figures.cost_this_month,
        figures.total_hours,
    ),
    money.trend,
    row(3, overview.status, overview.top_projects, overview.by_team),
    overview.latest,
)
