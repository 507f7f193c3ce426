"""Analytics: a year at a glance, what costs are made of, what happened, and what may come."""

from meaux.subjects.allowances.cards import gauges
from meaux.subjects.money.cards.calendar import Year, calendar
from meaux.subjects.money.cards.costs import sunburst, unusual
from meaux.subjects.money.cards.forecast import what_if
from meaux.subjects.money.figures import month_end, month_end_if, quarter_end, quarter_end_if
from meaux.subjects.money.outlook import Scenario
from meaux.subjects.page import controlled, row, show
from meaux.subjects.timeline.cards import happened

show(
    controlled(Year),
    calendar,
    row(3, gauges),
    sunburst,
    happened,
    controlled(Scenario),
    row(4, month_end, month_end_if, quarter_end, quarter_end_if),
    what_if,
    unusual,
)
