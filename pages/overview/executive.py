"""Executive overview: projects, teams, users and costs, with what needs a decision first."""

from meaux import alerts, charts, costs, figures, projects, queries, rankings
from meaux.answers import Ask
from meaux.metrics.costs import COST
from meaux.metrics.people import MEMBERS
from meaux.metrics.projects import PROJECTS
from meaux.ui import alerts as strip
from meaux.ui import cards, data, filters, money

selection = filters.current()
plan = data.current_plan()
rows = data.load(
    selection,
    queries.projects_by_status,
    queries.projects_by_creation,
    queries.team_list,
    queries.members_by_team,
    queries.active_people,
    queries.active_people_by_day,
    queries.cost_by_project,
    queries.portfolio,
    queries.reported_by_day,
    queries.signups_by_day,
    signups=Ask(queries.signups, selection, limit=500),
    cost_by_day=Ask(queries.cost_by_day, costs.window(selection)),
    cost_recent=Ask(queries.cost_by_day, costs.recent(selection)),
    **data.before(
        selection, queries.active_people, queries.cost_by_project, queries.signups_by_day
    ),
    **alerts.asks(selection, plan),
)
evidence = alerts.evidence(rows, plan, selection)
by_project = rankings.compared_by_project(rows, selection)

open_alerts = strip.place()

with cards.row(3):
    cards.figure(figures.cost, rows, selection, page="Financial analytics")
    cards.figure(figures.cost_this_month, rows, selection, page="Financial analytics")
    cards.figure(figures.total_projects, rows, selection, page="Project analytics")
    cards.figure(figures.teams, rows, selection, page="Team performance")
    cards.figure(figures.active_users, rows, selection, page="Team performance")
    cards.figure(figures.signups, rows, selection)

with cards.row(2):
    by_category = costs.by_category(rows.cost_by_day, selection)
    note = costs.note(rows.cost_by_day, selection.period)
    cards.chart("Cost by category", by_category, charts.categories, COST, note=note)
    money.movers(rows, selection)
    dearest = rankings.dearest(by_project)
    cards.chart("Cost per project", dearest, charts.ranking, COST, label="name", shares=True)
    status = projects.by_status(rows.projects_by_status)
    to = {"opens": "Project analytics", "by": "status"}
    cards.chart("Projects by status", status, charts.status_bars, PROJECTS, **to)
    cards.chart("Members by team", rows.members_by_team, charts.team_bars, MEMBERS)
    cards.table("Recent signups", rows.signups, about="Users whose account is new.")

money.portfolio(rows, selection, evidence.standings)
money.reported(rows, selection)
strip.show(open_alerts, evidence, rows.open_spend_alerts)
