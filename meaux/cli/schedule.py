"""`schedule`: run what is due of alerts, reports and collecting, for cron or as a service."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from meaux.cli import options
from meaux.cli.alerts import deliver_due
from meaux.cli.collect import collect
from meaux.data import faults, plan, reporting, settings, source, state
from meaux.data.database import fetch_each
from meaux.data.plan import Plan
from meaux.data.settings import Secret, Settings
from meaux.data.state import Done, Job, Result, next_time, run_due
from meaux.errors import SettingError
from meaux.notify.destinations import address_of
from meaux.notify.when import local
from meaux.wording import time_of

if TYPE_CHECKING:
    from meaux.reports import Report

FAILED, NOTHING = 1, 2
LONGEST_WAIT = 60
"""Seconds after which --stay reads the settings anew."""
NOT_SCHEDULED = (
    "Nothing is scheduled: .streamlit/meaux.toml has no [schedule] and no [[reports]]. See "
    "docs/schedule.md."
)
BUSY = "Another schedule is at work. This one has done nothing."
CODES = {1: "part of it failed", 2: "something is invalid or can't be read"}
"""What an exit code of a command means; the command has said the details."""


def schedule(
    *,
    stay: Annotated[
        bool, typer.Option("--stay", help="Stay, and run each job when it is due.")
    ] = False,
    now: Annotated[
        str, typer.Option(metavar="JOB", help="Run one job now, whether it is due or not.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the jobs and when each runs next.")
    ] = False,
) -> None:
    """Run what is due: alerts, reports and collecting.

    [schedule] and [[reports]] in .streamlit/meaux.toml say when. Run it every few minutes, or once
    with --stay. What was missed is made up for once; a killed run is repeated. See
    docs/schedule.md.

    Exit codes: 0 everything due was done; 1 a job failed; 2 nothing is scheduled, an entry is
    invalid, or another run is at work.
    """
    given = options.current()
    if dry_run:
        _list(given)
        return
    path = state.path_of(given)
    with state.locked(path, "schedule.lock", BUSY), state.opened(path) as file:
        if now:
            raise typer.Exit(_run_one(given, now))
        while True:
            jobs, invalid = _jobs(given)
            failed = _run_due(jobs, given, file)
            if not stay:
                raise typer.Exit(FAILED if failed else NOTHING if invalid else 0)
            time.sleep(_wait(jobs, file))


def _run_due(jobs: Sequence[Job], given: Settings, file: state.StateFile) -> bool:
    """Run what is due; return whether a job failed."""
    failed = False
    for done in run_due(file, jobs, datetime.now(UTC)):
        _say(done, given)
        failed = failed or bool(done.error)
    return failed


def _run_one(given: Settings, name: str) -> int:
    jobs, _ = _jobs(given)
    wanted = [job for job in jobs if name.casefold() in (job.name.casefold(), _short(job.name))]
    if not wanted:
        listed = ", ".join(job.name for job in jobs)
        raise SettingError(f"There is no job {name}. The jobs are: {listed}.")
    results = {job.name: job.run(False) for job in wanted}  # noqa: FBT003  nothing went before
    for job, result in results.items():
        _say(Done(job, result.error), given)
    return FAILED if any(result.error for result in results.values()) else 0


def _short(name: str) -> str:
    """Return the name of a report without its recipient."""
    return name.partition(" to ")[0].removeprefix("report ").casefold()


def _wait(jobs: Sequence[Job], file: state.StateFile) -> float:
    """Return the seconds until the next job, or until the settings are read anew."""
    now = datetime.now(UTC)
    known = state.Jobs(file.connection).all()
    times = [next_time(job, known.get(job.name), now) for job in jobs]
    return max(1, min([*times, now.timestamp() + LONGEST_WAIT]) - now.timestamp())


def _list(given: Settings) -> None:
    now = datetime.now(UTC)
    with state.reading(state.path_of(given)) as file:
        known = state.Jobs(file.connection).all() if file else {}
    for job in _jobs(given)[0]:
        ran = known.get(job.name)
        at = time_of(local(next_time(job, ran, now), job.zone))
        said = f"; last time: {ran.error}" if ran and ran.error else ""
        typer.echo(f"{job.name}: {job.times.words}; next {at} ({job.zone}){said}")


def _say(done: Done, given: Settings) -> None:
    if not done.error:
        typer.echo(f"{done.name}: done")
        return
    again = (
        f" It is tried again on {time_of(local(done.next_try, given.timezone))}."
        if done.next_try
        else ""
    )
    typer.echo(f"{done.name}: {done.error.rstrip('.')}.{again}", err=True)


def _jobs(given: Settings) -> tuple[list[Job], bool]:
    """Return what is scheduled, and whether something is invalid, which is said.

    Raises:
        SettingError: nothing is scheduled.
    """
    declared = plan.read_plan_file()
    mistakes = faults.of(declared.faults, reporting.TABLE, "schedule")
    for fault in mistakes:
        typer.echo(fault.sentence, err=True)
    jobs = list(_scheduled(given, declared))
    if not jobs and not mistakes:
        raise SettingError(NOT_SCHEDULED)
    return jobs, bool(mistakes)


def _scheduled(given: Settings, declared: Plan) -> Iterator[Job]:
    times, zone = declared.schedule, given.timezone
    if times.collect:
        yield Job("collect", times.collect, zone, _command(collect), is_repeated=False)
    if times.alerts:
        deliver = partial(deliver_due, given, declared, is_trial=False)
        yield Job("alerts", times.alerts, zone, _command(deliver), is_repeated=False)
    secrets = settings.read_section("notify") if declared.reports else {}
    made = Made(given, declared)
    for entry in declared.reports:
        for to in entry.to:
            address = address_of(to, os.environ, secrets)
            run = partial(made.send, entry, address)
            if entry.when:
                yield Job(f"report {entry.name} to {to}", entry.when, entry.zone or zone, run)


def _command(command: Callable[[], int | None]) -> Callable[[bool], Result]:
    """Return a job that runs a command; its exit code says whether it failed."""

    def run(_maybe: bool) -> Result:  # noqa: FBT001  as every job
        try:
            code = command()
        except typer.Exit as ended:
            code = ended.exit_code
        return Result(CODES.get(code, f"exit code {code}")) if code else Result()

    return run


@dataclass
class Made:
    """Makes each report once, for all its recipients."""

    given: Settings
    declared: Plan

    def __post_init__(self) -> None:
        """Begin without reports."""
        self._reports: dict[str, Report] = {}

    def send(self, entry: reporting.Sent, address: Secret | str, maybe: bool) -> Result:  # noqa: FBT001
        """Send a report to an address; a text says why there is none."""
        if isinstance(address, str):
            return Result(address)
        from meaux.reports.posting import post  # noqa: PLC0415  charts take a while to import

        if entry.name not in self._reports:
            self._reports[entry.name] = self._make(entry)
        sent = post(address, self._reports[entry.name], entry.form, maybe=maybe)
        return Result(sent.error, sent.maybe)

    def _make(self, entry: reporting.Sent) -> Report:
        from meaux import reports  # noqa: PLC0415  charts take a while to import

        kind = reports.find(entry.report)
        opened = source.open_source(options.connected(self.given))
        scope = reports.Scope.of(entry)
        fetch = partial(fetch_each, opened.database)
        selection = reports.scope_of(kind, scope, self.given, opened, fetch)
        return reports.make(kind, opened, self.declared, selection, entry.paper)
