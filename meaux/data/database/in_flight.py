"""In flight: identical concurrent queries share one call, and one failure (single-flight)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future, wait
from contextvars import Context
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

from meaux.data.database import deadline
from meaux.data.database.deadline import Deadline
from meaux.data.database.retries import is_of_the_database, remembered
from meaux.errors import DatabaseError, MeauxError, PageSpent, Unreachable

LOG = logging.getLogger(__name__)
FAILURES_KEPT = 500
"""The maximum number of failures remembered; a statement as a key can be 100 kB."""

UNUSABLE = "The response is invalid. See the log."
UNSTARTED = "The server is busy. Try again soon."

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

Ask = Callable[[list[Key]], Sequence[Value | MeauxError]]
"""Answers questions: returns an answer or a failure for each, in order, and keeps the answers."""


@dataclass(frozen=True)
class _Failure:
    """The last failure of a query, and how long it is the answer."""

    error: MeauxError
    until: float


class Flights(Generic[Key, Value]):
    """Queries in flight.

    A query runs in its own thread, without holding a lock. Callers wait for its answer until their
    page's deadline; a later answer is still cached. A failure answers the query for as long as it
    is remembered. A failure of the whole database answers all its queries for that time, even if an
    answer arrives meanwhile: it may be older, or come from the cache.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._flying: dict[Key, Future[Value | MeauxError]] = {}
        self._failed: dict[Key | str, _Failure] = {}

    def join(
        self, keys: Sequence[Key], ask: Ask[Key, Value], database: str = ""
    ) -> list[Value | MeauxError]:
        """Return the outcome of each query; call `ask` for those not yet in flight."""
        page = deadline.now()
        mine: list[Key] = []
        known: dict[Key, Future[Value | MeauxError]] = {}
        with self._lock:
            for key in dict.fromkeys(keys):
                known[key] = self._flying.get(key) or self._begun(key, database, page, mine)
        self._launch(mine, ask, database, page.without_end())
        wait(known.values(), timeout=None if page.never_ends else page.seconds)
        return [known[key].result() if known[key].done() else _late() for key in keys]

    def behind(self, keys: Iterable[Key], ask: Ask[Key, Value], database: str = "") -> None:
        """Run in the background the queries that aren't in flight and haven't just failed."""
        mine: list[Key] = []
        with self._lock:
            for key in dict.fromkeys(keys):
                if key not in self._flying:
                    self._begun(key, database, Deadline(), mine)
        self._launch(mine, ask, database, Deadline())

    def failure(self, key: Key) -> MeauxError | None:
        """Return the last failure of a query; None if it succeeded."""
        with self._lock:
            failed = self._failed.get(key)
        return failed.error if failed else None

    def forget(self) -> None:
        """Forget all failures."""
        with self._lock:
            self._failed.clear()

    def _begun(
        self, key: Key, database: str, page: Deadline, mine: list[Key]
    ) -> Future[Value | MeauxError]:
        """Return the remembered or pending answer; a new query's key is added to `mine`."""
        found: Future[Value | MeauxError] = Future()
        failure = self._standing(key) or self._standing(database)
        if failure is not None:
            found.set_result(failure)
        elif page.is_over:
            found.set_result(_late())
        else:
            self._flying[key] = found
            mine.append(key)
        return found

    def _standing(self, key: Key | str) -> MeauxError | None:
        failed = self._failed.get(key)
        return failed.error if failed and failed.until > self._clock() else None

    def _launch(self, keys: list[Key], ask: Ask[Key, Value], database: str, held: Deadline) -> None:
        if not keys:
            return
        run = Context().run
        thread = Thread(target=run, args=(self._fly, keys, ask, database, held), daemon=True)
        try:
            thread.start()
        except Exception:
            LOG.exception("A question to the database could not be asked")
            with self._lock:
                for key in keys:
                    self._flying.pop(key).set_result(DatabaseError(UNSTARTED))

    def _fly(self, keys: list[Key], ask: Ask[Key, Value], database: str, held: Deadline) -> None:
        answers: Sequence[Value | MeauxError] = [DatabaseError(UNUSABLE)] * len(keys)
        try:
            deadline.hold(held)
            answers = _one_for_each(keys, ask(keys))
        except MeauxError as error:
            answers = [error] * len(keys)
        except Exception:
            LOG.exception("A question to the database could not be asked")
        finally:
            self._land(keys, answers, database)

    def _land(self, keys: list[Key], answers: Sequence[Value | MeauxError], database: str) -> None:
        with self._lock:
            for key, answer in zip(keys, answers, strict=True):
                if isinstance(answer, MeauxError):
                    _let_go(answer)
                self._flying.pop(key).set_result(answer)
                self._note(key, answer, database)

    def _note(self, key: Key, answer: Value | MeauxError, database: str) -> None:
        if isinstance(answer, PageSpent):
            return
        if not isinstance(answer, MeauxError):
            self._failed.pop(key, None)
            return
        failure = _Failure(answer, self._clock() + remembered(answer))
        self._failed[key] = failure
        if database and is_of_the_database(answer):
            self._failed[database] = failure
        while len(self._failed) > FAILURES_KEPT:
            del self._failed[next(iter(self._failed))]


def _let_go(failure: MeauxError) -> None:
    """Drop the references of a failure to its stack frames, which hold all the rows they read."""
    failure.__cause__ = failure.__context__ = failure.__traceback__ = None


def _one_for_each(
    keys: Sequence[Key], answers: Sequence[Value | MeauxError]
) -> Sequence[Value | MeauxError]:
    if len(answers) != len(keys):
        raise ValueError(f"{len(keys)} questions have {len(answers)} answers")
    return answers


def _late() -> Unreachable:
    return Unreachable(
        "The database hasn't responded yet. Try again in a moment or choose a shorter period."
    )
