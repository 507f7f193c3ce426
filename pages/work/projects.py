"""Project analytics: every project with its status, team, progress, deployment and cost."""

from meaux import charts, figures, projects, queries
from meaux.answers import Ask
from meaux.metrics.costs import COST
from meaux.ui import cards, data, filters
from meaux.ui import projects as listing
from meaux.wording import counted, sentences

selection = filters.current()
plan = data.current_plan()
quiet_days = int(plan.thresholds.stale_project_days)
rows = data.load(
    selection,
    queries.project_list,
    queries.projects_by_status,
    queries.projects_by_creation,
    queries.cost_by_project,
    queries.cost_by_day,
    queries.activity_by_project,
    lately=Ask(queries.activity_by_project, projects.lately(selection, quiet_days)),
    **data.before(
        selection,
        queries.cost_by_day,
        queries.activity_by_project,
        oldest=queries.oldest_activity,
    ),
)
listed = projects.listed(rows)
wanted = listing.choice(listed)
stale = projects.stale(listed, rows.lately)

with cards.row(4):
    cards.figure(figures.total_projects, rows, selection)
    cards.figure(figures.cost, rows, selection, page="Financial analytics")
    cards.figure(figures.activity, rows, selection)
    cards.figure(figures.stale_projects, stale, quiet_days)

found = listing.shown(listed, wanted, selection, projects.gaps(rows))
placed = projects.placed(found, rows)
cards.chart(
    "Cost and progress",
    placed,
    charts.progress_and_cost,
    COST,
    note=sentences(projects.left_out(placed), projects.by_milestones(rows.project_list)),
    empty=listing.NONE_FITS,
)
cards.table(
    "Stale projects",
    stale,
    about=f"Projects under way in which nothing happened for {counted(quiet_days, 'day')}.",
    note=plan.said("thresholds.stale_project_days"),
    empty="Something happened lately in every project that is under way.",
)
