"""Delivered: what the state file remembers of findings, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from meaux.data import state
from meaux.data.settings import Settings
from meaux.data.state import Delivery, Held, Pause

MOST_PAST = 500
"""The number of ended findings that are shown."""
LANES = ("Opened", "Told", "Ended")
FORMER = "a former destination"


@dataclass(frozen=True)
class Remembered:
    """The findings, the open first, with their deliveries and pauses, and the destinations."""

    open: tuple[Held, ...] = ()
    past: tuple[Held, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    pauses: tuple[Pause, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    known: bool = field(default=False)
    """Whether there is a state file."""


def remembered(settings: Settings) -> Remembered:
    """Read the state file.

    Raises:
        StateError: it can't be used.
    """
    with state.reading(state.path_of(settings)) as file:
        if file is None:
            return Remembered()
        alerts = state.Alerts(file.connection)
        held, past = alerts.open_findings(), alerts.past()[:MOST_PAST]
        deliveries = [d for one in [*held, *past] for d in alerts.deliveries_of(one.id)]
        names = tuple((one.id, one.name) for one in alerts.destinations())
        pauses = tuple(alerts.pauses().values())
        return Remembered(tuple(held), tuple(past), tuple(deliveries), pauses, names, known=True)


def table(found: Remembered, zone: str) -> pd.DataFrame:
    """Return the open and the ended findings: since, until, who was told and who paused it."""
    names, pauses = dict(found.names), {one.key: one for one in found.pauses}
    rows = [
        {
            "state": _state(one, pauses),
            "severity": one.severity,
            "alert": one.sentence,
            "rule": one.rule,
            "opened": _at(one.opened),
            "ended": _at(one.closed),
            "told": ", ".join(_told(one, found.deliveries, names)),
            "paused_by": pauses[one.key].who if _is_paused(one, pauses) else "",
            "paused_until": _at(pauses[one.key].until) if _is_paused(one, pauses) else pd.NaT,
        }
        for one in [*found.open, *found.past]
    ]
    frame = pd.DataFrame(rows)
    for name in ("opened", "ended", "paused_until"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(zone)
    return frame


def course(found: Remembered) -> pd.DataFrame:
    """Return what happened to the findings: at, lane (see `LANES`), title and severity."""
    every = {one.id: one for one in [*found.open, *found.past]}
    names = dict(found.names)
    events = [(one.opened, "Opened", one, one.sentence) for one in every.values()]
    events += [
        (d.sent, "Told", every[d.finding], f"{names.get(d.destination, FORMER)}: {one.sentence}")
        for d in found.deliveries
        if d.sent is not None and (one := every[d.finding])
    ]
    events += [
        (one.closed, "Ended", one, one.sentence) for one in every.values() if one.closed is not None
    ]
    rows = [
        {"at": _at(at), "lane": lane, "title": title, "severity": one.severity}
        for at, lane, one, title in events
    ]
    return pd.DataFrame(rows, columns=["at", "lane", "title", "severity"])


def _state(one: Held, pauses: dict[str, Pause]) -> str:
    if one.closed is not None:
        return "Ended"
    return pauses[one.key].kind.capitalize() if one.key in pauses else "Open"


def _is_paused(one: Held, pauses: dict[str, Pause]) -> bool:
    return one.closed is None and one.key in pauses


def _told(one: Held, deliveries: Iterable[Delivery], names: dict[str, str]) -> list[str]:
    mine = [d for d in deliveries if d.finding == one.id and d.sent is not None]
    return sorted({names.get(d.destination, FORMER) for d in mine})


def _at(seconds: int | None) -> pd.Timestamp | None:
    return None if seconds is None else pd.Timestamp(seconds, unit="s", tz="UTC")
