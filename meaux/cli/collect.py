"""`collect`: fill the database with Cloudflare's and OpenAI's numbers."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from meaux import collect as collecting
from meaux.cli import options
from meaux.collect import Outcome, Source, tokens
from meaux.collect.run import Run
from meaux.collect.service import Service
from meaux.collect.tokens import Tokens
from meaux.data import plan, settings, source
from meaux.data.schema import read_model
from meaux.data.settings import NO_SECRET
from meaux.errors import SettingError
from meaux.wording import counted, span_of

FAILED, NOTHING = 1, 2
TWO_TABLES = (
    "Note: the dashboard takes AI costs from one table, that of the AI Gateway if it has rows. To "
    "take them from OpenAI's costs, see docs/collect.md."
)


def collect(
    *,
    create: Annotated[
        bool, typer.Option("--create", help="Make missing tables and unique indexes.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the sources, and print what would be written.")
    ] = False,
) -> None:
    """Fill the database with Cloudflare's and OpenAI's numbers.

    It reads the sources of [collect] in .streamlit/meaux.toml with a token of its own, and writes
    into D1 or a SQLite file. It can be repeated or stopped at any time. See docs/collect.md.

    Exit codes: 0 all sources collected; 1 some failed; 2 nothing could be written. Each failing
    source is named on stderr, with the permission that it needs.
    """
    given = tokens.read(os.environ, settings.read_section(tokens.SECTION))
    target, account = _target(given, create=create)
    chosen = _chosen(given)
    model = read_model(source.SCHEMA_OVERRIDE)
    run = Run(target, model, datetime.now(UTC), create=create, dry=dry_run)
    with ExitStack() as open_services, options.bar() as show:
        services = {
            name: open_services.enter_context(closing(service))
            for name, service in _services(given).items()
        }
        outcomes = collecting.collect(run, chosen, services, account, show)
    for outcome in outcomes:
        _tell(outcome, dry=dry_run)
    if len(outcomes) > 1:
        typer.echo(f"total: {_counts(outcomes, dry=dry_run)}")
    if (create or dry_run) and {"openai", "ai_gateway"} <= {one.name for one in chosen}:
        typer.echo(TWO_TABLES, err=True)
    failed = [outcome for outcome in outcomes if outcome.problem]
    raise typer.Exit(0 if not failed else NOTHING if len(failed) == len(outcomes) else FAILED)


def _target(given: Tokens, *, create: bool) -> tuple[collecting.Target, str]:
    """Open the database to fill; return it and the account to read."""
    secrets = settings.read_secrets()
    is_reading = bool(os.environ.get("CLOUDFLARE_API_TOKEN") or secrets.get("api_token"))
    standing_in = {} if is_reading else {"CLOUDFLARE_API_TOKEN": given.cloudflare.reveal()}
    found = settings.read({**os.environ, **standing_in}, secrets)
    if given.cloudflare and not found.account_id:
        raise SettingError("To read Cloudflare, set CLOUDFLARE_ACCOUNT_ID.")
    own = found if is_reading else replace(found, api_token=NO_SECRET)
    return collecting.connect(own, given, create=create), found.account_id


def _chosen(given: Tokens) -> list[Source]:
    """Return the sources of `meaux.toml`; without them, all whose token is set.

    Raises:
        SettingError: an entry of [collect] is invalid, or no token is set.
    """
    declared = plan.read_plan_file()
    if said := declared.said("collect"):
        raise SettingError(said)
    have = _services(given)
    if declared.collect.sources:
        chosen = [collecting.SOURCES[name] for name in declared.collect.sources]
    else:
        chosen = [one for one in collecting.SOURCES.values() if one.service in have]
    if not {one.service for one in chosen} & have.keys():
        raise SettingError(
            "There is no token to collect with. Set MEAUX_COLLECT_TOKEN or OPENAI_ADMIN_KEY."
        )
    return chosen


def _services(given: Tokens) -> dict[str, Service]:
    """Return the services whose token is set."""
    services = {
        "cloudflare": Service("Cloudflare", given.cloudflare_url, given.cloudflare),
        "openai": Service("OpenAI", given.openai_url, given.openai),
    }
    return {name: one for name, one in services.items() if getattr(given, name)}


def _tell(outcome: Outcome, *, dry: bool) -> None:
    """Write the line of a source, and with `dry` the first rows that would be written."""
    days = [span_of(outcome.first, outcome.last)] if outcome.first and outcome.last else []
    typer.echo(f"{outcome.source}: {', '.join([_counts([outcome], dry=dry), *days])}")
    for table, rows in outcome.sample.items() if dry else ():
        for row in rows:
            typer.echo(f"  {table} {json.dumps(row, ensure_ascii=False)}")
    for said in (*outcome.notes, outcome.problem):
        if said:
            typer.echo(f"{outcome.source}: {said}", err=True)


def _counts(outcomes: Sequence[Outcome], *, dry: bool) -> str:
    read, written = (sum(getattr(one, name) for one in outcomes) for name in ("read", "written"))
    verb = "would be inserted or changed" if dry else "written"
    return f"{counted(read, 'row')} read, {counted(written, 'row')} {verb}"
