"""`schedule`: run what is due, each at its time, in one process."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from meaux.cli import options
from meaux.data import plan, state
from meaux.data.scheduling import TABLE, Job, Runs
from meaux.data.settings import PROJECT, Settings
from meaux.data.state import Jobs, Ran
from meaux.errors import SettingError
from meaux.notify.when import local
from meaux.wording import time_of

COMMANDS: dict[Runs, tuple[str, ...]] = {"alerts": ("alerts", "--deliver"), "collect": ("collect",)}
LONGEST = 3600
"""Seconds after which a job is stopped."""
SHORTEST_LOOK, LONGEST_LOOK = 1, 60
"""Seconds between two looks at the clock, which may be set meanwhile."""
STOPPED, FAILED, NOTHING = 124, 1, 2
EMPTY = f"There is nothing to run: add [[{TABLE}]] to .streamlit/meaux.toml. See docs/notify.md."

Start = Callable[[Job], int]


def schedule(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Run what is due now, then end; for another scheduler.")
    ] = False,
) -> None:
    """Run what [[schedule]] in .streamlit/meaux.toml says, each at its time.

    A time that was missed, because nothing ran, is made up once. A new job waits for its next time.
    Only one instance runs at a time.

    Exit codes with --once: 0 everything due succeeded, or nothing was due; 1 a job failed; 2
    nothing could be run.
    """
    settings = options.current()
    declared = plan.read_plan_file()
    if said := declared.said(TABLE):
        typer.echo(said, err=True)
    if not declared.schedule:
        raise SettingError(EMPTY)
    path = state.path_of(settings)
    with state.locked(path, "schedule", "Another schedule is running; this one ends."):
        clock = Clock(settings, path, declared.schedule)
        if once:
            codes = list(clock.run_due(_now()))
            raise typer.Exit(FAILED if any(codes) else 0)
        while True:
            for _ in clock.run_due(_now()):
                pass
            time.sleep(clock.until_next(_now()))


@dataclass(frozen=True)
class Clock:
    """The jobs, and what the state file says of their runs."""

    settings: Settings
    path: Path
    jobs: Sequence[Job]
    start: Start | None = None

    def run_due(self, now: int) -> Iterator[int]:
        """Run every job that is due, one after the other; yield their exit codes."""
        for job in self.jobs:
            latest = job.times.latest(now, self.settings.timezone)
            if self._handled(job, latest) >= latest:
                continue
            began = time.monotonic()
            code = (self.start or _started)(job)
            self._write(Ran(job.name, latest, _now(), code))
            due = time_of(local(latest, self.settings.timezone))
            typer.echo(f"{due}, {job.name}: exit code {code}, {time.monotonic() - began:.1f} s")
            yield code

    def until_next(self, now: int) -> float:
        """Return the seconds until the next job is due, at most a minute."""
        following = min(job.times.following(now, self.settings.timezone) for job in self.jobs)
        return min(max(following - now, SHORTEST_LOOK), LONGEST_LOOK)

    def _handled(self, job: Job, latest: int) -> int:
        """Return the latest due time that was run; a new job begins with its next one."""
        with state.opened(self.path) as file:
            ran = Jobs(file.connection).all().get(job.name)
        if ran is None:
            self._write(Ran(job.name, latest))
            return latest
        return ran.due

    def _write(self, ran: Ran) -> None:
        with state.opened(self.path) as file, file.step():
            Jobs(file.connection).put(ran)


def _started(job: Job) -> int:
    """Run a job in a process of its own, so that it can neither hang nor fill this one."""
    if job.run is None:
        return NOTHING
    command = [sys.executable, "-m", "meaux", *COMMANDS[job.run]]
    try:
        # One of our own commands, without a word of the user.
        done = subprocess.run(command, cwd=PROJECT, timeout=LONGEST, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return STOPPED
    return done.returncode


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
