"""Analytics: a year at a glance, what costs are made of, what happened, and what may come."""

from meaux import figures
from meaux.cards import allowances, analytics
from meaux.outlook import Scenario
from meaux.page import controlled, row, show

show(
    controlled(analytics.Year),
    analytics.calendar,
    row(3, allowances.gauges),
    analytics.sunburst,
    analytics.happened,
    controlled(Scenario),
    row(
        4,
        figures.month_end,
        figures.month_end_if,
        figures.quarter_end,
        figures.quarter_end_if,
    ),
    analytics.what_if,
    analytics.unusual,
)
