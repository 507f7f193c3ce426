"""Deadline: the timeout of one page's database calls, and its maximum number of calls."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from math import inf
from threading import Lock
from time import monotonic

CALLS = 6
"""Maximum number of calls of one page, including retries."""
AGAIN = 2
"""Maximum number of retries among them; the other calls are for new statements."""


@dataclass
class Calls:
    """The remaining calls of a page, shared by its threads."""

    left: int = CALLS
    again: int = AGAIN
    _lock: Lock = field(default_factory=Lock, repr=False)

    def take(self, *, again: bool = False) -> bool:
        """Take one call, if there is one left; `again` for a retry."""
        with self._lock:
            if not self.left or (again and not self.again):
                return False
            self.left -= 1
            self.again -= again
            return True


@dataclass(frozen=True)
class Deadline:
    """The deadline of a page, by `time.monotonic`, and its remaining calls."""

    until: float = inf
    calls: Calls = field(default_factory=Calls)

    @property
    def seconds(self) -> float:
        """The remaining seconds; never below zero."""
        return max(0.0, self.until - monotonic())

    @property
    def is_over(self) -> bool:
        """Return whether the deadline has passed."""
        return self.seconds <= 0

    @property
    def never_ends(self) -> bool:
        """Return whether there is no time limit except that of a call."""
        return self.until == inf

    def without_end(self) -> Deadline:
        """Return the same calls without a time limit, for work that continues in the background."""
        return replace(self, until=inf)


_NOW: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def begin(seconds: float) -> None:
    """Start the deadline of a page in this thread."""
    _NOW.set(Deadline(monotonic() + seconds))


def hold(deadline: Deadline) -> None:
    """Set the deadline of this thread to an existing one."""
    _NOW.set(deadline)


def now() -> Deadline:
    """Return the deadline of this thread's page, or one without limits outside of pages."""
    return _NOW.get() or Deadline()
