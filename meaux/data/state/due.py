"""Due: what is due runs, each job once for its last due time, also if earlier ones were missed.

That a run begins is written before it, and that it ended after it. So a killed run is found and
made up for: a job is done at least once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from meaux.data.state.file import StateFile
from meaux.data.state.jobs import Jobs, Ran
from meaux.data.times import Times

FIRST_PAUSE = 300
LONGEST_PAUSE = 6 * 3600
"""Seconds until what failed is tried again: the pause doubles up to six hours."""


@dataclass(frozen=True)
class Result:
    """What came of a run: `error` is empty if it succeeded.

    `maybe`: whether its work may be done although there was an error.
    """

    error: str = ""
    maybe: bool = False


@dataclass(frozen=True)
class Job:
    """Something to do at certain times.

    `run` is told whether an earlier, killed run may have done it already. If it fails and
    `is_repeated`, it is tried again before its next due time.
    """

    name: str
    times: Times
    zone: str
    run: Callable[[bool], Result]
    is_repeated: bool = True


@dataclass(frozen=True)
class Done:
    """What came of a job; `error` is empty if it succeeded. `next_try` is in epoch seconds."""

    name: str
    error: str = ""
    next_try: int | None = None


def run_due(state: StateFile, jobs: Iterable[Job], now: datetime) -> Iterator[Done]:
    """Run what is due, one after the other, and yield what came of each.

    A job that is new waits for its next time.
    """
    table = Jobs(state.connection)
    known = table.all()
    for job in jobs:
        due = _last(job, now)
        ran = known.get(job.name)
        if ran is None:
            with state.step():
                table.put(Ran(job.name, due))
        elif _is_due(ran, due, now):
            yield _run(state, table, job, ran, due, now)


def next_time(job: Job, ran: Ran | None, now: datetime) -> int:
    """Return when a job runs next, in epoch seconds; now if it is due."""
    coming = int(job.times.after(now, job.zone).timestamp())
    if ran is None or ran.due >= _last(job, now):
        return coming
    return max(int(now.timestamp()), ran.next_try or 0)


def _last(job: Job, now: datetime) -> int:
    return int(job.times.until(now, job.zone).timestamp())


def pause_after(failures: int) -> int:
    """Return the seconds until the next try, after this many failures in a row."""
    doubled: int = FIRST_PAUSE * 2 ** (failures - 1)
    return min(doubled, LONGEST_PAUSE)


def _is_due(ran: Ran, due: int, now: datetime) -> bool:
    return due > ran.due and (ran.next_try or 0) <= now.timestamp()


def _run(  # noqa: PLR0913, PLR0917  of one job
    state: StateFile, table: Jobs, job: Job, ran: Ran, due: int, now: datetime
) -> Done:
    at = int(now.timestamp())
    with state.step():
        table.put(replace(ran, started=at))
    result = _result(job, maybe=ran.started is not None)
    after = replace(ran, due=due, started=None, ended=at, tries=0, next_try=None, error="")
    if result.error:
        after = replace(after, error=result.error)
        if job.is_repeated:
            tries = ran.tries + 1
            started, next_try = at if result.maybe else None, at + pause_after(tries)
            after = replace(after, due=ran.due, started=started, next_try=next_try, tries=tries)
    with state.step():
        table.put(after)
    return Done(job.name, result.error, after.next_try)


def _result(job: Job, *, maybe: bool) -> Result:
    try:
        return job.run(maybe)
    except Exception as error:  # noqa: BLE001  whatever it is, the other jobs run
        return Result(str(error) or type(error).__name__)
