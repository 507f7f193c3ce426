"""Financial analytics: what is spent on what, against which budgets, and where it is heading."""

from meaux.subjects.alerts.cards import strip
from meaux.subjects.money.cards import budgets, costs, forecast, reconciliation
from meaux.subjects.money.figures import budgets_in_danger, cost, daily_burn, month_end
from meaux.subjects.page import on_top, row, show

show(
    on_top(strip),
    row(4, cost, daily_burn, month_end, budgets_in_danger),
    costs.trend,
    row(2, costs.by_category, costs.month),
    budgets.status,
    budgets.over,
    forecast.ahead,
    row(2, costs.by_project, costs.movers, costs.by_person, costs.by_service),
    reconciliation.reconciled,
    reconciliation.lifetime,
    reconciliation.weekly_reports,
    costs.savings,
    costs.left_out,
    costs.focus,
)
