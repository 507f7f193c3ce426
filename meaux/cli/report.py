"""`report`: a week, a month or a page as a document to send."""

from functools import partial
from typing import Annotated

import typer

from meaux.cli import files, options
from meaux.data import plan, source
from meaux.data.database import fetch_each
from meaux.data.reporting import Paper
from meaux.query.filters import PRESETS
from meaux.wording import enumerated

FAILED = 1

Name = Annotated[
    str,
    typer.Argument(
        metavar="REPORT",
        help="weekly (the last complete week, Monday to Sunday), monthly (the last complete "
        "month), or a page: home, executive, projects, time, team, financial, resources, "
        "operations, analytics, data.",
        show_default=False,
    ),
]
Days = Annotated[
    str,
    typer.Option(
        help=f"{', '.join(PRESETS)}, or START..END as YYYY-MM-DD, both included.",
        show_default="the last complete week or month; 30d for a page",
    ),
]
OnlyTeams = Annotated[
    list[str],
    typer.Option(
        metavar="TEAM",
        help="Make the report for readers who may see only this team: without the company's "
        "budgets, alerts and logs; may be given several times.",
    ),
]


def report(  # noqa: PLR0913  each is an option of the command
    name: Name,
    *,
    period: Days = "",
    zone: options.Zone = "",
    team: options.Teams = [],  # noqa: B006  Typer never changes it
    project: options.Projects = [],  # noqa: B006
    person: options.People = [],  # noqa: B006
    only: OnlyTeams = [],  # noqa: B006
    html: Annotated[str, files.option("HTML")] = "",
    pdf: Annotated[str, files.option("PDF")] = "",
    paper: Annotated[Paper, typer.Option(help="Paper of the PDF.")] = "a4",
    force: files.Force = False,
) -> None:
    """Make a report as HTML and PDF.

    Without --html and --pdf, both are written into this folder, named by the report and its days,
    such as meaux-weekly-2026-11-16.html. The names of the files are printed, everything else goes
    to stderr. docs/reports.md says what a report contains.

    Exit codes: 0 written; 1 written, but part of it failed, which it says in place; 2 not written.
    """
    # Charts take half a second to import, which no other command needs.
    from meaux import reports  # noqa: PLC0415

    settings, kind = options.current(), reports.find(name)
    wanted = files.wanted(html=html, pdf=pdf, force=force)
    opened = source.open_source(options.connected(settings))
    scope = reports.Scope(
        period, zone, tuple(team), tuple(project), tuple(person), tuple(only) or None
    )
    selection = reports.scope_of(
        kind, scope, settings, opened, partial(fetch_each, opened.database)
    )
    stem = reports.stem(kind, selection)
    names = wanted or {ending: f"{stem}.{ending}" for ending in ("html", "pdf")}
    files.refuse_existing(names.values(), force=force)
    with files.status(f"Making {kind.title}, {selection.period}"):
        made = reports.make(kind, opened, plan.read_plan_file(), selection, paper)
        contents = {file: made.form(ending) for ending, file in names.items()}
    for file, content in contents.items():
        files.write(file, content)
    failed = made.document.failed
    if failed:
        typer.echo(f"Failed in the report: {enumerated(failed)}.", err=True)
        raise typer.Exit(FAILED)
