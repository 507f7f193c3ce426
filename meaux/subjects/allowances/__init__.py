"""Allowances: what the plans include, and how much of it this month has used."""
