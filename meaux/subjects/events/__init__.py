"""Events: the logs, and the severity of their events."""
