"""Money: costs, budgets and projections."""

from meaux.data.categories import IN_WORDS, capitalised
from meaux.query.metrics.metric import Metric

EVERY = capitalised(IN_WORDS)
"""The categories as the beginning of a definition."""

IN_SCENARIO = (
    "with the scenario set on the page Analytics: daily costs changed by a percentage from "
    "tomorrow on, a one-off cost, or both."
)

COST = Metric(
    "cost",
    "Cost",
    "money",
    f"{EVERY} cost in the period. Credits are negative.",
    good="down",
    queries=("cost_by_day", "cost_by_project", "cost_tree", "billed_lines"),
)
DAILY_BURN = Metric(
    "daily_burn",
    "Daily burn rate",
    "money",
    "Mean daily cost of the last 7 complete days, without recurring costs.",
    good="down",
    total="ratio of sums",
)
MONTH_END = Metric(
    "month_end",
    "Projected month-end cost",
    "money",
    "Cost this month so far + forecast for the rest of today and the remaining days. Recurring "
    "costs count once, on their due day. The value at the run rate assumes that every day "
    "costs the mean of the month's complete days.",
    good="down",
    total="last",
)
QUARTER_END = Metric(
    "quarter_end",
    "Projected quarter-end cost",
    "money",
    "Cost this quarter so far + forecast for the rest of today and the remaining days. Recurring "
    "costs count on each of their due days. The value at the run rate assumes that every day "
    "costs the mean of the quarter's complete days.",
    good="down",
    total="last",
)
MONTH_END_IF = Metric(
    "month_end_if",
    "Scenario month-end cost",
    "money",
    f"Projected month-end cost {IN_SCENARIO}",
    good="down",
    total="last",
)
QUARTER_END_IF = Metric(
    "quarter_end_if",
    "Scenario quarter-end cost",
    "money",
    f"Projected quarter-end cost {IN_SCENARIO}",
    good="down",
    total="last",
)
BUDGETS_IN_DANGER = Metric(
    "budgets_in_danger",
    "Budgets over or at risk",
    "count",
    "Budgets with at least {at_risk} used, or forecast to reach {over} by the end of their period.",
    good="down",
    total="last",
)
CHANGE = Metric(
    "change",
    "Cost change",
    "money",
    "Cost of the period's complete days \N{MINUS SIGN} cost of the comparison period.",
    good="down",
)
SHARE = Metric(
    "share",
    "Share of cost",
    "ratio",
    "Cost of the row ÷ total cost in the period.",
    "neither",
    "last",
)
BEFORE = Metric(
    "before",
    "Cost in comparison period",
    "money",
    "Cost in the comparison period.",
    good="down",
)
COST_THIS_MONTH = Metric(
    "cost_this_month",
    "This month's cost",
    "money",
    f"{EVERY} cost this month so far. "
    "The change compares complete days with the same days of last month.",
    good="down",
)
