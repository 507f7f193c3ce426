"""Kinds: the columns and words that identify each kind of row, read from `kinds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from meaux.data.schema.likeness import stems

KINDS_FILE = Path(__file__).with_name("kinds.toml")


@dataclass(frozen=True)
class Kind:
    """The features of a kind of row: groups of columns, and words of a table's name.

    If a table has the logical column `without`, the rows with a value there are of another kind. If
    it has `shared`, only the rows with a value in `with_` are of this kind.
    """

    tells: tuple[frozenset[str], ...] = ()
    named: tuple[str, ...] = ()
    unlike: frozenset[str] = frozenset()
    without: str = ""
    shared: str = ""
    with_: str = ""


@cache
def kinds() -> Mapping[str, Kind]:
    """Read the features of each kind of row, by logical table."""
    parsed = tomllib.loads(KINDS_FILE.read_text(encoding="utf-8"))
    return {
        name: Kind(
            tuple(frozenset(group.split()) for group in entry["tells"]),
            tuple(entry["named"]),
            frozenset().union(*map(stems.stems, entry.get("unlike", ()))),
            entry.get("without", ""),
            entry.get("shared", ""),
            entry.get("with", ""),
        )
        for name, entry in parsed.items()
    }
