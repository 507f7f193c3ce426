"""`load`: copy the database of the settings to ClickHouse."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from meaux.cli import options
from meaux.data import source, state
from meaux.data.database import SQLiteFile
from meaux.data.schema import read_model
from meaux.data.settings import PROJECT, Settings
from meaux.data.warehouse.address import EXAMPLE, Address
from meaux.errors import SettingError
from meaux.warehouse import Allowance, Mirror, Outcome, Reader, Target
from meaux.warehouse import load as load_into
from meaux.wording import counted

BUSY = "Another run is loading. This one has done nothing; try again later."
CLICKHOUSE = "clickhouse"
LAST_HOUR = 24

load = typer.Typer(
    help="Copy the database to an engine for more rows than D1 can hold. See docs/scale.md.",
    no_args_is_help=True,
)


@load.callback()
def group() -> None:
    """Keep `clickhouse` a subcommand: Typer would leave out the name of the only one."""


@load.command()
def clickhouse(
    *,
    rows: Annotated[
        int | None,
        typer.Option(min=1, help="Number of rows that D1 may read in this run; the next goes on."),
    ] = None,
    hours: Annotated[
        str,
        typer.Option(
            metavar="FROM-TO",
            help="Hours of the day in which D1 is read, such as 22-6, in MEAUX_TIMEZONE.",
        ),
    ] = "0-24",
) -> None:
    """Copy what has changed since the last run to the ClickHouse of MEAUX_WAREHOUSE.

    It reads the database of the settings: D1, a SQLite file or the demo. It can be stopped at any
    time and repeated as often as you like: a run loads the months that have changed, and nothing
    twice. Rows of D1 are kept in the file of MEAUX_MIRROR; --rows and --hours limit how D1 is read.

    Exit codes: 0 the copy has everything that was read; 2 something failed, or D1 is not read to
    its end for the first time yet. A sentence on stderr says what to do.
    """
    given = options.current()
    if not given.warehouse:
        raise SettingError(f"Set MEAUX_WAREHOUSE to the database to fill, such as {EXAMPLE}.")
    address = Address.read(given.warehouse.reveal(), "MEAUX_WAREHOUSE")
    is_one, zone = within(hours), ZoneInfo(given.timezone)
    allowance = Allowance(rows, lambda: is_one(datetime.now(zone).hour))
    mirror = PROJECT / given.mirror_file
    with (
        state.locked(mirror, "load.lock", BUSY),
        closing(Target(address)) as target,
        options.bar() as show,
    ):
        began = datetime.now(UTC)
        file, title, note, unread = _file(_source(given), mirror, allowance, show)
        opened = source.open_source(file)
        evidence = replace(opened.evidence, source=title)
        outcome = load_into(opened, Reader(file.path, unread, began), target, evidence, show)
    _tell(outcome, target.title, allowance.used)
    if note:
        typer.echo(f"D1 was not read to its end: {note}. The next run goes on.", err=True)


def within(hours: str) -> Callable[[int], bool]:
    """Return whether an hour of the day is one of some hours, such as 22-6.

    Raises:
        SettingError: They can't be read.
    """
    found = re.fullmatch(r"(\d\d?)-(\d\d?)", hours)
    since, until = (int(hour) for hour in found.groups()) if found else (LAST_HOUR + 1, 0)
    if max(since, until) > LAST_HOUR:
        raise SettingError(f"Invalid --hours: {hours!r} must be two hours such as 22-6.")
    if since < until:
        return lambda hour: since <= hour < until
    return lambda hour: hour >= since or hour < until


def _source(given: Settings) -> Settings:
    """Return the settings of the database to read: the dashboard may already read the copy.

    Raises:
        SettingError: Only the copy is set.
    """
    if not given.database.startswith(CLICKHOUSE):
        return given
    if not given.database_id:
        raise SettingError(
            "MEAUX_DATABASE is the copy. For this command, set it to the file to read, or set "
            "CLOUDFLARE_DATABASE_ID."
        )
    return replace(given, database="")


def _file(
    given: Settings, mirror: Path, allowance: Allowance, show: source.Progress
) -> tuple[SQLiteFile, str, str, Sequence[str]]:
    """Return the file to read, the title of the database, and why it lacks rows and of what."""
    database = source.connect(given, show)
    if isinstance(database, SQLiteFile):
        return database, database.title, "", ()
    model = read_model(source.SCHEMA_OVERRIDE)
    catalog = source.schema_of(database).catalog()
    made = Mirror(mirror, database, model, catalog, allowance, show)
    note = made.update()
    return SQLiteFile(mirror), database.title, note, made.unread


def _tell(outcome: Outcome, title: str, read: int) -> None:
    if read:
        typer.echo(f"D1: {counted(read, 'row')} read")
    for table, rows in outcome.tables.items():
        typer.echo(f"{table}: {counted(rows, 'row')}")
    if not outcome.months:
        typer.echo(f"Nothing has changed; {title} is up to date ({outcome.seconds:,.1f} s).")
        return
    typer.echo(
        f"{title}: {counted(outcome.rows, 'row')} of {counted(outcome.months, 'month')} loaded in "
        f"{outcome.seconds:,.1f} s."
    )
