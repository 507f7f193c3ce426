"""Money: costs, budgets and forecasts."""
