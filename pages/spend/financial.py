"""Financial analytics: what is spent on what, against which budgets, and where it is heading."""

from meaux import figures
from meaux.cards import money
from meaux.page import on_top, row, show
from meaux.ui import alerts

show(
    on_top(alerts.strip),
    row(4, figures.cost, figures.daily_burn, figures.month_end, figures.budgets_in_danger),
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
