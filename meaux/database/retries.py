"""Asking again: how often, and after which pause."""

import random as randomness
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from meaux.errors import DatabaseError

Answer = TypeVar("Answer")

TRIES = 3
PATIENCE = 45.0
LONGEST_PAUSE = 2.0
_FIRST_PAUSE = 0.25


class AgainError(Exception):
    """This try came to `error`, but another may do better: up to `tries` of them in all.

    `after` is the pause to make, in seconds; None leaves it to the retries.
    """

    def __init__(
        self, error: DatabaseError, *, tries: int = TRIES, after: float | None = None
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.tries = tries
        self.after = after


@dataclass(frozen=True, slots=True)
class Retries:
    """Tries again with full jitter: a random pause below a limit that doubles with each try.

    Nothing is tried again once `PATIENCE` seconds have passed, so a page never waits much longer.
    """

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = randomness.random
    clock: Callable[[], float] = time.monotonic

    def run(self, attempt: Callable[[], Answer]) -> Answer:
        """Give what `attempt` gives, or raise the error that its last try came to."""
        end = self.clock() + PATIENCE
        for tried in count(1):
            try:
                return attempt()
            except AgainError as again:
                failure = again
            if tried >= failure.tries or self.clock() > end:
                break
            self.sleep(self._pause(tried) if failure.after is None else failure.after)
        raise failure.error

    def _pause(self, tried: int) -> float:
        return self.random() * min(LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (tried - 1))
