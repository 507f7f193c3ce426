"""The receipt: what one run of a page took, for the header strip, and what it showed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
import streamlit as st

from meaux.data.database import Fetched, Outcome, Statement, together
from meaux.subjects.figure import Figure


@dataclass
class Receipt:
    """Calls made in one run, what was fetched, and the tables that its cards show.

    `fetched` has no rows: a receipt is kept for as long as its session. `literal` names the sheets
    whose columns go by the names that the database gives them. `stale` are the reasons why old rows
    could not be read anew.
    """

    calls: int = 0
    fetched: dict[Statement, Fetched] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    sheets: dict[str, pd.DataFrame] = field(default_factory=dict)
    literal: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest data on the page were read."""
        return min((one.at for one in self.fetched.values()), default=None)

    @property
    def newest(self) -> datetime | None:
        """When the newest data on the page were read."""
        return max((one.at for one in self.fetched.values()), default=None)

    @property
    def rows_read(self) -> int | None:
        """Rows that the database read for the page; None where it does not count them."""
        counts = [one.rows.meta.rows_read for one in self.fetched.values()]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None


def begin() -> None:
    """Start the receipt of a run."""
    st.session_state["receipt"] = Receipt()


def current() -> Receipt:
    """The receipt of this run."""
    found: Receipt = st.session_state.setdefault("receipt", Receipt())
    return found


def count_call() -> None:
    """Count one more call to the database."""
    current().calls += 1


def note(statement: Statement | None, outcome: Outcome | None) -> None:
    """Remember what was fetched for the page; once, however many answers share a statement."""
    if statement and (found := together(filter(None, [outcome]))):
        current().fetched[statement] = found


def note_stale(reason: str) -> None:
    """Remember why old rows could not be read anew."""
    current().stale.add(reason)


def sheet(title: str, frame: pd.DataFrame, *, literal: bool = False) -> None:
    """Have the page's export hold what a card shows."""
    current().sheets[title] = frame
    if literal:
        current().literal.add(title)


def figure(shown: Figure) -> None:
    """Have the page's export hold a number card."""
    current().figures.append(shown)


def figures_frame(taken: Receipt) -> pd.DataFrame:
    """The number cards of a run: metric, value, what of it is compared, and with what."""
    return pd.DataFrame(
        [
            (f.metric.column, f.value, f.compared if f.versus else None, f.before, f.versus)
            for f in taken.figures
        ],
        columns=["metric", "value", "comparable_value", "compared_value", "compared_with"],
    )
