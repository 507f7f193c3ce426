"""Financial analytics: what is spent on what, against which budgets, and where it is heading."""

from meaux.subjects.alerts.cards import strip
from meaux.subjects.money import cards as money
from meaux.subjects.money.figures import budgets_in_danger, cost, daily_burn, month_end
from meaux.subjects.page import on_top, row, show

show(
    on_top(strip),
    row(4, cost, daily_burn, month_end, budgets_in_danger),
    money.trend,
    row(2, money.by_category, money.month),
    money.budgets,
    money.over,
    money.ahead,
    row(2, money.by_project, money.movers, money.by_person, money.by_service),
    money.reconciled,
    money.lifetime,
    money.weekly_reports,
    money.savings,
    money.left_out,
    money.focus,
)
