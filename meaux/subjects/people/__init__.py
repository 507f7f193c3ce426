"""People and teams: who is there, what they do and deliver, and how evenly."""
