"""Schedule: runs what is due, alerts, reports and collecting, each at its own times."""
