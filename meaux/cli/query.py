"""`query`: a named query's rows as CSV."""

from datetime import date
from functools import partial
from typing import Annotated, Any

import typer

from meaux.cli import options, own
from meaux.data import plan, source
from meaux.data.database import fetch_each
from meaux.data.source import Source
from meaux.errors import MeauxError, SettingError
from meaux.query import export
from meaux.query.answers import ROWS, Answer, Ask, Fetch, ask
from meaux.query.filters import PRESETS, Period, Selection, period_of
from meaux.query.needs import Request, meet
from meaux.query.queries import QUERIES, Query, find
from meaux.subjects.own.folder import CardFile


def _ids(noun: str) -> Any:
    """Return the option that filters by a team, project or person."""
    return typer.Option(metavar="ID", help=f"Only rows of this {noun}; may be given several times.")


Name = Annotated[str, typer.Argument(metavar="NAME", help="Query name.", show_default=False)]
Days = Annotated[
    str,
    typer.Option(
        help=f"{', '.join(PRESETS)}, or START..END as YYYY-MM-DD, both included. "
        "7d means 7 complete days and today."
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Maximum number of rows.",
        show_default=f"all; {ROWS} if the query is a ranking or a log",
    ),
]
Names = Annotated[bool, typer.Option("--list", help="List the queries, and the cards of your own.")]


class Unanswered(MeauxError):  # noqa: N818  named for what went wrong, as all errors are
    """The database can't answer the query, or failed; the text says why."""


def query(  # noqa: PLR0913  each is an option of the command
    name: Name = "",
    *,
    period: Days = "30d",
    zone: options.Zone = "",
    team: Annotated[list[str], _ids("team")] = [],  # noqa: B006  Typer reads it and never changes it
    project: Annotated[list[str], _ids("project")] = [],  # noqa: B006
    person: Annotated[list[str], _ids("person")] = [],  # noqa: B006
    limit: Limit = None,
    names: Names = False,
) -> None:
    """Write a named query's rows as CSV.

    Column headings are the same as in the dashboard's downloads. Missing optional tables are
    listed on stderr. `python -m meaux query --list` lists the queries. A card of your own is named
    by its file: `cards/revenue.sql`.
    """
    if names:
        _list()
        return
    settings = options.current()
    mine = {file.name: file for file in own.files()}
    wanted = None if name in mine else _found(name)
    zone = options.option("--zone", "timezone", zone) if zone else settings.timezone
    today = settings.day(zone)
    teams, projects, people = tuple(team), tuple(project), tuple(person)
    selection = Selection(
        _period(period, today), today, zone, teams=teams, projects=projects, people=people
    )
    opened = source.open_source(options.connected(settings))
    if wanted is None:
        text = _of_card(mine[name], selection, opened, limit)
    else:
        text = _of_query(Ask(wanted, selection, limit=limit or ROWS), opened, limit)
    typer.echo(text, nl=False)


def _list() -> None:
    listed = {name: query.about for name, query in sorted(QUERIES.items())}
    listed |= {file.name: file.about for file in own.files()}
    width = max(map(len, listed))
    for name, about in listed.items():
        typer.echo(f"{name:<{width}}  {about}")


def _found(name: str) -> Query:
    if not name:
        raise SettingError("Name a query; `--list` lists them.")
    return find(name)


def _period(words: str, today: date) -> Period:
    try:
        return period_of(words, today)
    except ValueError as error:
        raise SettingError(f"Invalid --period: {error}.") from None


def _of_card(file: CardFile, selection: Selection, opened: Source, limit: int | None) -> str:
    """Return the rows of a card of one's own as CSV, or raise an error with the reason."""
    declared = plan.read_plan_file()
    part = next(one for one in own.cards(opened, declared) if one.file.name == file.name)
    request = Request(selection, declared, opened.binding)
    shown = meet([part], request, partial(fetch_each, opened.database)).of(part).shown
    if not shown.answer.answered:
        raise Unanswered(shown.answer.reason)
    frame = shown.answer.frame if shown.file is None else shown.file
    return export.text(frame if limit is None else frame.head(limit), str, selection.zone)


def _of_query(wanted: Ask, opened: Source, limit: int | None) -> str:
    """Return the rows of a query as CSV; say on stderr which optional tables are missing."""
    answer = answered(wanted, opened, partial(fetch_each, opened.database))
    for entry, words in answer.without.items():
        if "." not in entry:  # a whole table; what a column lacks shows in the rows
            typer.echo(f"Calculated without {words}.", err=True)
    frame = answer.frame if limit is None else answer.frame.head(limit)
    return export.text(frame, zone=wanted.selection.zone)


def answered(wanted: Ask, opened: Source, fetch: Fetch) -> Answer:
    """Return the answer to one ask.

    Raises:
        Unanswered: the database can't answer it, or failed.
    """
    [answer] = ask([wanted], opened.binding, fetch)
    if not answer.answered:
        raise Unanswered(answer.reason)
    return answer
