"""Timeline: events, deployments, milestones and spend alerts on one axis of time."""
