"""Cards about money: costs, budgets, forecasts, reported totals and the calendar."""
