"""`alerts`: report what the rules find today, for a person or for a scheduler, or tell others."""

import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from meaux.cli import options, pausing, trying
from meaux.cli.deliver import Telling
from meaux.data import plan, source
from meaux.data.database import fetch_each
from meaux.data.faults import Fault
from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.errors import MeauxError
from meaux.notify.directory import NOBODY, Directory, directory
from meaux.notify.settling import Seen
from meaux.query.answers import Answer
from meaux.query.filters import Selection, month_to_date
from meaux.query.needs import Request, meet
from meaux.query.rollups import rolled_up
from meaux.subjects.alerts import rules
from meaux.subjects.alerts.entries import (
    RECORDED,
    UNREAD,
    entries,
    recorded_findings,
    recorded_open,
    unread_finding,
)
from meaux.subjects.alerts.own import OwnFindings, own_findings
from meaux.subjects.alerts.rules import Finding

CRITICAL, INCOMPLETE = 1, 2
STYLES = {"Critical": "bold red", "Error": "red", "Warning": "yellow", "Info": "blue"}
NOTHING = "Nothing to report."
NOTHING_READ = "Nothing to report in the available data."


@dataclass(frozen=True)
class Checked:
    """What was found, what the database recorded, and what is invalid or couldn't be read."""

    found: list[Finding]
    recorded: Answer
    faults: list[Fault]
    unread: list[Answer]
    unknown: frozenset[str]
    own: OwnFindings
    directory: Directory

    @property
    def failed(self) -> bool:
        """Whether the database didn't answer everything."""
        return any(answer.state == "failed" for answer in self.unread)

    @property
    def is_partial(self) -> bool:
        """Whether something wasn't checked."""
        return bool(self.unread or self.faults or self.own.problems)

    @property
    def seen(self) -> Seen:
        """The findings that destinations can be told of."""

        def unchecked(key: str) -> bool:
            if key == UNREAD:
                return False
            if key.startswith(f"{RECORDED}/"):
                return not self.recorded.answered
            return self.failed or key in self.unknown or self.own.is_unchecked(key)

        lost = [answer.reason for answer in self.unread if answer.state == "failed"]
        found = [*self.found, *map(unread_finding, lost[:1])]
        return Seen([*found, *recorded_findings(self.recorded)], unchecked, self.directory)


alerts = typer.Typer(add_completion=False, rich_markup_mode=None)
alerts.command("list")(pausing.list_)
alerts.command()(pausing.snooze)
alerts.command()(pausing.ack)
alerts.command()(pausing.resume)
alerts.command("try")(trying.try_)


@alerts.callback(invoke_without_command=True)
def report(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the alerts as JSON.")] = False,
    deliver: Annotated[
        bool, typer.Option("--deliver", help="Tell the destinations of [[notify]] what is new.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what --deliver would send, to whom, and when.")
    ] = False,
) -> None:
    """Report today's alerts and the open alerts recorded in the database.

    The rules, and how to tell others, are in docs/alerts.md.

    Exit codes: 0 no critical alert; 1 a critical alert, even if something else is wrong; 2 no
    critical alert, but the database can't be opened or read, or an entry of .streamlit/meaux.toml
    or schema.toml, or a budget of the database, is invalid. Invalid entries and missing data are
    named on stderr.

    Exit codes with --deliver and --dry-run: 0 everything due was sent; 1 a destination failed, the
    others were told; 2 something is invalid or can't be read, as above, or another run is at work.
    """
    if context.invoked_subcommand:
        return
    settings = options.current()
    declared = plan.read_plan_file()
    if deliver or dry_run:
        raise typer.Exit(deliver_due(settings, declared, is_trial=dry_run))
    checked = _checked(settings, declared)
    listed = [asdict(entry) for entry in entries(checked.found, checked.recorded)]
    if as_json:
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        _print(listed, NOTHING_READ if checked.is_partial else NOTHING)
    _say_what_is_wrong(checked)
    raise typer.Exit(_code(checked.found, checked))


def deliver_due(settings: Settings, declared: Plan, *, is_trial: bool) -> int:
    """Tell the destinations what is due; return the exit code."""
    telling, mistakes = Telling.of(settings, declared, is_trial=is_trial)
    try:
        checked = _checked(settings, declared, with_directory=True)
    except MeauxError as error:
        telling.tell(Seen([unread_finding(str(error))], lambda key: key != UNREAD))
        raise
    checked.faults.extend(mistakes)
    _say_what_is_wrong(checked)
    return telling.tell(checked.seen) or _code([], checked)


def _checked(settings: Settings, declared: Plan, *, with_directory: bool = False) -> Checked:
    """Check all rules, in one call after the database is opened."""
    today = settings.day(settings.timezone)
    selection = Selection(month_to_date(today), today, settings.timezone)
    opened = source.open_source(options.connected(settings))
    is_narrow = any(entry.teams or entry.projects for entry in declared.notify)
    also = [directory] if with_directory and is_narrow else []
    met = meet(
        [rules.evidence, recorded_open, own_findings, *also],
        Request(selection, declared, opened.binding),
        partial(fetch_each, opened.database),
        roll_up=rolled_up,
    )
    evidence, own = met.of(rules.evidence), met.of(own_findings)
    needed = [answer for asked, answer in met.answers.items() if not asked.spans]
    unread = [answer for answer in needed if answer.state == "unavailable"]
    unread += [answer for answer in met.answers.values() if answer.state == "failed"]
    return Checked(
        [*rules.evaluate(evidence), *own.found],
        met.of(recorded_open),
        [*declared.faults, *opened.binding.model.faults, *evidence.faults],
        unread,
        rules.unchecked(evidence),
        own,
        met.of(directory) if also else NOBODY,
    )


def _say_what_is_wrong(checked: Checked) -> None:
    for sentence in dict.fromkeys(fault.sentence for fault in checked.faults):
        typer.echo(sentence, err=True)
    for problem in checked.own.problems:
        typer.echo(problem.sentence, err=True)
    for answer in checked.unread:
        typer.echo(f"Not checked, {answer.query.name}: {answer.reason}", err=True)


def _code(found: list[Finding], checked: Checked) -> int:
    """Return the exit code; missing tables and columns are no failure."""
    if any(finding.severity == "Critical" for finding in found):
        return CRITICAL
    return INCOMPLETE if checked.faults or checked.own.problems or checked.failed else 0


def _print(listed: list[dict[str, Any]], nothing: str) -> None:
    """Write a line per alert: severity, day of recording, sentence."""
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    if not listed:
        console.print(nothing)
    for entry in listed:
        severity, recorded = entry["severity"], entry["recorded"]
        mark = "" if recorded is None else f"Recorded {recorded[:10]}".strip() + ": "
        words = " ".join(entry["sentence"].split())
        console.print(Text.assemble((f"{severity:<10}", STYLES[severity]), f"{mark}{words}"))
