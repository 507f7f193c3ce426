"""Files: how commands write them, and what they say about it."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from meaux.errors import SettingError

STDOUT = "-"

Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]


def option(form: str) -> Any:
    """Return the option that names the file of a form, such as PDF."""
    return typer.Option(metavar="FILE", help=f"Write {form} to this file; - is stdout.")


def wanted(*, force: bool, **files: str) -> dict[str, str]:
    """Return the files whose options were given, by the name of the option.

    Raises:
        SettingError: two would be written to stdout, or a file exists.
    """
    if list(files.values()) == [STDOUT, STDOUT]:
        names = " and ".join(f"--{name}" for name in files)
        raise SettingError(f"Only one of {names} can be written to stdout.")
    given = {name: file for name, file in files.items() if file}
    refuse_existing(given.values(), force=force)
    return given


def refuse_existing(files: Iterable[str], *, force: bool) -> None:
    """Refuse to overwrite files, unless forced.

    Raises:
        SettingError: a file exists.
    """
    for file in files:
        if file != STDOUT and not force and Path(file).exists():
            raise SettingError(f"{file} already exists; --force overwrites it.")


def write(file: str, content: bytes) -> None:
    """Write a file and print its name, or write to stdout.

    Raises:
        SettingError: the file can't be written.
    """
    if file == STDOUT:
        sys.stdout.buffer.write(content)
        return
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise SettingError(f"{file} can't be written: {error.strerror}.") from None
    typer.echo(file)


def status(words: str) -> Any:
    """Show what is being done on stderr, if it is a terminal."""
    return Console(stderr=True).status(words)
