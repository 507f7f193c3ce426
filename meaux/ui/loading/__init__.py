"""How a page gets its data: the open database, the cache, and what it took."""
