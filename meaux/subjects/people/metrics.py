"""Metrics of people and teams: how many there are, their hours, cost and deliverables."""

from meaux.data.categories import PERSONAL_IN_WORDS
from meaux.query.metrics.metric import Metric
from meaux.subjects.money.metrics import EVERY

TEAMS = Metric("teams", "Teams", "count", "Number of teams.", total="last")
MEMBERS = Metric(
    "members",
    "Members",
    "count",
    "Current team members.",
    "up",
    "last",
    queries=("members_by_team",),
)
SIGNUPS = Metric(
    "signups",
    "Recent signups",
    "count",
    "Users whose account was created in the period.",
    queries=("signups_by_day",),
)
ACTIVE_USERS = Metric(
    "active_users",
    "Active users",
    "count",
    "Distinct people with a session, a time entry or an AI conversation in the period.",
    total="distinct",
    queries=("active_people",),
)
ACTIVE_MEMBERS = Metric(
    "active_members",
    "Active members",
    "count",
    "Current members who were active in the period: with a session, a time entry or an AI "
    "conversation. People in several teams count in each of them, and once in the total.",
    total="distinct",
)
TEAM_HOURS = Metric(
    "team_hours",
    "Time logged",
    "hours",
    "Hours that anyone logged on the team's projects in the period. Running timers and entries "
    "with a negative duration are left out.",
)
TEAM_COST = Metric(
    "team_cost",
    "Cost",
    "money",
    f"{EVERY} cost of the team's projects in the period. Credits are negative.",
    good="down",
)
TEAM_DELIVERABLES = Metric(
    "team_deliverables",
    "Deliverables completed",
    "count",
    "Milestones of the team's projects that were completed in the period.",
)
DELIVERABLES = Metric(
    "deliverables",
    "Deliverables completed",
    "count",
    "Milestones completed in the period. A person's deliverables are the milestones they own.",
)
DELIVERY = Metric(
    "delivery",
    "Deliverables",
    "count",
    "Milestones of the team's projects: completed in the period or open today. Open milestones "
    "past their due date are overdue. Milestones of archived projects don't count as open.",
    good="neither",
)
MEMBER_SHARE = Metric(
    "member_share",
    "Share of the team's hours",
    "ratio",
    "Member's hours ÷ all members' hours, on the team's projects. Even share = 1 ÷ number of "
    "members.",
    good="neither",
)
PERSON_COST = Metric(
    "person_cost",
    "Cost",
    "money",
    f"Cost of the person's {PERSONAL_IN_WORDS} in the period.",
    good="down",
)
PERSON_AI_COST = Metric(
    "person_ai_cost",
    "AI cost",
    "money",
    "Cost of the person's AI usage in the period.",
    good="down",
)
PROJECTS_WORKED = Metric(
    "projects_worked",
    "Projects",
    "count",
    "Projects on which the person logged time in the period.",
    total="distinct",
)
CLASSIFIED_HOURS = Metric(
    "classified_hours",
    "Classified hours",
    "hours",
    "Hours marked billable or non-billable: the base of the billable ratio.",
    good="neither",
)
