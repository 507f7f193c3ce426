"""Home: what is spent, who is at work and how the projects stand, at a glance."""

from meaux.subjects.alerts.cards import strip
from meaux.subjects.hours.figures import hours_at_a_glance
from meaux.subjects.money.cards.costs import trend
from meaux.subjects.money.figures import cost_this_month
from meaux.subjects.page import on_top, row, show
from meaux.subjects.people.figures import active_users
from meaux.subjects.projects.cards import by_team, latest, status, top_projects
from meaux.subjects.projects.figures import total_projects

show(
    on_top(strip),
    row(4, total_projects, active_users, cost_this_month, hours_at_a_glance),
    trend,
    row(3, status, top_projects, by_team),
    latest,
)
