"""Data: what the database holds, how the product reads it, and a box to ask it in SQL."""

from meaux.cards import health
from meaux.page import show, tabs

show(tabs({"Health": (health.health,), "Catalog": (health.catalog,), "SQL": (health.sql,)}))
