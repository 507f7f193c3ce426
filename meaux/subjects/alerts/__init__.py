"""Alerts: the rules, what they find, and what the database recorded."""
