"""Projects: how many there are, and how much happens in them."""

from meaux.query.metrics.metric import Metric

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
STALE_PROJECTS = Metric(
    "stale_projects",
    "Stale projects",
    "count",
    "Projects that are active or in progress and in which nothing happened for "
    "{stale_project_days}.",
    good="down",
    total="last",
)
PROGRESS = Metric(
    "progress",
    "Progress",
    "ratio",
    "The newest progress that was recorded, else completed by all milestones, else unknown.",
    total="last",
)
LIFETIME = Metric(
    "lifetime",
    "Lifetime cost, reported",
    "money",
    "What project_costs holds as the project's total cost, added up by somebody else.",
    good="neither",
    total="last",
)
DEPLOYMENTS = Metric(
    "deployments",
    "Deployments",
    "count",
    "Deployments that are recorded of the project, whatever the period.",
    good="neither",
)
MILESTONES = Metric(
    "milestones", "Milestones", "count", "Milestones of the project.", "neither", "last"
)
MILESTONES_COMPLETED = Metric(
    "milestones_completed",
    "Milestones completed",
    "count",
    "Milestones of the project that are completed.",
    total="last",
)
