"""`doctor`: open the database that the settings name and say what works and what doesn't."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from meaux import source
from meaux.cli import given
from meaux.cli.health import CostHealth, Health, QueryHealth, TableHealth, examine
from meaux.database import Database
from meaux.errors import MeauxError
from meaux.filters import Selection, preset
from meaux.settings import Settings
from meaux.source import Source

INCOMPLETE, CLOSED = 1, 2
KINDS = {"demo": "Demo data", "file": "SQLite file", "d1": "Cloudflare D1"}
GOOD, LACKING, BAD, QUIET = "green", "yellow", "red", "dim"

Line = tuple[str, str]


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False
) -> None:
    """Say which database is open, what was found in it, and what it can't answer.

    Exits with 0 if all is found, 1 if something is missing and the rest works, 2 if the database
    can't be opened. No query is run, and no secret is printed.
    """
    try:
        settings = given.current()
        database = given.connected(settings)
        started = perf_counter()
        opened = source.open_source(database)
        milliseconds = (perf_counter() - started) * 1000
        health = examine(opened, _selection(settings))
    except MeauxError as error:
        if as_json:
            typer.echo(json.dumps({"state": "closed", "reason": str(error)}, indent=2))
        raise
    if as_json:
        typer.echo(json.dumps(_record(settings, database, milliseconds, health), indent=2))
    else:
        _print(settings, opened, milliseconds, health)
    if health.problems:
        raise typer.Exit(INCOMPLETE)


def _selection(settings: Settings) -> Selection:
    """The last 30 days, narrowed in every way, so that every optional clause is looked at."""
    today, nobody = settings.day(settings.timezone), ("",)
    return Selection(
        preset("30d", today),
        today,
        settings.timezone,
        teams=nobody,
        projects=nobody,
        people=nobody,
    )


def _record(
    settings: Settings, database: Database, milliseconds: float, health: Health
) -> dict[str, Any]:
    return {
        "state": "incomplete" if health.problems else "fine",
        "database": {
            "kind": settings.source,
            "title": database.title,
            "milliseconds": round(milliseconds, 1),
        },
        "timezone": settings.timezone,
        "today": str(settings.day(settings.timezone)),
        **asdict(health),
    }


def _print(settings: Settings, opened: Source, milliseconds: float, health: Health) -> None:
    """Write the findings in words, in colour on a terminal."""
    today = settings.day(settings.timezone)
    pinned = ", a pinned date" if settings.today else ""
    tables = len(opened.catalog.tables)
    _section(
        "Database",
        [
            ("opened", f"{KINDS[settings.source]}: {opened.database.title}", GOOD),
            ("reachable", f"yes; schema read in {milliseconds:,.0f} ms, {tables} tables", GOOD),
            ("time zone", settings.timezone, GOOD),
            ("today", f"{today}{pinned}", GOOD),
        ],
    )
    _section("Tables", [(table.name, *_table(table)) for table in health.tables])
    _section("Costs", [(cost.category, *_cost(cost)) for cost in health.costs])
    _section("Queries", [(query.name, *_query(query)) for query in health.queries])
    _print_verdict(health)


def _print_verdict(health: Health) -> None:
    console = _console()
    if not health.problems:
        console.print(Text("Everything that the product asks for is there.", GOOD))
        return
    tables = sum(table.physical is None for table in health.tables)
    queries = sum(not query.answerable for query in health.queries)
    rest = "the rest works" if queries < len(health.queries) else "nothing can be shown"
    console.print(
        Text(
            f"{tables} of {len(health.tables)} tables missing, "
            f"{queries} of {len(health.queries)} queries not answered; {rest}.",
            LACKING,
        )
    )
    console.print("Other names can be mapped in .streamlit/schema.toml; see docs/schema.md.")


def _section(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    console = _console()
    console.print(Text(title, "bold"))
    width = max((len(name) for name, _, _ in rows), default=0)
    for name, words, style in rows:
        console.print(Text.assemble(f"  {name:<{width}}  ", (words, style)))
    console.print()


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False, emoji=False)


def _table(table: TableHealth) -> Line:
    if table.physical is None:
        return f"missing; it needs {table.needs}", BAD
    whole = len(table.columns) + len(table.lacking)
    words = [f"{table.physical}, {len(table.columns)} of {whole} columns"]
    words += [f"{name} is {' or '.join(met)}" for name, met in table.columns.items() if met]
    words += [f"no {', '.join(table.lacking)}"] if table.lacking else []
    words += [] if table.has_rows else ["no rows yet"]
    return "; ".join(words), GOOD if table.has_rows and not table.lacking else LACKING


def _cost(cost: CostHealth) -> Line:
    if cost.source is None:
        return f"not fed; it needs {cost.needs}", BAD
    return f"from {cost.source}", GOOD


def _query(query: QueryHealth) -> Line:
    if not query.answerable:
        return query.reason, BAD
    if query.without:
        return f"answered without {', '.join(query.without)}", LACKING
    return "answered", GOOD
