"""Cards of the page Data: Health, Catalog and SQL."""

from __future__ import annotations

from dataclasses import dataclass

from meaux.query.filters import Selection
from meaux.query.needs import also_asking
from meaux.subjects.card import Card, card
from meaux.subjects.health import limits


@dataclass(frozen=True)
class Health(Card):
    """What was found in the database, and what is missing."""

    selection: Selection


@dataclass(frozen=True)
class Catalog(Card):
    """Every table, its columns, and a few of its rows."""

    selection: Selection


@dataclass(frozen=True)
class SQL(Card):
    """A box for a read-only statement, with its result."""

    selection: Selection


@also_asking(*limits.ASKED)
@card
def health(selection: Selection) -> Health:
    """Make the card of tables, columns, costs, queries, indexes and notes."""
    return Health(selection)


@card
def catalog(selection: Selection) -> Catalog:
    """Make the card of the list of tables, with the selected one."""
    return Catalog(selection)


@card
def sql(selection: Selection) -> SQL:
    """Make the card of the SQL box, with the plan and result below."""
    return SQL(selection)
