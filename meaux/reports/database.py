"""The page Data in a report: the findings about the database, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from meaux.data.database import Outcome, Statement
from meaux.data.plan import Plan
from meaux.data.source import Source
from meaux.query.answers import without_query
from meaux.query.filters import Selection
from meaux.subjects import health
from meaux.subjects.card import Card, Sentence, Table
from meaux.subjects.figure import Figure
from meaux.subjects.health import Health, figures, tables
from meaux.subjects.health import cards as data

NO_SQL = "The SQL console is interactive; a report can't show it."


@dataclass(frozen=True)
class Opened:
    """The open database of a report, the contents of `meaux.toml`, and how rows are fetched."""

    source: Source
    plan: Plan
    fetch: Callable[[Sequence[Statement]], Sequence[Outcome]]

    def cards(self, card: Card) -> Iterator[Card | Figure]:
        """Return what a tab of the page Data shows, as figures and shared cards."""
        match card:
            case data.Health(selection):
                yield from _health(self._examined(selection), selection)
            case data.Catalog(selection):
                yield self._catalog(selection)
            case data.SQL():
                yield Sentence(NO_SQL)

    def _examined(self, selection: Selection) -> Health:
        """Return the findings about the database, as the tab Health shows them."""
        asks = health.asks(self.source, selection.today)
        looks = health.looks(self.source, self.plan.secrecy)
        outcomes = self.fetch([*asks.values(), *looks.values()])
        told = dict(zip(asks, outcomes[: len(asks)], strict=True))
        looked = dict(zip(looks, outcomes[len(asks) :], strict=True))
        return health.examine(self.source, selection, told, looked, self.plan)

    def _catalog(self, selection: Selection) -> Table:
        """List the tables; if some are hidden, no views, because these may read them."""
        secrecy, binding = self.plan.secrecy, self.source.binding
        catalog = secrecy.shown(self.source.catalog)
        listed = [one for one in catalog.search("") if one.kind == "table" or not secrecy.hide]
        frame = tables.tables(catalog, binding, listed, "")
        return _table("Tables", frame, selection)


def _health(found: Health, selection: Selection) -> Iterator[Card | Figure]:
    for words in health.advice(found) or [figures.all_well(found)]:
        yield Sentence(words)
    yield figures.tables_found(found)
    yield figures.columns_bound(found)
    yield figures.queries_answered(found)
    yield figures.missing_indexes(found)
    listed = {
        "Invalid entries": figures.faults(found),
        "Suggested mappings": figures.suggestions(found),
        "Tables read": figures.tables(found),
        "Columns": figures.columns(found),
        "Indexes": figures.indexes(found),
        "Cost sources": figures.costs(found),
        "Queries": figures.queries(found),
        "Data notes": figures.notes(found),
    }
    for title, frame in listed.items():
        if len(frame):
            yield _table(title, frame, selection)


def _table(title: str, frame: pd.DataFrame, selection: Selection) -> Table:
    return Table(title, without_query(title, frame, selection), about="")
