"""Identities: by what a row is named elsewhere, found by trying which of its names are met.

A project may be named by its id in one table and by its slug in another. The names that a table
goes by stand in the model as `identities`: a logical column, or a text with one in braces, such
as `user_{id}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from meaux.data.schema import reading

OWN = "id"
"""The identity that needs no looking up."""
BARE = "{id}"
"""The id alone, where two columns are the key of a row."""

_PART = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Identity:
    """Which table a column names, by which of its identities, and how many values were met.

    `matched` is the share of the sampled distinct values that name a row; None where there was
    no value to try.
    """

    table: str
    by: str
    matched: float | None = field(compare=False, repr=False)

    @property
    def is_own(self) -> bool:
        """Whether the column holds ids as they are."""
        return self.by == OWN

    @property
    def lookup(self) -> str:
        """What the table is called that turns these names into ids."""
        return f"{self.table}_by_{re.sub('[^a-z]+', '_', self.by).strip('_')}"


def column_of(identity: str) -> str:
    """The logical column that an identity is made of."""
    found = _PART.search(identity)
    return found[1] if found else identity


def written(identity: str, value: str) -> str:
    """SQL of an identity, given the SQL of its column; without regard to case and space."""
    before, _, after = _PART.sub("\0", identity).partition("\0")
    if "{" not in identity:
        return folded(value)
    return folded(f"'{before}' || {value} || '{after}'")


def folded(value: str) -> str:
    """SQL of a name as it is compared."""
    return f"lower({reading.trimmed(value)})"


def identified(
    table: str, values: Iterable[object], known: Mapping[str, set[str]], by: str | None = None
) -> Identity:
    """By which identity most of the values name a row of a table; by its id where none does.

    `by` is the identity where it is declared and only its share is to be found.
    """
    met = {plain for value in values if (plain := reading.key_of(value))}
    if not met:
        return Identity(table, by or OWN, None)
    shares = {by: len(met & names) / len(met) for by, names in known.items()}
    if by:
        return Identity(table, by, shares.get(by))
    best = max(shares, key=lambda by: shares[by], default=OWN)
    return Identity(table, best, shares[best]) if shares.get(best) else Identity(table, OWN, 0.0)
