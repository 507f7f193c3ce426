"""Email: messages by state, their rates, and the queue."""
