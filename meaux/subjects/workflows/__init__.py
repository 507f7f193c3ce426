"""Workflows: runs and steps, their outcome, duration and cost."""
