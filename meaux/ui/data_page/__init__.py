"""The tabs of the page Data: Health, Catalog and the SQL console."""
