"""Allowances: the amounts that the plans include, and this month's usage of them."""
