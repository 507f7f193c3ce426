"""The user interface: layout, filters, cached data access and cards."""
