"""People: who is there, in which team, and what teams and people do."""

from meaux.data.categories import PERSONAL_IN_WORDS
from meaux.query.metrics.metric import Metric
from meaux.subjects.money.metrics import EVERY

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
ACTIVE_MEMBERS = Metric(
    "active_members",
    "Active members",
    "count",
    "Members of today with a session, a time entry or an AI conversation in the period; who is "
    "in two teams counts in both, and once in the total.",
    total="distinct",
)
TEAM_HOURS = Metric(
    "team_hours",
    "Time logged",
    "hours",
    "Hours logged in the team's projects, whoever logged them; running timers and negative "
    "entries are left out.",
)
TEAM_COST = Metric(
    "team_cost",
    "Cost",
    "money",
    f"{EVERY} cost of the team's projects; credits are negative.",
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
    "Milestones completed in the period; a person's are those that they own.",
)
DELIVERY = Metric(
    "delivery",
    "Deliverables",
    "count",
    "Milestones of the team's projects: completed in the period, or open today, and then overdue "
    "if their day has passed; those of archived projects are not open any more.",
    good="neither",
)
MEMBER_SHARE = Metric(
    "member_share",
    "Share of the team's hours",
    "ratio",
    "A member's part of the hours that all members logged in the team's projects; an even share "
    "is one by the number of members.",
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
    "person_ai_cost", "AI cost", "money", "Cost of the person's AI use in the period.", good="down"
)
PROJECTS_WORKED = Metric(
    "projects_worked",
    "Projects",
    "count",
    "Projects in which the person logged time in the period.",
    total="distinct",
)
CLASSIFIED_HOURS = Metric(
    "classified_hours",
    "Classified",
    "hours",
    "Hours of the person's entries that say whether they are billable: what the billable ratio "
    "is of.",
    good="neither",
)
