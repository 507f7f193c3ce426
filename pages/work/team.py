"""Team performance: what each team and each person does and delivers, and how evenly."""

from meaux import figures
from meaux.cards import teams
from meaux.page import row, show

show(
    row(
        4,
        figures.teams,
        figures.active_members,
        figures.total_hours,
        figures.deliverables,
    ),
    teams.tiles,
    row(2, teams.compared, teams.balance),
    teams.contributions,
    row(2, teams.allocation, teams.workload),
    teams.assignments,
    row(2, teams.deliverables),
)
