"""Home: what is spent, who is at work and how the projects stand, at a glance."""

from meaux import alerts, charts, costs, figures, projects, queries
from meaux.answers import Ask
from meaux.metrics.costs import COST
from meaux.metrics.projects import ACTIVITY, PROJECTS, STANDING_PROJECTS
from meaux.ui import alerts as strip
from meaux.ui import cards, data, filters, money

selection = filters.current()
plan = data.current_plan()
rows = data.load(
    selection,
    queries.projects_by_status,
    queries.projects_by_creation,
    queries.projects_by_team,
    queries.active_people,
    queries.active_people_by_day,
    queries.hours_by_day,
    cost_by_day=Ask(queries.cost_by_day, costs.window(selection)),
    cost_recent=Ask(queries.cost_by_day, costs.recent(selection)),
    top_by_cost=Ask(queries.top_projects_by_cost, selection, limit=5),
    top_by_activity=Ask(queries.top_projects_by_activity, selection, limit=5),
    latest=Ask(queries.latest_activity, selection, limit=10),
    **data.before(selection, queries.active_people, queries.hours_by_day),
    **alerts.asks(selection, plan),
)
by_status, by_team = rows.projects_by_status, rows.projects_by_team

open_alerts = strip.place()

with cards.row(4):
    cards.figure(figures.total_projects, rows, selection, page="Project analytics")
    cards.figure(figures.active_users, rows, selection, page="Team performance")
    cards.figure(figures.cost_this_month, rows, selection, page="Financial analytics")
    cards.figure(figures.total_hours, rows, selection, page="Time tracking")

money.trend(rows, plan, selection)

with cards.row(3):
    note = projects.other_spellings(by_status)
    status = projects.by_status(by_status)
    cards.chart("Project status", status, charts.statuses, PROJECTS, note=note)
    by_cost = costs.explained(rows.top_by_cost, rows.cost_by_day, selection)
    top = {"Cost": (by_cost, COST), "Activity": (rows.top_by_activity, ACTIVITY)}
    cards.switched("Top 5 projects", top, charts.projects, key="top")
    teams = projects.by_team(by_team)
    note = projects.archived_too(by_team)
    cards.chart("Projects by team", teams, charts.teams, STANDING_PROJECTS, note=note)

cards.table("Latest activity", rows.latest, about="The newest activity of the period.")

strip.show(open_alerts, alerts.evidence(rows, plan, selection), rows.open_spend_alerts)
