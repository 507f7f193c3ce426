"""Files: how commands write them, and what they say about it."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from meaux.errors import SettingError

STDOUT = "-"


def refuse_existing(files: Iterable[str], *, force: bool) -> None:
    """Refuse to overwrite files, unless forced.

    Raises:
        SettingError: a file exists.
    """
    for file in files:
        if file != STDOUT and not force and Path(file).exists():
            raise SettingError(f"{file} already exists; --force overwrites it.")


def refuse_both_to_stdout(**files: str) -> None:
    """Refuse to write two files to stdout; each is given by the name of its option.

    Raises:
        SettingError: both would be written there.
    """
    if list(files.values()) == [STDOUT, STDOUT]:
        names = " and ".join(f"--{name}" for name in files)
        raise SettingError(f"Only one of {names} can be written to stdout.")


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
