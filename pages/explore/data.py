"""Data: what the database holds, how the product reads it, and a box to ask it in SQL."""

from meaux.subjects.health.cards import catalog, health, sql
from meaux.subjects.page import show, tabs

show(tabs({"Health": (health,), "Catalog": (catalog,), "SQL": (sql,)}))
