"""Time tracking: where the hours went, and how many of them are billable."""

from meaux import charts, figures, hours, queries, timekeeping
from meaux import people as people_of
from meaux.answers import Ask
from meaux.metrics.hours import HOURS
from meaux.ui import cards, data, filters, tracking

selection = filters.current()
plan = data.current_plan()
recorded = timekeeping.elsewhere(selection, data.current_source().binding)
rows = data.load(
    selection,
    queries.person_choices,
    queries.hours_by_day,
    queries.hours_by_project,
    queries.hours_by_weekday_hour,
    by_person=Ask(hours.people_query(selection), selection),
    odd=Ask(queries.odd_entries, selection, limit=timekeeping.NEWEST),
    **data.before(selection, queries.hours_by_day),
    **recorded,
)
working = hours.working_time(rows.hours_by_day, plan.capacity)
people = hours.people(rows.by_person)
unlisted = people_of.unlisted(rows.person_choices, people)

with cards.row(3):
    cards.figure(figures.total_hours, rows, selection)
    cards.figure(figures.entries, rows, selection)
    cards.figure(figures.running_timers, rows.hours_by_day)
    cards.figure(figures.billable_ratio, rows, selection)
    cards.figure(figures.utilisation, people, working)
    cards.figure(figures.effective_rate, rows, selection)

tracking.trend(rows, selection)

with cards.row(2):
    projects = hours.by_project(rows.hours_by_project)
    cards.chart("Hours by project", hours.largest(projects), charts.hours_by_project, HOURS)
    cards.chart("Project time distribution", projects, charts.project_shares, HOURS)

tracking.week(rows)

with cards.row(2):
    tracking.members(people, unlisted)
    tracking.weeks(people, rows.hours_by_day)
tracking.productivity(people, working, plan.said("capacity"))
tracking.timesheet(people, rows.hours_by_day)

tracking.notes(rows.odd)
tracking.other_tables(rows, recorded)
