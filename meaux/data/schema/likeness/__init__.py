"""Likeness: which tables could serve a logical table that has no known name, and why.

A table is compared by the names of its columns, by their types and, if some rows were read, by
their values. `kinds.toml` lists the columns and words that identify each kind of row. Nothing here
binds a table.
"""

from meaux.data.schema.likeness.ranking import Likeness, ranked

__all__ = ["Likeness", "ranked"]
