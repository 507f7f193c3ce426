"""Data: what the database holds, how the product reads it, and a box to ask it in SQL."""

from meaux.ui import catalog, filters, health, sql, tabs

selection = filters.current()

tabs.show(
    {
        "Health": lambda: health.tab(selection),
        "Catalog": lambda: catalog.tab(selection),
        "SQL": lambda: sql.tab(selection),
    }
)
