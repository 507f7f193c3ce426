"""Trying: `alerts try`, how often a rule of the user would have fired."""

from functools import partial
from typing import Annotated

import typer

from meaux.cli import options
from meaux.data import plan, source
from meaux.data.alerting import TABLE
from meaux.data.database import fetch_each
from meaux.data.readers import near
from meaux.errors import SettingError
from meaux.query.filters import Selection, month_to_date
from meaux.query.needs import Request
from meaux.subjects.alerts.history import tried
from meaux.wording import day_of

LISTED = 10


def try_(
    name: Annotated[str, typer.Argument(help="Name of a rule under [[alerts]] in meaux.toml.")],
) -> None:
    """Say how often a rule of your own would have fired in the past 90 days."""
    settings = options.current()
    declared = plan.read_plan_file()
    rules = {rule.name.casefold(): rule for rule in declared.alerts}
    if name.casefold() not in rules:
        meant = near(name, [rule.name for rule in declared.alerts])
        hint = f"did you mean {meant}?" if meant else declared.said(TABLE) or "check the name."
        raise SettingError(f"There is no valid rule {name} under [[{TABLE}]]; {hint}")
    opened = source.open_source(options.connected(settings))
    today = settings.day(settings.timezone)
    selection = Selection(month_to_date(today), today, settings.timezone)
    request = Request(selection, declared, opened.binding)
    found = tried(rules[name.casefold()], request, partial(fetch_each, opened.database))
    typer.echo(found.sentence)
    if found.raised:
        latest = ", ".join(day_of(day) for day in reversed(found.raised[-LISTED:]))
        typer.echo(f"It holds on {len(found.raised)} of these days, latest first: {latest}.")
    raise typer.Exit(2 if found.problem else 0)
