"""Health, catalog and SQL: what the page Data shows of the database itself."""

from __future__ import annotations

from dataclasses import dataclass

from meaux.query.filters import Selection
from meaux.query.needs import also_asking
from meaux.subjects.card import Card, card
from meaux.subjects.health import limits


@dataclass(frozen=True)
class Health(Card):
    """What the product found in the database, and what it lacks there."""

    selection: Selection


@dataclass(frozen=True)
class Catalog(Card):
    """Every table, its columns, and a few of its rows."""

    selection: Selection


@dataclass(frozen=True)
class SQL(Card):
    """A box for a statement that reads, and what came of it."""

    selection: Selection


@also_asking(*limits.ASKED)
@card
def health(selection: Selection) -> Health:
    """Tables, columns, costs, queries, indexes and notes."""
    return Health(selection)


@card
def catalog(selection: Selection) -> Catalog:
    """The list of tables, and all of the one that is chosen."""
    return Catalog(selection)


@card
def sql(selection: Selection) -> SQL:
    """The box, and below it what was done for what stands in it."""
    return SQL(selection)
