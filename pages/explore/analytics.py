"""Analytics: a year at a glance, what costs are made of, what happened, and what may come."""

from meaux import allowances, costs, queries, recurring, timeline
from meaux.answers import Ask
from meaux.outlook import outlook
from meaux.ui import data, explore, filters

selection = filters.current()
plan = data.current_plan()
year = explore.year(selection)
days = explore.days_of(selection, year)
rows = data.load(
    selection,
    queries.cost_tree,
    hours_of_year=Ask(queries.hours_by_day, days),
    cost_of_year=Ask(queries.cost_by_day, days),
    cost_by_day=Ask(queries.cost_by_day, costs.window(selection)),
    cost_recent=Ask(queries.cost_by_day, costs.recent(selection)),
    timeline=Ask(queries.timeline, selection, limit=timeline.NEWEST),
    ai_budgets=Ask(queries.ai_budgets, selection),
    **allowances.asks(selection),
    **recurring.asks(selection),
)
lines = recurring.chosen(rows, selection)

explore.calendar(rows.hours_of_year, rows.cost_of_year, year, selection)
explore.gauges(rows, plan)
explore.sunburst(rows.cost_tree)
explore.happened(rows.timeline, selection)
explore.ahead(rows.cost_recent, outlook(rows.cost_recent, selection, lines), selection)
explore.unusual(rows.cost_by_day, selection, plan, lines)
