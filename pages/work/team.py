"""Team performance: what each team and each person does and delivers, and how evenly."""

from meaux.subjects.hours.figures import hours_at_a_glance
from meaux.subjects.page import row, show
from meaux.subjects.people import cards as people
from meaux.subjects.people.figures import active_members, deliverables, teams

show(
    row(4, teams, active_members, hours_at_a_glance, deliverables),
    people.tiles,
    row(2, people.compared, people.balance),
    people.contributions,
    row(2, people.allocation, people.workload),
    people.assignments,
    row(2, people.deliverables),
)
