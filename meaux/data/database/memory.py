"""Memory: the size limit of a call's answers, and whether SQLite may use the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock

from meaux.data.database import limits
from meaux.data.database.refusals import too_large


@dataclass(frozen=True)
class Room:
    """The limits of a call: bytes of all its answers together, and temporary files.

    The product's own statements sort no more than their tables hold, so the database's size bounds
    their files. Users' SQL could fill any disk: it sorts in memory, which has a limit.
    """

    answer_bytes: int
    on_disk: bool


_NOW: ContextVar[Room | None] = ContextVar("room", default=None)


@contextmanager
def of_people() -> Iterator[None]:
    """Apply the limits of the SQL console to this thread."""
    before = _NOW.set(Room(limits.ASKED_BYTES, on_disk=False))
    try:
        yield
    finally:
        _NOW.reset(before)


def now() -> Room:
    """Return the limits of the next call; by default, those of a page."""
    return _NOW.get() or Room(limits.ANSWER_BYTES, on_disk=True)


class Left:
    """The remaining bytes of a call, shared by its statements."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = most
        self._lock = Lock()

    def take(self, size: int) -> None:
        """Take some bytes.

        Raises:
            TooLarge: not enough bytes are left.
        """
        with self._lock:
            self._left -= size
            if self._left < 0:
                raise too_large(self._most)
