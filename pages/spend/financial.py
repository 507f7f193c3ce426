"""Financial analytics: what is spent on what, against which budgets, and where it is heading."""

from meaux import alerts, charts, costs, figures, queries, rankings, recurring, standings
from meaux.answers import Ask
from meaux.metrics.costs import COST
from meaux.outlook import outlook
from meaux.ui import alerts as strip
from meaux.ui import cards, data, filters, money

selection = filters.current()
plan = data.current_plan()
rows = data.load(
    selection,
    queries.cost_by_project,
    queries.cost_by_person,
    queries.cost_by_service,
    queries.unpriced_time,
    queries.other_currencies,
    *money.REPORTS,
    cost_by_day=Ask(queries.cost_by_day, costs.window(selection)),
    cost_recent=Ask(queries.cost_by_day, costs.recent(selection)),
    savings=Ask(queries.savings, selection, limit=20),
    **data.before(selection, queries.cost_by_project),
    **alerts.asks(selection, plan),
)
seen = outlook(rows.cost_recent, selection, recurring.chosen(rows, selection))
evidence = alerts.evidence(rows, plan, selection)
unread = standings.left_out(rows, plan)

open_alerts = strip.place()

with cards.row(4):
    cards.figure(figures.cost, rows, selection)
    cards.figure(figures.daily_burn, seen, rows.cost_recent)
    cards.figure(figures.month_end, seen, rows.cost_recent)
    cards.figure(figures.budgets_in_danger, evidence.standings, unread)

money.trend(rows, plan, selection)

with cards.row(2):
    by_category = costs.by_category(rows.cost_by_day, selection)
    note = costs.note(rows.cost_by_day, selection.period)
    cards.chart("Cost by category", by_category, charts.categories, COST, note=note)
    money.month(rows, plan, selection)

money.budgets(rows, plan, evidence.standings)
money.over(evidence.standings)
money.ahead(rows.cost_recent, seen)
with cards.row(2):
    stacked = charts.cost_by_project
    cards.chart("Cost by project", rankings.by_project(rows.cost_by_project), stacked, COST)
    money.movers(rows, selection)
    cards.chart("Cost by person", rankings.by_person(rows.cost_by_person), stacked, COST)
    services = rankings.by_service(rows.cost_by_service)
    cards.chart("Cost by model and service", services, stacked, COST)

money.reconciled(rows, selection)
money.lifetime(selection)
money.weekly_reports(rows, selection)
cards.table("Ways to spend less", rows.savings, about="Savings neither done nor dismissed.")
money.left_out(rows)
money.focus(selection)
strip.show(open_alerts, evidence, rows.open_spend_alerts)
