"""Copied: the tables of an open copy that a statement may read."""

from __future__ import annotations

from meaux.subjects.health.sql import CopiedTables
from meaux.ui.loading import data


def tables() -> CopiedTables | None:
    """Return the tables of the open copy; None for any other database."""
    return data.kept(CopiedTables.of_open, data.current_source(), data.secrecy())
