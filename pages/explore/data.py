"""Data: what the database holds, how the product reads it, and a box to ask it in SQL."""

from meaux.page import show, tabs
from meaux.ui import catalog, health, sql

show(tabs({"Health": (health.tab,), "Catalog": (catalog.tab,), "SQL": (sql.tab,)}))
