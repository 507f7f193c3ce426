"""Metrics of the timeline: how many items it has."""

from meaux.query.metrics.metric import Metric

ITEMS = Metric(
    "timeline_items",
    "Timeline items",
    "count",
    "Events above info severity, deployments, completed milestones and spend alerts in the period.",
    "neither",
)
