"""`load`: copy the database of the settings to ClickHouse."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import typer

from meaux.cli import options
from meaux.data import source, state
from meaux.data.database import SQLiteFile
from meaux.data.settings import PROJECT, Settings
from meaux.data.warehouse.address import EXAMPLE, Address
from meaux.errors import SettingError
from meaux.warehouse import Outcome, Reader, Target
from meaux.warehouse import load as load_into
from meaux.wording import counted

BUSY = "Another run is loading. This one has done nothing; try again later."
CLICKHOUSE = "clickhouse"

load = typer.Typer(
    help="Copy the database to an engine for more rows than D1 can hold. See docs/scale.md.",
    no_args_is_help=True,
)


@load.callback()
def group() -> None:
    """Keep `clickhouse` a subcommand: Typer would leave out the name of the only one."""


@load.command()
def clickhouse() -> None:
    """Copy what has changed since the last run to the ClickHouse of MEAUX_WAREHOUSE.

    It reads the database of the settings: a SQLite file, or the demo. It can be stopped at any time
    and repeated as often as you like: a run loads the months that have changed, and nothing twice.

    Exit codes: 0 the copy is complete; 2 something failed, and a sentence on stderr says what.
    """
    given = options.current()
    if not given.warehouse:
        raise SettingError(f"Set MEAUX_WAREHOUSE to the database to fill, such as {EXAMPLE}.")
    address = Address.read(given.warehouse.reveal(), "MEAUX_WAREHOUSE")
    with (
        state.locked(PROJECT / given.mirror_file, "load.lock", BUSY),
        closing(Target(address)) as target,
    ):
        file = _file(_source(given))
        opened = source.open_source(file)
        with options.bar() as show:
            outcome = load_into(opened, Reader(file.path), target, opened.evidence, show)
    _tell(outcome, target.title)


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


def _file(given: Settings) -> SQLiteFile:
    """Return the file to read."""
    database = options.connected(given)
    if isinstance(database, SQLiteFile):
        return database
    raise SettingError("D1 can't be loaded yet.")


def _tell(outcome: Outcome, title: str) -> None:
    for table, rows in outcome.tables.items():
        typer.echo(f"{table}: {counted(rows, 'row')}")
    if not outcome.months:
        typer.echo(f"Nothing has changed; {title} is up to date ({outcome.seconds:,.1f} s).")
        return
    typer.echo(
        f"{title}: {counted(outcome.rows, 'row')} of {counted(outcome.months, 'month')} loaded in "
        f"{outcome.seconds:,.1f} s."
    )
