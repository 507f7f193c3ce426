"""The user interface: layout, filters, cached data access and cards."""

from pathlib import Path

ASSETS = Path(__file__).with_name("assets")
"""The pictures and scripts of the interface."""
