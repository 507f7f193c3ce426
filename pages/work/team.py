"""Team performance: what each team and each person does and delivers, and how evenly."""

from meaux import charts, figures, people, queries, teams
from meaux.ui import cards, data, filters
from meaux.ui import teams as shown
from meaux.wording import sentences

selection = filters.current()
plan = data.current_plan()
rows = data.load(
    selection,
    queries.person_choices,
    queries.team_list,
    queries.members_by_team,
    queries.memberships,
    queries.projects_by_team,
    queries.hours_by_day,
    queries.weekly_work,
    queries.cost_by_project,
    queries.cost_by_person,
    queries.deliverables,
    queries.assignments,
    **data.before(
        selection,
        queries.memberships,
        queries.hours_by_day,
        queries.deliverables,
        oldest=queries.oldest_deliverables,
    ),
)
measured = teams.measured(rows)
contributions = people.contributions(rows)
unlisted = people.unlisted(rows.person_choices, contributions)

with cards.row(4):
    cards.figure(figures.teams, rows, selection)
    cards.figure(figures.active_members, rows, selection)
    cards.figure(figures.total_hours, rows, selection, page="Time tracking")
    cards.figure(figures.deliverables, rows, selection)

shown.tiles(measured, rows.weekly_work, teams.gaps(rows))

with cards.row(2):
    compared = teams.compared(rows, measured)
    cards.switched("Teams compared", compared, charts.team_bars, key="measure")
    shown.balance(rows)

shown.contributions(contributions, rows.weekly_work, sentences(people.gaps(rows), unlisted))

with cards.row(2):
    shown.allocation(rows)
    shown.workload(contributions, rows.hours_by_day, plan)

shown.assignments(rows)

with cards.row(2):
    shown.deliverables(rows, selection)
