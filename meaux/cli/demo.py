"""`demo`: write a demo database."""

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from meaux import demo as sample
from meaux.cli import options
from meaux.data import source
from meaux.errors import NotADatabase

REFUSED = 1


def demo(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="Output path.", show_default="data/meauxos.db"),
    ] = sample.DEFAULT_PATH,
    *,
    scale: Annotated[
        float, typer.Option(min=0.01, max=50, help="Amount of data; 1 is a typical studio.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same rows.")] = 7,
    today: Annotated[
        str,
        typer.Option(
            metavar="<date>", help="Last day of the data, as YYYY-MM-DD.", show_default="today"
        ),
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Replace an existing demo without asking.")
    ] = False,
) -> None:
    """Write a demo database: eighteen months of data of a fictional studio."""
    settings = options.current()
    if today:
        settings = replace(settings, today=options.option("--today", "today", today))
    now = source.demo_now(settings)
    _make_way(path, force=force)
    with options.bar() as show:
        sample.build(path, now=now, scale=scale, seed=seed, progress=show)
    size = path.stat().st_size / 1_000_000
    typer.echo(f"Wrote {path}: {size:,.1f} MB, data up to {now.date()}.")
    if path.absolute() != sample.DEFAULT_PATH:
        typer.echo(f"To open it, set MEAUX_DATABASE={path}.")


def _make_way(path: Path, *, force: bool) -> None:
    """Exit unless the demo may be written there."""
    try:
        day = sample.last_day(path)
    except NotADatabase as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{path} can't be written: {error.strerror}.")
    else:
        _refuse_closed(path)
        if day is not None and not force:
            _ask(path, day)


def _refuse_closed(path: Path) -> None:
    """Exit if the nearest existing folder is not a folder or is read-only."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir():
        _refuse(f"{path} can't be written: {folder} is not a folder.")
    if not os.access(folder, os.W_OK):
        _refuse(f"{path} can't be written: the folder {folder} is read-only.")


def _ask(path: Path, day: date) -> None:
    """Ask before a demo is replaced; without a terminal, exit."""
    found = f"{path} already holds a demo with data up to {day}"
    if not _can_ask():
        _refuse(f"{found}: add --force to replace it.")
    if not typer.confirm(f"{found}. Replace it?", err=True):
        _refuse("Nothing was written.")


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _refuse(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(REFUSED)
