"""Workflows: how their runs and steps end, how long they take, and what they cost."""
