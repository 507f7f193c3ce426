"""Projects: how many there are, and how much happens in them."""

from meaux.metrics.metric import Metric

TOTAL_PROJECTS = Metric(
    "total_projects",
    "Total projects",
    "count",
    "All projects there are today except the archived ones.",
    total="last",
)
PROJECTS = Metric(
    "projects", "Projects", "count", "All projects, the archived ones included.", total="last"
)
STANDING_PROJECTS = Metric(
    "standing_projects",
    "Projects",
    "count",
    "All projects there are today except the archived ones.",
    total="last",
)
ACTIVITY = Metric(
    "activity",
    "Activity",
    "count",
    "Rows of the project activity log in the period; time entries where there is no such log.",
)
