"""Copied: the tables of an open copy that a statement may read."""

from __future__ import annotations

from meaux.data.schema.secrets import Secrecy
from meaux.data.source import Source
from meaux.subjects.health.sql import CopiedTables
from meaux.ui import data


def tables() -> CopiedTables | None:
    """Return the tables of the open copy; None for any other database."""
    opened = data.current_source()
    if not opened.binding.is_copy:
        return None
    return data.kept(_tables, opened, data.secrecy())


def _tables(opened: Source, secrecy: Secrecy) -> CopiedTables:
    database = opened.database.name.rpartition("/")[2]
    return CopiedTables.of(opened.binding, opened.catalog, secrecy, database)
