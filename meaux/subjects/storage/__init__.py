"""Storage: what is held, how it grows, and what a month of it costs."""
