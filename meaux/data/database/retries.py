"""Retries: which calls are retried, after which pause, and how long failures are remembered."""

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
"""Seconds for which a failure is remembered, unless a retry is requested."""


def remembered(failure: MeauxError) -> float:
    """Return for how many seconds a failure answers the same query.

    Failures that only a change of the settings or the account can end are remembered for minutes. A
    file is checked each time, which costs nothing. A page's limits and the free memory can change
    at any time.
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
    """Return whether every other query would also fail."""
    of_one_question = isinstance(failure, QueryError | BadAnswer | LateAnswer)
    return remembered(failure) > 0 and not of_one_question


def ends_the_batch(failure: DatabaseError) -> bool:
    """Return whether to give up the whole batch; smaller parts would fail or cost as much."""
    takes_as_much_again = isinstance(failure, QueryTimeout | TooLarge | OutOfMemory)
    return not isinstance(failure, QueryError) or takes_as_much_again


class AgainError(Exception):
    """An attempt failed with `error`, but a retry may succeed: up to `tries` in total.

    `after` is the pause in seconds; None means the default backoff.
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
    """Retries with full jitter: a random pause below a limit that doubles with each retry.

    All attempts and pauses share one deadline, and never exceed the page's calls.
    """

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = randomness.random
    clock: Callable[[], float] = time.monotonic

    def run(self, attempt: Callable[[float], Answer], seconds: float = limits.SECONDS) -> Answer:
        """Return the result of `attempt`, or raise the error of the last attempt.

        Raises:
            PageSpent: The page has no calls or time left.
            DatabaseError: The error of the last attempt.
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
