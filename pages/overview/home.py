"""Home: what is spent, who is at work and how the projects stand, at a glance."""

from meaux import charts, costs, figures, projects, queries
from meaux.answers import Ask
from meaux.metrics import ACTIVITY, COST, PROJECTS
from meaux.ui import alerts, cards, data, filters

selection = filters.current()
rows = data.load(
    selection,
    queries.projects_by_status,
    queries.projects_by_team,
    queries.projects_by_creation,
    queries.active_people,
    queries.active_people_by_day,
    queries.hours_by_day,
    cost_by_day=Ask(queries.cost_by_day, costs.window(selection)),
    cost_of_months=Ask(queries.cost_by_day, costs.two_months(selection)),
    top_by_cost=Ask(queries.top_projects_by_cost, selection, {"limit": 5}),
    top_by_activity=Ask(queries.top_projects_by_activity, selection, {"limit": 5}),
    latest=Ask(queries.latest_activity, selection, {"limit": 10}),
    alerts=Ask(queries.open_spend_alerts, selection, {"limit": 5}),
    **data.before(selection, queries.active_people, queries.hours_by_day),
)

alerts.strip(rows.alerts)

with cards.row(4):
    cards.figure(
        figures.total_projects(rows.projects_by_status, rows.projects_by_creation, selection),
        page="Project analytics",
    )
    cards.figure(
        figures.active_users(
            rows.active_people, rows.active_people_by_day, rows.active_people_before, selection
        ),
        page="Team performance",
    )
    cards.figure(figures.cost_this_month(rows.cost_of_months, selection), page="Financial analytics")
    cards.figure(
        figures.total_hours(rows.hours_by_day, rows.hours_by_day_before, selection),
        page="Time tracking",
    )

cards.chart(
    "Cost trend",
    costs.trend(rows.cost_by_day, selection),
    charts.trend,
    COST,
    series="category",
    colours=charts.colours.CATEGORY,
    note=costs.note(rows.cost_by_day, selection.period),
    **costs.backdrop(rows.cost_by_day, selection),
)

with cards.row(3):
    cards.chart(
        "Project status",
        projects.by_status(rows.projects_by_status),
        charts.share,
        PROJECTS,
        about="All projects by status, archived ones included.",
        note=projects.other_spellings(rows.projects_by_status),
        label="status",
        colours=charts.colours.STATUS,
    )
    cards.switched(
        "Top 5 projects",
        {"Cost": (rows.top_by_cost, COST), "Activity": (rows.top_by_activity, ACTIVITY)},
        charts.ranking,
        key="top",
        label="name",
        colour="color",
    )
    cards.chart(
        "Projects by team",
        projects.by_team(rows.projects_by_team),
        charts.share,
        PROJECTS,
        about="Projects of each team, archived ones left out.",
        label="team",
        colour="color",
        colours={projects.NO_TEAM: charts.colours.MUTED},
    )

cards.table(
    "Latest activity",
    rows.latest,
    {"at": cards.moment("When", selection), "project": "Project", "person": "Person", "action": "What", "description": "More"},
    about="The ten newest rows of the project activity log in the period.",
)
