"""Money: what is spent, and where it is heading."""

from meaux.data.categories import IN_WORDS, capitalised
from meaux.query.metrics.metric import Metric

EVERY = capitalised(IN_WORDS)
"""The categories, at the beginning of a definition."""

COST = Metric(
    "cost",
    "Cost",
    "money",
    f"{EVERY} cost in the period; credits are negative.",
    good="down",
)
DAILY_BURN = Metric(
    "daily_burn",
    "Daily burn",
    "money",
    "Mean cost of the last 7 complete days, without what is paid about every month.",
    good="down",
    total="ratio of sums",
)
MONTH_END = Metric(
    "month_end",
    "Projected month end",
    "money",
    "Cost of this month so far and the forecast of its remaining days; what is paid about every "
    "month counts once, on its day.",
    good="down",
    total="last",
)
QUARTER_END = Metric(
    "quarter_end",
    "Projected quarter end",
    "money",
    "Cost of this quarter so far and the forecast of its remaining days; what is paid about "
    "every month is put on its days.",
    good="down",
    total="last",
)
MONTH_END_IF = Metric(
    "month_end_if",
    "Month end, what if",
    "money",
    "The projected month end if the days from tomorrow on cost as much more or less as chosen.",
    good="down",
    total="last",
)
QUARTER_END_IF = Metric(
    "quarter_end_if",
    "Quarter end, what if",
    "money",
    "The projected quarter end if the days from tomorrow on cost as much more or less as chosen.",
    good="down",
    total="last",
)
BUDGETS_IN_DANGER = Metric(
    "budgets_in_danger",
    "Budgets over or at risk",
    "count",
    "Budgets of which {at_risk} is used, or {over} is forecast to be used by the end of their "
    "period.",
    good="down",
    total="last",
)
CHANGE = Metric(
    "change",
    "Change in cost",
    "money",
    "Cost of the period's complete days less that of the compared ones.",
    good="down",
)
SHARE = Metric("share", "Share of cost", "ratio", "Part of the total cost.", "neither", "last")
BEFORE = Metric("before", "Cost before", "money", "Cost of the compared days.", good="down")
COST_THIS_MONTH = Metric(
    "cost_this_month",
    "This month's cost",
    "money",
    f"{EVERY} cost from the first of the month to the end of today; "
    "its days that are over are compared with the same days of last month.",
    good="down",
)
