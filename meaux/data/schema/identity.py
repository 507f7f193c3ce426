"""Identities: the identifier by which other tables reference a row, detected from sampled values.

A project may be referenced by its id in one table and by its slug in another. The model lists the
identifiers of each table as `identities`: a logical column, or a text with one in braces, such as
`user_{id}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from meaux.data.schema import reading

OWN = "id"
"""The identity that needs no lookup."""
BARE = "{id}"
"""The id alone, if two columns form the key of a row."""

_PART = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Identity:
    """The table and the identifier that a column references, and the share of matching values.

    `matched` is the share of the sampled distinct values that match a row; None if there was no
    value to compare.
    """

    table: str
    by: str
    matched: float | None = field(compare=False, repr=False)

    @property
    def is_own(self) -> bool:
        """Return whether the column holds plain ids."""
        return self.by == OWN

    @property
    def lookup(self) -> str:
        """The name of the lookup table from these identifiers to ids."""
        return f"{self.table}_by_{re.sub('[^a-z]+', '_', self.by).strip('_')}"


def column_of(identity: str) -> str:
    """Return the logical column of an identity."""
    found = _PART.search(identity)
    return found[1] if found else identity


def written(identity: str, value: str) -> str:
    """Return SQL for an identity, given the SQL of its column; it ignores case and space."""
    before, _, after = _PART.sub("\0", identity).partition("\0")
    if "{" not in identity:
        return folded(value)
    return folded(f"'{before}' || {value} || '{after}'")


def folded(value: str) -> str:
    """Return SQL for a name in the form in which it is compared."""
    return f"lower({reading.trimmed(value)})"


def identified(
    table: str, values: Iterable[object], known: Mapping[str, set[str]], by: str | None = None
) -> Identity:
    """Return the identity that matches most of the values; the id if none matches any.

    `by` is the identity if it is declared; then only its share is computed.
    """
    met = {plain for value in values if (plain := reading.key_of(value))}
    if not met:
        return Identity(table, by or OWN, None)
    shares = {by: len(met & names) / len(met) for by, names in known.items()}
    if by:
        return Identity(table, by, shares.get(by))
    best = max(shares, key=lambda by: shares[by], default=OWN)
    return Identity(table, best, shares[best]) if shares.get(best) else Identity(table, OWN, 0.0)
