"""Sums: the rows that sum others, and refunded charges, as SQL recognises them."""

from __future__ import annotations

from dataclasses import dataclass

CENT = 0.01
"""The tolerance of a sum: a cent, or 1% of the sum if that is less."""

BREAK = "char(31)"
"""The separator of the parts of a key; it occurs in no text."""

GROUP = (
    "sum(` amount`) FILTER (WHERE ` is named`), sum(` amount`), "
    "min(` amount`) FILTER (WHERE NOT ` is named`), max(` amount`) FILTER (WHERE NOT ` is named`)"
)
"""The amounts of a day: of the named rows, of all rows, and the bounds of the unnamed rows."""


def _is(one: str, other: str) -> str:
    """Return SQL for whether a sum equals its expected value, within the tolerance `CENT`."""
    return f"abs({one} - {other}) <= min({CENT}, abs({one}) * {CENT}) + 1e-6"


def _is_all(amount: str) -> str:
    """Return SQL for whether an amount equals the sum of all other rows."""
    return f"{_is(amount, f'(` all` - {amount})')} AND NOT {_is(amount, f'({amount} - ` named`)')}"


IS_SUM = (
    f"` named` IS NOT NULL AND ({_is_all('` amount`')} OR {_is('` amount`', '` named`')} "
    f"AND NOT ({_is_all('` least`')} OR {_is_all('` most`')}))"
)
"""SQL for whether an unnamed row is a sum: of all other rows, or of the named rows alone."""


@dataclass(frozen=True)
class Sums:
    """How to recognise a row that sums others: it is unnamed, and its amount is their sum.

    `name` and `amount` are logical columns, and so is `at`, whose time gives the day. `scope` is
    SQL for the values that its rows must share, besides the currency.
    """

    name: str
    amount: str
    at: str
    scope: tuple[str, ...]


@dataclass(frozen=True)
class Refunds:
    """How to match a charge with its refund.

    `paid_back` is SQL for whether a row is refunded, `at` is the logical column of its time, and
    `shared` is SQL for the values that both rows share.
    """

    paid_back: str
    at: str
    shared: tuple[str, ...]
