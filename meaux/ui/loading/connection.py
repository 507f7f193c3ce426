"""A Streamlit connection to a D1 database or a SQLite file.

Usage: `st.connection("meauxos", type=DatabaseConnection).query("SELECT name FROM projects")`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.connections import BaseConnection

from meaux.data import settings, source
from meaux.data.database import Database, Rows, Statement

KEPT_BYTES = 64_000_000
"""Maximum size of all kept answers; one of maximum size is half of it."""


class DatabaseConnection(BaseConnection[Database]):
    """Reads the database of the settings or of `[connections.<name>]`."""

    def _connect(self, **kwargs: Any) -> Database:
        """Open the database; `edition` only distinguishes editions of the demo."""
        kwargs.pop("edition", None)
        given = self._secrets.to_dict() if hasattr(self._secrets, "to_dict") else self._secrets
        return source.connect(settings.read(os.environ, {**given, **kwargs}))

    @property
    def database(self) -> Database:
        """The database itself, to fetch several statements in one call."""
        return self._instance

    def query(
        self, sql: str, params: Sequence[str | float | None] = (), ttl: float | str | None = 300
    ) -> pd.DataFrame:
        """Return the rows of one read-only statement as a frame, cached for `ttl` seconds.

        Raises:
            DatabaseError: the database doesn't respond, or rejects the statement.
        """

        @st.cache_data(ttl=ttl, max_entries=200, max_size=KEPT_BYTES, show_spinner=False)
        def rows(name: str, sql: str, params: tuple[str | float | None, ...]) -> Rows:  # noqa: ARG001
            return self.database.fetch([Statement(sql, params)])[0]

        found = rows(self.database.name, sql, tuple(params))
        return pd.DataFrame(found.rows, columns=list(found.columns) or None)
