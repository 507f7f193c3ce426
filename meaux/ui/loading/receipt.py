"""The receipt: the cost of one run of a page, and what the page showed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from meaux.data import access_log
from meaux.data.access import Access
from meaux.data.database import Fetched, Outcome, Statement, together
from meaux.query.answers import Ask
from meaux.query.metrics import Metric
from meaux.query.workbook import Sheet
from meaux.subjects.figure import Figure
from meaux.subjects.page import Shown
from meaux.wording import apart


@dataclass
class Receipt:
    """The calls of one run, what was fetched, and the tables of its cards.

    - `fetched`: without rows, because a receipt is kept as long as its session.
    - `sheets`: the rows of its cards, by their titles.
    - `choices`: what is chosen in the page's own filters, by their labels.
    - `stale`: the reasons why old rows couldn't be refreshed.
    - `queries`: the names of what was asked. `asks`: what was read, or is in the cache.
    - `began`: the start of the run.
    - `titles`: those of the cards drawn so far.
    - `page`: what the page showed; `place` is the part that is being drawn, if any.
    """

    calls: int = 0
    fetched: dict[Statement, Fetched] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    queries: set[str] = field(default_factory=set)
    asks: list[Ask] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    page: Shown = field(default_factory=Shown)
    place: Shown | None = None
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def oldest(self) -> datetime | None:
        """When the oldest data on the page were read."""
        return min((one.oldest for one in self.fetched.values()), default=None)

    @property
    def newest(self) -> datetime | None:
        """When the newest data on the page were read."""
        return max((one.at for one in self.fetched.values()), default=None)

    @property
    def rows_read(self) -> int | None:
        """Rows that the database read for the page; None if unknown."""
        counts = [one.rows.meta.rows_read for one in self.fetched.values()]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    @property
    def rows_read_now(self) -> int:
        """Rows that the database read during the run; what was cached before doesn't count."""
        now = [one for one in self.fetched.values() if one.at >= self.began]
        return sum(one.rows.meta.rows_read or 0 for one in now)


def begin() -> None:
    """Start the receipt of a run."""
    st.session_state["receipt"] = Receipt()


def current() -> Receipt:
    """Return the receipt of this run."""
    found: Receipt = st.session_state.setdefault("receipt", Receipt())
    return found


def count_call() -> None:
    """Count one more database call."""
    current().calls += 1


def note(statement: Statement | None, outcome: Outcome | None) -> None:
    """Note what was fetched for the page, once per statement."""
    if statement and (found := together(filter(None, [outcome]))):
        current().fetched[statement] = found


def note_queries(names: Iterable[str]) -> None:
    """Note what was asked, by the names of queries."""
    current().queries.update(names)


def note_asks(asks: Iterable[Ask]) -> None:
    """Note the asks of the page; sums are noted by the asks that they are added up from."""
    current().asks.extend(asks)


def log(access: Access, page: str) -> None:
    """Write the run of a page into the access log, if its visitor is signed in."""
    taken = current()
    if access.who:
        milliseconds = (datetime.now(UTC) - taken.began).total_seconds() * 1000
        what = f"page {page}"
        access_log.write(access.who, what, 200, taken.queries, taken.rows_read_now, milliseconds)


def note_stale(reason: str) -> None:
    """Note why old rows couldn't be refreshed."""
    current().stale.add(reason)


def titled(title: str) -> str:
    """Return the title, numbered if a card of this page has it already: `Revenue (2)`."""
    return apart([*current().titles, title])[-1]


@contextmanager
def showing(part: Shown | None) -> Iterator[None]:
    """Note what is shown inside as this part of the page; None for what isn't part of it."""
    taken = current()
    outer, taken.place = taken.place, part
    try:
        yield
    finally:
        taken.place = outer


def part(columns: int = 1, title: str = "") -> Shown | None:
    """Add a part to the part that is being drawn, and return it; None outside of the page."""
    place = current().place
    if place is None:
        return None
    added = Shown(columns, title)
    place.cards.append(added)
    return added


def shown(card: object) -> None:
    """Note a card or a figure that the page shows."""
    if (place := current().place) is not None:
        place.cards.append(card)


def sheet(held: Sheet) -> None:
    """Add the rows of a card to the page's export."""
    current().sheets[held.title] = held


def choose(label: str, *values: str) -> None:
    """Note what is chosen in a filter of the page, if anything is."""
    if words := ", ".join(filter(None, values)):
        current().choices[label] = words


def figure(given: Figure) -> None:
    """Add a number card to the page's export."""
    shown(given)
    current().figures.append(given)


def figures_sheet(taken: Receipt, defined: Callable[[Metric], str]) -> Sheet:
    """Return the number cards of a run, each number in the unit of its metric.

    Columns: metric, value, comparable_value, compared_value, compared_with, note, definition.
    """
    frame = pd.DataFrame(
        [
            (
                f.metric.column,
                f.value,
                f.compared if f.versus else None,
                f.before,
                f.versus.removeprefix("vs "),
                f.note,
                defined(f.metric),
            )
            for f in taken.figures
        ],
        columns=[
            "metric",
            "value",
            "comparable_value",
            "compared_value",
            "compared_with",
            "note",
            "definition",
        ],
    )
    units = tuple(f.metric.unit for f in taken.figures)
    return Sheet("Figures", frame, "The number cards of the page.", units=units)
