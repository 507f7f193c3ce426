"""Executive overview: projects, teams, users and costs, with what needs a decision first."""

from meaux.subjects.alerts.cards import strip
from meaux.subjects.money import cards as money
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
        money.by_category,
        status_bars,
        money.movers,
        money.dearest_projects,
        people.members_by_team,
        people.signups,
    ),
    money.every_project,
    money.reported,
)
