"""Data: the databases, their schema, and what the user declares."""
