"""Deliver: `alerts --deliver` and `--dry-run`, after the rules have found what there is."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import typer

from meaux.data import settings, state
from meaux.data.faults import Fault
from meaux.data.notifying import TABLE
from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.errors import SettingError
from meaux.notify import Delivered, Destination, Outcome, Round, deliver, destinations
from meaux.notify.messages import Message, Sent, harmless
from meaux.notify.settling import Seen
from meaux.notify.when import local
from meaux.wording import counted, enumerated, time_of

FAILED = 1
NOBODY = "Nobody is told: there is no [[notify]] in .streamlit/meaux.toml. See docs/alerts.md."
WORDS = {"opened": "new", "worse": "worse", "repeated": "still open", "resolved": "resolved"}
REASONS_SHOWN = 20


@dataclass(frozen=True)
class Telling:
    """One run of `--deliver`: the settings, the destinations, and whether it only tries."""

    settings: Settings
    destinations: Sequence[Destination]
    is_trial: bool

    @classmethod
    def of(cls, given: Settings, plan: Plan, *, is_trial: bool) -> tuple[Telling, list[Fault]]:
        """Return what is told, and the faults of the destinations.

        Raises:
            SettingError: nobody is to be told.
        """
        if not plan.notify and not plan.said(TABLE):
            raise SettingError(NOBODY)
        secrets = settings.read_section(TABLE) if plan.notify else {}
        found, faults = destinations(
            plan.notify, os.environ, secrets, [rule.name for rule in plan.alerts]
        )
        return cls(given, found, is_trial), faults

    def tell(self, seen: Seen | None) -> int:
        """Tell the destinations of what was found; return the exit code.

        Without `seen`, nothing could be checked; what earlier runs found is told.
        """
        given, now = self.settings, int(datetime.now(UTC).timestamp())
        run = Round(self.destinations, now, given.timezone, given.url)
        path = state.path_of(given)
        if self.is_trial:
            with state.reading(path) as file, state.trying(file) as copy:
                done = deliver(copy, replace(run, send=_pretended), seen)
        else:
            with state.writing(path) as file:
                done = deliver(file, run, seen)
        for outcome in done.outcomes:
            self._say(outcome)
        if self.is_trial:
            _say_why_not(done)
        return FAILED if any(outcome.failed for outcome in done.outcomes) else 0

    def _say(self, outcome: Outcome) -> None:
        zone = self.settings.timezone
        for line in _told(outcome, zone, is_trial=self.is_trial):
            typer.echo(line)
        if failure := outcome.health.failure(zone):
            typer.echo(failure, err=True)


def _told(outcome: Outcome, zone: str, *, is_trial: bool) -> Iterator[str]:
    name = outcome.name
    if outcome.told:
        kinds = Counter(WORDS[delivery.kind] for delivery, _ in outcome.told)
        parts = enumerated([f"{kinds[word]} {word}" for word in WORDS.values() if kinds[word]])
        verb = "would get" if is_trial else "got"
        yield f"{name} {verb} {counted(len(outcome.told), 'alert')}: {parts}."
        for delivery, held in outcome.told if is_trial else ():
            yield f"  {WORDS[delivery.kind]}, {held.severity}: {harmless(held.sentence)}"
    if outcome.waits and not outcome.failed:
        first = min(delivery.due for delivery, _ in outcome.waits)
        wait = "waits" if len(outcome.waits) == 1 else "wait"
        yield f"{name}: {counted(len(outcome.waits), 'alert')} {wait} until {_clock(first, zone)}."
    if not outcome.told and not outcome.waits:
        yield f"{name}: nothing to send."


def _clock(at: int | None, zone: str) -> str:
    return time_of(local(at or 0, zone))


def _say_why_not(done: Delivered) -> None:
    for one in done.unwanted[:REASONS_SHOWN]:
        typer.echo(f"Not to {one.destination} ({one.reason}): {harmless(one.finding.sentence)}")
    more = len(done.unwanted) - REASONS_SHOWN
    if more > 0:
        typer.echo(f"And {counted(more, 'more alert')} that nobody gets.")


def _pretended(_address: Any, _message: Message) -> Sent:
    return Sent()
