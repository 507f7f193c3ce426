"""People: who is there, and in which team."""

from meaux.metrics.metric import Metric

TEAMS = Metric("teams", "Teams", "count", "Number of teams.", total="last")
MEMBERS = Metric(
    "members", "Members", "count", "People in a team who have not left it.", "up", "last"
)
SIGNUPS = Metric(
    "signups", "Recent signups", "count", "Users whose account was created in the period."
)
ACTIVE_USERS = Metric(
    "active_users",
    "Active users",
    "count",
    "Distinct people with a session, a time entry or an AI conversation in the period.",
    total="distinct",
)
