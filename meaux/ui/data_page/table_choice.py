"""Table choice: a list of tables, and the one that is chosen there by a click, or by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from meaux.query.filters import Selection
from meaux.ui import cards, dataframe, filters

NOTHING_FOUND = "No table or column name matches."


def search() -> str:
    """Draw the search field; return its words."""
    return filters.text("Search tables and columns", "search", "Part of a name")


@dataclass(frozen=True)
class TableChoice:
    """A choice of a table, which the URL keeps as `key`, and the page of its rows as `place`."""

    key: str
    place: str

    def listed(self, frame: pd.DataFrame, selection: Selection, about: str, note: str) -> None:
        """Draw the tables that were found; a click chooses one."""
        picked = f"picked {self.key}"

        def body(tables: pd.DataFrame) -> None:
            pick = partial(self._pick, picked, list(tables["table"]))
            how: dict[str, Any] = {"key": picked, "on_select": pick}
            dataframe.rows("Tables", tables, selection, **how, selection_mode="single-row")

        cards.made("Tables", about, frame, selection, body, note=note, empty=NOTHING_FOUND)

    def _pick(self, picked: str, names: list[str]) -> None:
        rows = st.session_state[picked]["selection"]["rows"]
        if rows:
            st.session_state[self.key] = names[rows[0]]
            self.begin()

    def chosen(self, names: Sequence[str]) -> str | None:
        """Draw the list of names; return the chosen one."""
        filters.notice_unknown(self.key, names)
        return st.selectbox(
            "Table",
            names,
            None,
            key=self.key,
            placeholder="Choose a table",
            on_change=self.begin,
            bind="query-params",
        )

    def begin(self) -> None:
        """Show the latest rows of the chosen table."""
        st.query_params.pop(self.place, None)
