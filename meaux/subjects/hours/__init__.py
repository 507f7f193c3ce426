"""Hours: the time entries, whose they are, and what of them is billable."""
