"""Project analytics: every project with its status, team, progress, deployment and cost."""

from meaux import figures
from meaux.cards import projects
from meaux.page import row, show
from meaux.ui.projects import listing

show(
    row(
        4,
        figures.total_projects,
        figures.cost_of_period,
        figures.activity,
        figures.stale_projects,
    ),
    listing,
    projects.stale,
)
