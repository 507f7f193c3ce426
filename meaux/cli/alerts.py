"""`alerts`: report what the rules find today, for a person or for a scheduler."""

import json
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from meaux.cli import options
from meaux.data import plan, source
from meaux.data.database import fetch_each
from meaux.data.faults import Fault
from meaux.query.answers import Answer
from meaux.query.filters import Selection, month_to_date
from meaux.query.needs import Request, meet
from meaux.query.rollups import rolled_up
from meaux.subjects.alerts import rules
from meaux.subjects.alerts.entries import entries, recorded_open
from meaux.subjects.alerts.rules import Finding

CRITICAL, UNREAD = 1, 2
STYLES = {"Critical": "bold red", "Error": "red", "Warning": "yellow", "Info": "blue"}
NOTHING = "Nothing to report."
NOTHING_READ = "Nothing to report in the available data."


def alerts(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print the alerts as JSON.")] = False
) -> None:
    """Report today's alerts and the open alerts recorded in the database.

    The rules are in docs/alerts.md.

    Exit codes: 0 no critical alert; 1 a critical alert, even if something else is wrong; 2 no
    critical alert, but the database can't be opened or read, or an entry of .streamlit/meaux.toml
    or schema.toml, or a budget of the database, is invalid. Invalid entries and missing data are
    named on stderr.
    """
    settings = options.current()
    declared = plan.read_plan_file()
    today = settings.day(settings.timezone)
    selection = Selection(month_to_date(today), today, settings.timezone)
    opened = source.open_source(options.connected(settings))
    met = meet(
        [rules.evidence, recorded_open],
        Request(selection, declared, opened.binding),
        partial(fetch_each, opened.database),
        roll_up=rolled_up,
    )
    evidence, recorded = met.of(rules.evidence), met.of(recorded_open)
    faults = [*declared.faults, *opened.binding.model.faults, *evidence.faults]
    found = rules.evaluate(evidence)
    listed = [asdict(entry) for entry in entries(found, recorded)]
    needed = [answer for asked, answer in met.answers.items() if not asked.spans]
    unread = [answer for answer in needed if answer.state == "unavailable"]
    unread += [answer for answer in met.answers.values() if answer.state == "failed"]
    if as_json:
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        _print(listed, NOTHING_READ if unread or faults else NOTHING)
    for sentence in dict.fromkeys(fault.sentence for fault in faults):
        typer.echo(sentence, err=True)
    for answer in unread:
        typer.echo(f"Not checked, {answer.query.name}: {answer.reason}", err=True)
    raise typer.Exit(_code(found, unread, faults))


def _code(found: list[Finding], unread: list[Answer], faults: list[Fault]) -> int:
    """Return the exit code; missing tables and columns are no failure."""
    if any(finding.severity == "Critical" for finding in found):
        return CRITICAL
    return UNREAD if faults or any(answer.state == "failed" for answer in unread) else 0


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
