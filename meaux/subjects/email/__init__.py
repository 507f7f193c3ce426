"""Email: what was sent, what became of it, and what waits."""
