"""The commands; an error is printed as one sentence, without a traceback."""

from typing import Any

import typer
from typer.core import TyperGroup

from meaux.cli.alerts import alerts
from meaux.cli.collect import collect
from meaux.cli.demo import demo
from meaux.cli.docs import docs
from meaux.cli.doctor import doctor
from meaux.cli.key import key
from meaux.cli.load import load
from meaux.cli.query import query
from meaux.cli.report import report
from meaux.cli.schedule import schedule
from meaux.cli.timesheet import timesheet
from meaux.errors import MeauxError

CANT = 2
"""The exit code of a command that failed."""


class Sentences(TyperGroup):
    """Commands that print their errors as sentences on stderr."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except MeauxError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(CANT) from None


app = typer.Typer(
    cls=Sentences,
    help="Meaux Analytics: the operations dashboard for a business that runs on Cloudflare D1.",
    epilog="Settings come from .streamlit/secrets.toml or environment variables; see "
    "docs/settings.md. Without settings, the demo opens.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(doctor)
app.command()(query)
app.add_typer(alerts, name="alerts")
app.command()(report)
app.command()(timesheet)
app.command()(schedule)
app.command()(collect)
app.add_typer(load, name="load")
app.add_typer(key, name="key")
app.command()(docs)
