"""Deadline: how long one page waits for its database, and how many calls it may make."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from math import inf
from threading import Lock
from time import monotonic

CALLS = 6
"""What one page may send in all, whatever goes wrong."""
AGAIN = 2
"""How many of them may be second tries: the rest is for what has not been asked yet."""


@dataclass
class Calls:
    """The calls that are left; pages wait in several threads, and share what they may send."""

    left: int = CALLS
    again: int = AGAIN
    _lock: Lock = field(default_factory=Lock, repr=False)

    def take(self, *, again: bool = False) -> bool:
        """Take one, if there is one; `again` for one that was tried before."""
        with self._lock:
            if not self.left or (again and not self.again):
                return False
            self.left -= 1
            self.again -= again
            return True


@dataclass(frozen=True)
class Deadline:
    """Until when to wait, by `time.monotonic`, and the calls that may be made."""

    until: float = inf
    calls: Calls = field(default_factory=Calls)

    @property
    def seconds(self) -> float:
        """How long there is to wait; never less than nothing."""
        return max(0.0, self.until - monotonic())

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be waited for."""
        return self.seconds <= 0

    @property
    def never_ends(self) -> bool:
        """Whether it may be waited for as long as a call takes."""
        return self.until == inf

    def without_end(self) -> Deadline:
        """The same calls, for work that goes on when nobody waits for it any more."""
        return replace(self, until=inf)


_NOW: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def begin(seconds: float) -> None:
    """From now on, what this thread asks is one page's."""
    _NOW.set(Deadline(monotonic() + seconds))


def hold(deadline: Deadline) -> None:
    """From now on, what this thread asks is part of what somebody else began."""
    _NOW.set(deadline)


def now() -> Deadline:
    """The deadline of the page that asks, or of a single question outside of pages."""
    return _NOW.get() or Deadline()
