"""Time tracking: where the hours went, and how many of them are billable."""

from meaux.subjects.hours import cards as hours
from meaux.subjects.hours import figures
from meaux.subjects.page import row, show

show(
    row(
        3,
        figures.total_hours,
        figures.entries,
        figures.running_timers,
        figures.billable_ratio,
        figures.utilisation,
        figures.effective_rate,
    ),
    hours.trend,
    row(2, hours.by_project, hours.project_shares),
    hours.week,
    row(2, hours.members, hours.weeks),
    hours.productivity,
    hours.timesheet,
    row(2, hours.timesheet_book, hours.timesheet_entries),
    hours.notes,
    hours.other_tables,
)
