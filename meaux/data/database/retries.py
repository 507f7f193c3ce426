"""Failures: what is asked again, after which pause, and how long a failure is remembered."""

import random as randomness
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from meaux.data.database import deadline, limits
from meaux.errors import (
    BadAnswer,
    DailyLimitReached,
    DatabaseError,
    DatabaseNotFound,
    LateAnswer,
    MeauxError,
    NotADatabase,
    OutOfMemory,
    PageSpent,
    QueryError,
    QueryTimeout,
    TooLarge,
    Unauthorized,
)

Answer = TypeVar("Answer")

TRIES = 3
LONGEST_PAUSE = 2.0
_FIRST_PAUSE = 0.25

A_MOMENT = 10.0
MINUTES = 300.0
"""Seconds for which a failure stands for the next answer, unless somebody asks anew."""


def remembered(failure: MeauxError) -> float:
    """How many seconds a failure stands for every answer to the same question.

    What only a change of the settings or of the account ends is remembered for minutes. A file is
    looked at anew each time: that costs nothing. What a page may ask, and what memory is free, is
    another matter a moment later.
    """
    match failure:
        case Unauthorized() | DatabaseNotFound() | DailyLimitReached():
            return MINUTES
        case NotADatabase() | PageSpent() | OutOfMemory():
            return 0.0
        case DatabaseError():
            return A_MOMENT
        case _:
            return 0.0


def is_of_the_database(failure: MeauxError) -> bool:
    """Whether every other question would fail alike."""
    of_one_question = isinstance(failure, QueryError | BadAnswer | LateAnswer)
    return remembered(failure) > 0 and not of_one_question


def ends_the_batch(failure: DatabaseError) -> bool:
    """Whether no part of a batch is worth asking by itself: that would take as much again."""
    takes_as_much_again = isinstance(failure, QueryTimeout | TooLarge | OutOfMemory)
    return not isinstance(failure, QueryError) or takes_as_much_again


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

    All tries and pauses have one deadline, and the calls that the page may make are never exceeded.
    """

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = randomness.random
    clock: Callable[[], float] = time.monotonic

    def run(self, attempt: Callable[[float], Answer], seconds: float = limits.SECONDS) -> Answer:
        """Give what `attempt` gives within the seconds it is told, or raise what the last came to.

        Raises:
            PageSpent: The page has made all its calls, or has waited long enough.
            DatabaseError: What the last try came to.
        """
        page = deadline.now()
        end = self.clock() + min(seconds, page.seconds)
        if page.is_over or not page.calls.take():
            raise PageSpent
        for tried in count(1):
            try:
                return attempt(end - self.clock())
            except AgainError as again:
                failure = again
            pause = self._pause(tried) if failure.after is None else failure.after
            in_time = tried < failure.tries and self.clock() + pause < end
            if not in_time or not page.calls.take(again=True):
                break
            self.sleep(pause)
        raise failure.error

    def _pause(self, tried: int) -> float:
        return self.random() * min(LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (tried - 1))
