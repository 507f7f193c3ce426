"""Money: what is spent on what, against which budgets, and where it is heading."""
