"""`timesheet`: the time entries of a period as a workbook and as CSV."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, cast

import typer

from meaux.cli import files, options
from meaux.cli.query import Unanswered, answered
from meaux.data import plan, source
from meaux.data.database import fetch_each
from meaux.query import export
from meaux.query.filters import PRESETS
from meaux.query.needs import Part, Request, meet
from meaux.query.rollups import rolled_up
from meaux.query.workbook import facts, now_in

if TYPE_CHECKING:
    from meaux.subjects.card import Download

PAGE = "time"
"""The page whose files these are."""


def timesheet(  # noqa: PLR0913  each is an option of the command
    *,
    period: Annotated[
        str, typer.Option(help=f"{', '.join(PRESETS)}, or START..END as YYYY-MM-DD, both included.")
    ] = "last-month",
    zone: options.Zone = "",
    team: options.Teams = [],  # noqa: B006  Typer never changes it
    project: options.Projects = [],  # noqa: B006
    person: options.People = [],  # noqa: B006
    xlsx: Annotated[str, files.option("the workbook")] = "",
    csv: Annotated[str, files.option("the CSV")] = "",
    force: files.Force = False,
) -> None:
    """Write the timesheet as XLSX and CSV.

    The files are those of the page Time tracking: a workbook with a sheet per person (hours by
    project and day, and each entry with its note), and a CSV with a row per entry. Without --xlsx
    and --csv, both are written into this folder, named by their days, such as
    meaux_timesheet_2026-10-01_2026-10-31.xlsx. The names of the files are printed.
    """
    # Charts take half a second to import, which no other command needs.
    from meaux import reports  # noqa: PLC0415
    from meaux.subjects.hours import cards  # noqa: PLC0415

    parts: dict[str, Part] = {"xlsx": cards.timesheet_book, "csv": cards.timesheet_entries}
    wanted = files.wanted(xlsx=xlsx, csv=csv, force=force)
    settings = options.current()
    opened = source.open_source(options.connected(settings))
    fetch = partial(fetch_each, opened.database)
    scope = reports.Scope(period, zone, tuple(team), tuple(project), tuple(person))
    selection = reports.scope_of(reports.find(PAGE), scope, settings, opened, fetch)
    offered = {ending: parts[ending] for ending in wanted or parts}
    request = Request(selection, plan.read_plan_file(), opened.binding)
    with files.status(f"Making the timesheet, {selection.period}"):
        met = meet([*offered.values(), cards.timesheet], request, fetch, roll_up=rolled_up)
        told = facts(selection) | {"Database": opened.database.title}
        told |= {"Made": now_in(selection.zone)}
        made = {}
        for ending, part in offered.items():
            download = cast("Download | None", met.of(part))
            if download is None:
                raise Unanswered(met.of(cards.timesheet).answer.reason)
            name = export.file_name(download.subject, selection, ending)
            answer = answered(download.ask, opened, fetch)
            made[wanted.get(ending, name)] = download.made(answer, told)
    files.refuse_existing(made, force=force)
    for file, content in made.items():
        files.write(file, content)
