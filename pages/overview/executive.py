"""Executive overview: projects, teams, users and costs, with what needs a decision first."""

from meaux import figures
from meaux.cards import money, overview
from meaux.page import on_top, row, show
from meaux.ui import alerts

show(
    on_top(alerts.strip),
    row(
        3,
        figures.cost_at_a_glance,
        figures.cost_this_month,
        figures.total_projects,
        figures.teams,
        figures.active_users,
        figures.signups,
    ),
    row(
        2,
        money.by_category,
        money.movers,
        money.dearest_projects,
        overview.status_bars,
        overview.members_by_team,
        overview.signups,
    ),
    money.every_project,
    money.reported,
)
