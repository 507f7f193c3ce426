"""Hours: the time entries by day, project and person."""
