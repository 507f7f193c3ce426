"""Project analytics: every project with its status, team, progress, deployment and cost."""

from meaux import figures
from meaux.cards import projects
from meaux.page import row, show

show(
    row(
        4,
        figures.total_projects,
        figures.cost_of_period,
        figures.activity,
        figures.stale_projects,
    ),
    projects.listing,
    projects.stale,
)
