"""Faults: what somebody wrote that can't be used, and what stands in for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from meaux.wording import counted, enumerated

NOTHING = "nothing"
"""What is touched by an entry that means nothing."""


@dataclass(frozen=True)
class Fault:
    """An entry that can't be used: the file or table it stands in, which one it is, and why.

    `effect` is a sentence on what holds until it is corrected. `touches` names what is without
    it: `budgets`, `thresholds.at_risk`; empty for all that the file may say.
    """

    file: str
    entry: str
    reason: str
    effect: str
    touches: str = ""

    @property
    def sentence(self) -> str:
        """All of it in words."""
        place = ", ".join(filter(None, [self.file, self.entry]))
        end = "" if self.reason.endswith(("?", ".")) else "."
        return f"{place}: {self.reason}{end} {self.effect}"

    def is_of(self, part: str) -> bool:
        """Whether it touches a part, or a part of that, or all that the part belongs to."""
        mine, asked = f"{self.touches}.", f"{part}."
        return not self.touches or asked.startswith(mine) or mine.startswith(asked)


def of(faults: Iterable[Fault], *parts: str) -> list[Fault]:
    """Those that touch one of some parts."""
    return [fault for fault in faults if any(map(fault.is_of, parts))]


def counted_by_file(faults: Iterable[Fault]) -> str:
    """`2 entries of meaux.toml and 1 entry of schema.toml can't be used`; empty for none."""
    files = [fault.file for fault in faults]
    words = [f"{counted(files.count(file), 'entry')} of {file}" for file in dict.fromkeys(files)]
    return f"{enumerated(words)} can't be used" if words else ""
