"""`docs`: generate the reference pages, or list those that are out of date."""

from pathlib import Path
from typing import Annotated

import typer

from meaux.cli import reference
from meaux.data.settings import PROJECT

FOLDER = PROJECT / "docs"
OUTDATED = 1


def docs(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Output folder.", show_default="docs")
    ] = FOLDER,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a page is out of date.")
    ] = False,
) -> None:
    """Generate the reference pages from the code."""
    pages = reference.pages(context.find_root().command)
    old = {name: text for name, text in pages.items() if _current(folder / name) != text}
    if check:
        for name in old:
            typer.echo(f"{name} is out of date: run `make docs`.", err=True)
        raise typer.Exit(OUTDATED if old else 0)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in old.items():
        (folder / name).write_text(text, encoding="utf-8")
        typer.echo(f"Wrote {name}.")


def _current(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.is_file() else ""
