"""Project analytics: every project with its status, team, progress, deployment and cost."""

from meaux.subjects.money.figures import cost_of_period
from meaux.subjects.page import row, show
from meaux.subjects.projects.cards import listing, stale
from meaux.subjects.projects.figures import activity, stale_projects, total_projects

show(row(4, total_projects, cost_of_period, activity, stale_projects), listing, stale)
