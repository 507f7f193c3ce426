"""Options: the settings, and command line options read by the same rules."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from meaux.data import settings, source
from meaux.data.database import Database
from meaux.data.settings import SETTINGS, Settings
from meaux.errors import SettingError

Zone = Annotated[
    str, typer.Option(help="Time zone for day boundaries.", show_default="MEAUX_TIMEZONE")
]


def _named(noun: str) -> Any:
    return typer.Option(
        metavar="NAME", help=f"Only rows of this {noun}, by name or ID; may be given several times."
    )


Teams = Annotated[list[str], _named("team")]
Projects = Annotated[list[str], _named("project")]
People = Annotated[list[str], _named("person")]


def current() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingError: a value can't be read.
    """
    return settings.read(os.environ, settings.read_secrets())


def option(name: str, setting: str, value: str) -> Any:
    """Read an option's value like the setting with the same meaning.

    Raises:
        SettingError: the value can't be read.
    """
    try:
        return SETTINGS[setting].read(value)
    except ValueError as error:
        raise SettingError(f"Invalid {name}: {error}.") from None


def connected(given: Settings) -> Database:
    """Open the database of the settings, with a progress bar while the demo is built.

    Raises:
        MeauxError: a setting or the database is at fault.
    """
    with bar() as show:
        return source.connect(given, show)


@contextmanager
def bar() -> Iterator[source.Progress]:
    """Show a progress bar on stderr, if it is a terminal."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=1.0, visible=False)

        def show(label: str, fraction: float) -> None:
            progress.update(task, description=label, completed=fraction, visible=True)

        yield show
