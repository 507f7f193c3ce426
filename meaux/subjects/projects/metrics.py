"""Metrics of projects: how many there are, their activity, progress and milestones."""

from meaux.query.metrics.metric import Metric

TOTAL_PROJECTS = Metric(
    "total_projects",
    "Total projects",
    "count",
    "All projects that are neither archived nor deleted.",
    total="last",
)
PROJECTS = Metric(
    "projects",
    "Projects",
    "count",
    "All projects that aren't deleted, including archived ones. “Total projects” leaves "
    "archived ones out.",
    total="last",
    queries=("projects_by_status", "projects_by_team"),
)
STANDING_PROJECTS = Metric(
    "standing_projects",
    "Projects",
    "count",
    "The team's projects that are neither archived nor deleted.",
    total="last",
)
ACTIVITY = Metric(
    "activity",
    "Activity",
    "count",
    "Entries in the project activity log in the period; if the database has no such log, time "
    "entries.",
    queries=("activity_by_project",),
)
STALE_PROJECTS = Metric(
    "stale_projects",
    "Stale projects",
    "count",
    "Active or in-progress projects without activity for {stale_project_days}.",
    good="down",
    total="last",
)
PROGRESS = Metric(
    "progress",
    "Progress",
    "ratio",
    "Latest recorded progress; otherwise completed ÷ all milestones; otherwise unknown.",
    total="last",
)
LIFETIME = Metric(
    "lifetime",
    "Lifetime cost, reported",
    "money",
    "The project's lifetime cost, as reported in the database.",
    good="neither",
    total="last",
    queries=("project_list",),
)
DEPLOYMENTS = Metric(
    "deployments",
    "Deployments",
    "count",
    "Deployments of the project over its lifetime, as reported in the database.",
    good="neither",
    queries=("project_list",),
)
MILESTONES = Metric(
    "milestones",
    "Milestones",
    "count",
    "Milestones of the project.",
    "neither",
    "last",
    queries=("project_list",),
)
MILESTONES_COMPLETED = Metric(
    "milestones_completed",
    "Milestones completed",
    "count",
    "Completed milestones of the project.",
    total="last",
    queries=("project_list",),
)
