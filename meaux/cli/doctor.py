"""`doctor`: open the database of the settings and report what works and what doesn't."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from meaux.cli import options, own, past_d1
from meaux.cli.past_d1 import PastD1
from meaux.data import plan, source
from meaux.data.database import Database, Fetched, Outcome, Rows, Statement, fetch_each
from meaux.data.faults import Fault
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import MeauxError
from meaux.query.answers import ROWS, Ask, ask
from meaux.query.filters import Selection, preset
from meaux.query.rollups import rolled_up
from meaux.subjects import health
from meaux.subjects.health import (
    CostHealth,
    Health,
    LogicalHealth,
    PeriodIndex,
    QueryHealth,
    Suggestion,
    TableHealth,
)
from meaux.subjects.health.findings import UNUSABLE
from meaux.subjects.page import Page, all_pages
from meaux.wording import counted

INCOMPLETE = 1
KINDS = {
    "demo": "Demo data",
    "file": "SQLite file",
    "d1": "Cloudflare D1",
    "clickhouse": "Copy on ClickHouse",
}
GOOD, LACKING, BAD, QUIET = "green", "yellow", "red", "dim"
STATES = {
    UNUSABLE: "a required column is missing, or it can't be read",
    "Replaced": "replaced by the mapping",
}

Line = tuple[str, str, str]
"""The subject, the words, and their colour."""


@dataclass(frozen=True)
class PageCost:
    """The cost of running a page's queries once; `rows_read` is None if unknown."""

    title: str
    queries: int
    calls: int
    rows_read: int | None
    milliseconds: float


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    as_sql: Annotated[
        bool, typer.Option("--sql", help="Print only the SQL that creates the missing indexes.")
    ] = False,
    as_mapping: Annotated[
        bool,
        typer.Option("--mapping", help="Print only the mapping template, for schema.toml."),
    ] = False,
    pages: Annotated[
        bool,
        typer.Option(
            "--pages",
            help="Also run each page's queries once, and report calls, rows read and time.",
        ),
    ] = False,
) -> None:
    """Report what works on the database and what doesn't.

    Exit codes: 0 everything was found; 1 something is missing or an entry is invalid (the rest
    works); 2 the database can't be opened. Reads a few rows of each table. Prepares queries without
    running them; --pages runs each once over the last 30 days. Writes nothing; --sql prints the
    statements for somebody with write access. Never prints secrets.
    """
    try:
        settings = options.current()
        started = perf_counter()
        opened = source.open_source(options.connected(settings))
        milliseconds = (perf_counter() - started) * 1000
        found = _examined(opened, _selection(settings))
        past = past_d1.looked_at(opened, settings)
        costs = _page_costs(opened, settings) if pages else []
    except MeauxError as error:
        if as_json:
            typer.echo(json.dumps({"state": "closed", "reason": str(error)}, indent=2))
        raise
    if as_sql:
        typer.echo("".join(f"{index.statement}\n" for index in found.missing_indexes), nl=False)
    elif as_mapping:
        typer.echo(found.mapping, nl=False)
    elif as_json:
        record = _record(settings, opened, milliseconds, found, costs) | past.record()
        typer.echo(json.dumps(record, indent=2))
    else:
        _print(settings, opened, milliseconds, found, costs, past)
    if found.problems:
        raise typer.Exit(INCOMPLETE)


def _selection(settings: Settings) -> Selection:
    """Return the last 30 days with all filters set, so that every optional clause is checked."""
    today, nobody = settings.day(settings.timezone), ("",)
    return Selection(
        preset("30d", today),
        today,
        settings.timezone,
        teams=nobody,
        projects=nobody,
        people=nobody,
    )


def _examined(opened: Source, selection: Selection) -> Health:
    """Return the findings, with one database call."""
    declared = plan.read_plan_file()
    cards = own.cards(opened, declared)
    asked = (
        health.asks(opened, selection.today),
        health.looks(opened),
        health.prepared(opened, selection),
        own.prepared(cards, opened, selection),
    )
    wanted = [statement for statements in asked for statement in statements.values()]
    outcomes = iter(fetch_each(opened.database, wanted))
    told, looked, plans, mine = (
        dict(zip(statements, outcomes, strict=False)) for statements in asked
    )
    faults = own.faults(cards, mine)
    return health.examine(opened, selection.unnarrowed, told, looked, declared, plans, faults)


@dataclass
class Counted:
    """A database that counts its calls."""

    inside: Database
    calls: int = 0

    @property
    def name(self) -> str:
        """The same as that of the database."""
        return self.inside.name

    @property
    def title(self) -> str:
        """The same as that of the database."""
        return self.inside.title

    def fetch(self, statements: Sequence[Statement]) -> list[Rows]:
        """Fetch from the database, and count the call."""
        self.calls += 1
        return self.inside.fetch(statements)


def _page_costs(opened: Source, settings: Settings) -> list[PageCost]:
    today = settings.day(settings.timezone)
    selection = Selection(preset("30d", today), today, settings.timezone)
    return [_page_cost(opened, page, selection) for page in all_pages()]


def _page_cost(opened: Source, page: Page, selection: Selection) -> PageCost:
    """Run all of a page's queries in one call, as the page does."""
    database = Counted(opened.database)
    asks = [Ask(query, selection, limit=ROWS, names=("",)) for query in page.queries]
    started = perf_counter()
    outcomes: list[Outcome] = []

    def fetch(wanted: Sequence[Statement]) -> list[Outcome]:
        outcomes.extend(fetch_each(database, wanted))
        return outcomes

    ask(asks, opened.binding, fetch, roll_up=rolled_up)
    milliseconds = (perf_counter() - started) * 1000
    read = [one.rows.meta.rows_read for one in outcomes if isinstance(one, Fetched)]
    known = [rows for rows in read if rows is not None]
    return PageCost(
        page.title, len(asks), database.calls, sum(known) if known else None, milliseconds
    )


def _record(
    settings: Settings, opened: Source, milliseconds: float, found: Health, costs: list[PageCost]
) -> dict[str, Any]:
    return {
        "state": "incomplete" if found.problems else "fine",
        "database": {
            "kind": settings.source,
            "title": opened.database.title,
            "milliseconds": round(milliseconds, 1),
            "tables": len(opened.catalog.tables),
        },
        "timezone": settings.timezone,
        "today": str(settings.day(settings.timezone)),
        **asdict(found),
        **({"pages": [asdict(cost) for cost in costs]} if costs else {}),
    }


def _print(  # noqa: PLR0913, PLR0917  what was found, by kind
    settings: Settings,
    opened: Source,
    milliseconds: float,
    found: Health,
    costs: list[PageCost],
    past: PastD1,
) -> None:
    """Write the findings in words, in colour on a terminal."""
    pinned = ", a fixed date" if settings.today else ""
    tables = counted(len(opened.catalog.tables), "table")
    _section(
        "Database",
        [
            ("opened", f"{KINDS[settings.source]}: {opened.database.title}", GOOD),
            ("reachable", f"yes; schema read in {milliseconds:,.0f} ms, {tables}", GOOD),
            ("time zone", settings.timezone, GOOD),
            ("today", f"{settings.day(settings.timezone)}{pinned}", GOOD),
            *((about, words, GOOD if well else LACKING) for about, words, well in past.lines()),
        ],
    )
    _section("Invalid entries", map(_fault, found.faults))
    _section("Tables", map(_table, found.tables))
    _section("Read as", map(_logical, found.logical))
    _section(
        "Suggested mappings", [_suggestion(one) for one in found.suggestions if one.place == 1]
    )
    _section("Costs", map(_cost, found.costs))
    _section("Missing indexes", map(_index, found.missing_indexes))
    _section("Queries", map(_query, found.queries))
    _section("Notes", [(note.about, note.sentence, QUIET) for note in found.notes])
    _section("Pages", map(_page, costs))
    _print_verdict(found)


def _print_verdict(found: Health) -> None:
    console = _console()
    for sentence in health.advice(found):
        console.print(Text(sentence, LACKING))
    if not found.problems:
        console.print(Text("All tables and queries are available.", GOOD))
        return
    tables = sum(table.physical is None for table in found.logical)
    queries = sum(not query.answerable for query in found.queries)
    if not tables + queries:
        return
    rest = "the rest works" if queries < len(found.queries) else "nothing can be shown"
    console.print(
        Text(
            f"{tables} of {len(found.logical)} logical tables missing, "
            f"{queries} of {len(found.queries)} queries can't be answered; {rest}.",
            LACKING,
        )
    )
    console.print(
        "--mapping prints the mapping template, --sql the missing indexes; docs/schema.md explains"
    )
    console.print("the entries.")


def _section(title: str, lines: Iterable[Line]) -> None:
    """Print a title and its lines; nothing if there are no lines."""
    rows = list(lines)
    if not rows:
        return
    console = _console()
    console.print(Text(title, "bold"))
    width = max(len(name) for name, _, _ in rows)
    for name, words, style in rows:
        console.print(Text.assemble(f"  {name:<{width}}  ", (words, style)))
    console.print()


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False, emoji=False)


def _table(table: TableHealth) -> Line:
    if table.size is None:
        wanted = f"; {_asked(table)}" if table.wanted else ""
        return table.name, f"missing{wanted}", LACKING if table.wanted else QUIET
    words = [f"{table.size} rows", f"newest {table.newest}" if table.newest else ""]
    words += [f"read as {', '.join(table.read_as)}" if table.read_as else ""]
    words += [f"alternative for {', '.join(table.spare_for)}" if table.spare_for else ""]
    words += [STATES.get(table.state, "")]
    return table.name, "; ".join(filter(None, words)), GOOD if table.read_as else QUIET


def _fault(fault: Fault) -> Line:
    return fault.file, fault.sentence.removeprefix(fault.file).lstrip(",: "), LACKING


def _asked(table: TableHealth) -> str:
    """Return what a missing table is needed for."""
    pages = f" on {', '.join(table.pages)}" if table.pages else ""
    asked = counted(len(table.queries), "query")
    return f"needed for {', '.join(table.wanted)}: {asked}{pages}"


def _logical(table: LogicalHealth) -> Line:
    if table.physical is None:
        return table.name, f"missing; needs {table.needs}", BAD
    lacking = [column.name for column in table.columns if column.needs]
    words = [
        f"{table.physical}, {len(table.columns) - len(lacking)} of {len(table.columns)} columns"
    ]
    words += [
        f"{c.name} is {' or '.join(c.encodings)} ({c.told_by})"
        for c in table.columns
        if c.encodings
    ]
    words += [f"{c.name} is matched by {c.named_by}" for c in table.columns if c.named_by]
    words += [f"no {', '.join(lacking)}"] if lacking else []
    words += [] if table.has_rows else ["no rows yet"]
    return table.name, "; ".join(words), GOOD if table.has_rows and not lacking else LACKING


def _suggestion(one: Suggestion) -> Line:
    lacks = f"; missing columns {', '.join(one.lacks)}" if one.lacks else ""
    return one.logical, f"{one.table}: {one.why}{lacks}", LACKING


def _cost(cost: CostHealth) -> Line:
    if cost.source is None:
        return cost.category, f"no source; needs {cost.needs}", BAD
    others = f"; not added (same spend): {', '.join(cost.left_out)}" if cost.left_out else ""
    return cost.category, f"from {cost.source}{others}", GOOD


def _index(index: PeriodIndex) -> Line:
    return index.table, f"{index.size} rows; {index.statement}", LACKING


def _query(query: QueryHealth) -> Line:
    if not query.answerable:
        return query.name, query.reason, BAD
    if query.without:
        return query.name, f"calculated without {', '.join(query.without)}", LACKING
    return query.name, "answered", GOOD


def _page(cost: PageCost) -> Line:
    read = (
        "rows read unknown" if cost.rows_read is None else f"{counted(cost.rows_read, 'row')} read"
    )
    asked = f"{counted(cost.queries, 'query')}, {counted(cost.calls, 'call')}"
    return cost.title, f"{asked}, {read}, {cost.milliseconds:,.0f} ms", GOOD
