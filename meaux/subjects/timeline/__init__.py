"""Timeline: what happened, on one axis."""
