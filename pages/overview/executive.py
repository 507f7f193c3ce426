"""Executive overview: projects, teams, users and costs, with what needs a decision first."""

from meaux.subjects.alerts.cards import strip
from meaux.subjects.money.cards import costs, reconciliation
from meaux.subjects.money.figures import cost_at_a_glance, cost_this_month
from meaux.subjects.page import on_top, row, show
from meaux.subjects.people import cards as people
from meaux.subjects.people.figures import active_users, signups, teams
from meaux.subjects.projects.cards import status_bars
from meaux.subjects.projects.figures import total_projects

show(
    on_top(strip),
    row(3, cost_at_a_glance, cost_this_month, total_projects, teams, active_users, signups),
    row(
        2,
        costs.by_category,
        status_bars,
        costs.movers,
        costs.dearest_projects,
        people.members_by_team,
        people.signups,
    ),
    costs.every_project,
    reconciliation.reported,
)
