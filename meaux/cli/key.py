"""`key`: make, list and revoke keys of the API."""

from typing import Annotated

import typer

from meaux.cli import options
from meaux.data import keys
from meaux.data.access import ROLES
from meaux.data.readers import one_of
from meaux.errors import SettingError

key = typer.Typer(help="Make, list and revoke keys of the API (docs/api.md).", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the key.", show_default=False)]


@key.command()
def new(
    name: Name,
    *,
    role: Annotated[str, typer.Option(help=f"What it may read: {', '.join(ROLES)}.")] = "viewer",
    team: Annotated[
        list[str],
        typer.Option(
            "--team",
            "--teams",
            metavar="TEAM",
            help="Name or ID of a team; it may be given several times. Without it, all teams.",
        ),
    ] = [],  # noqa: B006  Typer reads it and never changes it
) -> None:
    """Make a key and print it once; only its hash is stored."""
    try:
        read = one_of(ROLES)(role)
    except ValueError as error:
        raise SettingError(f"Invalid --role: {error}.") from None
    typer.echo(keys.new(keys.path_of(options.current()), name, read, team))


@key.command("list")
def list_() -> None:
    """List the keys: name, role, teams, time of creation. The keys themselves aren't stored."""
    held = keys.read(keys.path_of(options.current()))
    if not held:
        typer.echo("No keys.", err=True)
    width = max((len(one.name) for one in held), default=0)
    for one in held:
        teams = "all teams" if one.teams is None else ", ".join(one.teams)
        typer.echo(f"{one.name:<{width}}  {one.role:<8}{one.created}  {teams}")


@key.command()
def revoke(name: Name) -> None:
    """Revoke a key; from the next request on, it is refused."""
    keys.revoke(keys.path_of(options.current()), name)
    typer.echo(f"Revoked: {name}.")
