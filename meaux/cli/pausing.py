"""Pausing: `alerts list`, `alerts snooze`, `alerts ack` and `alerts resume`."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from meaux.cli import options
from meaux.data import state
from meaux.data.readers import near
from meaux.data.settings import Settings
from meaux.data.state import Alerts, Held, Pause
from meaux.errors import SettingError
from meaux.notify.messages import harmless
from meaux.notify.when import instant, local
from meaux.wording import day_of, time_of

Key = Annotated[str, typer.Argument(help="Key of a finding; `alerts list` lists them.")]
Who = Annotated[str, typer.Option(help="Who does it; without it, the user of this machine.")]


def list_() -> None:
    """List the open findings with their keys and pauses."""
    settings = options.current()
    with state.reading(state.path_of(settings)) as file:
        if file is None:
            typer.echo("Nothing was delivered yet.")
            return
        alerts = Alerts(file.connection)
        pauses = alerts.pauses()
        for held in alerts.open_findings():
            typer.echo(f"{held.key}")
            typer.echo(f"  {held.severity}: {harmless(held.sentence)}")
            since = time_of(local(held.opened, settings.timezone))
            typer.echo(f"  Open since {since}{_paused(pauses.get(held.key), settings.timezone)}.")


def _paused(pause: Pause | None, zone: str) -> str:
    if pause is None:
        return ""
    until = f" until {time_of(local(pause.until, zone))}" if pause.until else ""
    return f"; {pause.kind} by {pause.who}{until}"


def snooze(
    key: Key,
    until: Annotated[str, typer.Option(help="First day on which it is told again: 2026-12-01.")],
    who: Who = "",
) -> None:
    """Tell nobody of a finding until a day."""
    settings = options.current()
    day = _day(until)
    if day <= settings.day(settings.timezone):
        raise SettingError(f"Invalid --until: {day_of(day)} is not in the future.")
    at = instant(day, datetime.min.time(), settings.timezone)
    held = _pause(settings, key, "snoozed", who, at)
    typer.echo(f"Snoozed until {day_of(day)}: {harmless(held.sentence)}")


def ack(key: Key, who: Who = "") -> None:
    """Acknowledge a finding: it is told again only if it gets worse or ends."""
    held = _pause(options.current(), key, "acknowledged", who, None)
    typer.echo(f"Acknowledged: {harmless(held.sentence)}")


def resume(key: Key) -> None:
    """Undo a snooze or an acknowledgement."""
    with state.reading(state.path_of(options.current())) as file:
        alerts = Alerts(_known(file).connection)
        held = _found(alerts, key)
        with _known(file).step():
            alerts.resume([held.key])
    typer.echo(f"Resumed: {harmless(held.sentence)}")


def _pause(settings: Settings, key: str, kind: state.Kept, who: str, until: int | None) -> Held:
    now = int(datetime.now(UTC).timestamp())
    with state.reading(state.path_of(settings)) as file:
        alerts = Alerts(_known(file).connection)
        held = _found(alerts, key)
        with _known(file).step():
            alerts.pause(Pause(held.key, kind, who or getpass.getuser(), now, until))
    return held


def _known(file: state.StateFile | None) -> state.StateFile:
    if file is None:
        raise SettingError("There is no finding yet; run `python -m meaux alerts --deliver` first.")
    return file


def _found(alerts: Alerts, key: str) -> Held:
    held = {one.key: one for one in alerts.open_findings()}
    if key not in held:
        meant = near(key, held)
        hint = f"did you mean {meant}?" if meant else "`alerts list` lists the keys."
        raise SettingError(f"There is no open finding {key}; {hint}")
    return held[key]


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise SettingError(
            f"Invalid --until: {value!r} is not a date; write it as 2026-12-01."
        ) from None
