"""Faults: invalid entries of the user's files and of the database, and their effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from meaux.wording import counted, enumerated

NOTHING = "nothing"
"""What an unknown entry affects."""


@dataclass(frozen=True)
class Fault:
    """An invalid entry: its file or table, its place there, and the reason.

    `effect` is a sentence on what applies until it is corrected. `touches` names what it affects:
    `budgets`, `thresholds.at_risk`; empty for everything in the file.
    """

    file: str
    entry: str
    reason: str
    effect: str
    touches: str = ""

    @property
    def sentence(self) -> str:
        """The whole fault in words."""
        place = ", ".join(filter(None, [self.file, self.entry]))
        end = "" if self.reason.endswith(("?", ".")) else "."
        return f"{place}: {self.reason}{end} {self.effect}"

    def is_of(self, part: str) -> bool:
        """Return whether it affects a part, something in it, or what the part belongs to."""
        mine, asked = f"{self.touches}.", f"{part}."
        return not self.touches or asked.startswith(mine) or mine.startswith(asked)


def of(faults: Iterable[Fault], *parts: str) -> list[Fault]:
    """Return the faults that affect one of these parts."""
    return [fault for fault in faults if any(map(fault.is_of, parts))]


def counted_by_file(faults: Iterable[Fault]) -> str:
    """Return `Invalid: 2 entries in meaux.toml and 1 entry in schema.toml`; empty for none."""
    files = [fault.file for fault in faults]
    words = [f"{counted(files.count(file), 'entry')} in {file}" for file in dict.fromkeys(files)]
    return f"Invalid: {enumerated(words)}" if words else ""
