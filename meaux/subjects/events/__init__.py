"""Events: the records of the logs, and how severe they are."""
