"""Deliver: tell every destination what it is due, so that no kill and no failure loses a message.

What is due is written first. A message is marked before it is sent and again when it has arrived,
so a run that ends in between leaves the mark, and the next run sends it again and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from meaux.data.notifying import Notify
from meaux.data.settings import Secret
from meaux.data.state import Alerts, Delivery, Health, Held, StateFile
from meaux.data.state.due import pause_after
from meaux.notify import when
from meaux.notify.destinations import Destination
from meaux.notify.messages import Message, Sent, message
from meaux.notify.settling import Known, Seen, Unwanted, recover, settle

Send = Callable[[Secret, Message], Sent]


@dataclass(frozen=True)
class Outcome:
    """What a destination was told, what waits until when, and how it fares."""

    name: str
    told: tuple[tuple[Delivery, Held], ...]
    waits: tuple[tuple[Delivery, Held], ...]
    health: Health

    @property
    def failed(self) -> bool:
        """Whether its last message didn't arrive."""
        return self.health.failing_since is not None


@dataclass(frozen=True)
class Delivered:
    """What came of a run: each destination, and the findings that nobody is told of."""

    outcomes: tuple[Outcome, ...]
    unwanted: tuple[Unwanted, ...] = ()


def by_apprise(address: Secret, told: Message) -> Sent:
    """Send a message through Apprise, which is loaded only now."""
    from meaux.notify import sending  # noqa: PLC0415  Apprise is loaded only if needed

    return sending.send(address, told)


@dataclass(frozen=True)
class Round:
    """One run: whom it may tell, when it is in which zone, and how messages are sent.

    `now` is in epoch seconds; `url` is the dashboard's address, or empty.
    """

    destinations: Sequence[Destination]
    now: int
    zone: str
    url: str = ""
    send: Send = by_apprise


def deliver(state: StateFile, run: Round, seen: Seen | None) -> Delivered:
    """Write what was found, and send each destination what is due.

    Without `seen`, nothing could be checked; what earlier runs found is sent.
    """
    alerts = Alerts(state.connection)
    found = _known(alerts, run.destinations)
    left_out: list[Unwanted] = []
    with state.step():
        if seen is None:
            recover(alerts)
        else:
            left_out = settle(alerts, seen, [known for known, _ in found], run.now, run.zone)
    return Delivered(tuple(_sent(state, found, run)), tuple(left_out))


def _known(alerts: Alerts, destinations: Iterable[Destination]) -> list[tuple[Known, Secret]]:
    fared = {one.id: one for one in alerts.destinations()}
    found = []
    for one in destinations:
        id_ = alerts.hash_of(Secret(f"{one.entry.name}\n{one.address.reveal()}"))
        health = replace(fared.get(id_, Health(id_, one.entry.name)), name=one.entry.name)
        found.append((Known(one.entry, health), one.address))
    return found


def _sent(
    state: StateFile, destinations: Iterable[tuple[Known, Secret]], run: Round
) -> Iterator[Outcome]:
    alerts = Alerts(state.connection)
    waiting = [one for one in alerts.deliveries() if one.waits]
    held = alerts.findings(one.finding for one in waiting)
    fares = {one.id: one for one in alerts.destinations()}
    for known, address in destinations:
        name, health = known.entry.name, fares.get(known.health.id, known.health)
        mine = [(one, held[one.finding]) for one in waiting if one.destination == health.id]
        due = [one for one in mine if _is_due(known.entry, *one, run)]
        if not due or (health.next_try or 0) > run.now:
            yield Outcome(name, (), tuple(mine), health)
            continue
        with state.step():
            alerts.put(replace(one, state="sending") for one, _ in due)
        result = run.send(address, message(due, run.url))
        health, after = _after(due, result, health, run.now)
        with state.step():
            alerts.put(after)
            alerts.put_destination(health)
        if result.error:
            yield Outcome(name, (), tuple(mine), health)
        else:
            sent = {one.finding for one, _ in due}
            later = tuple(one for one in mine if one[0].finding not in sent)
            yield Outcome(name, tuple(due), later, health)


def _is_due(entry: Notify, delivery: Delivery, held: Held, run: Round) -> bool:
    """Return whether a message may be sent now; one that failed also waits for quiet hours."""
    passes = entry.critical_at_once and held.severity == "Critical" and held.closed is None
    is_quiet = when.after_quiet(entry, run.now, run.zone) > run.now
    return delivery.due <= run.now and (passes or not is_quiet)


def _after(
    due: Sequence[tuple[Delivery, Held]], result: Sent, health: Health, now: int
) -> tuple[Health, list[Delivery]]:
    """Return how a destination fares after a message, and its deliveries."""
    if not result.error:
        told = [
            replace(
                one,
                state="sent",
                maybe=False,
                first_sent=one.first_sent or now,
                sent=now,
                told="" if one.kind == "resolved" else held.severity,
            )
            for one, held in due
        ]
        well = replace(health, tries=0, failing_since=None, next_try=None, error="", sent=now)
        return well, told
    tries = health.tries + 1
    failing = replace(
        health,
        tries=tries,
        failing_since=health.failing_since or now,
        next_try=now + pause_after(tries),
        error=result.error,
    )
    return failing, [
        replace(one, state="failed", maybe=one.maybe or result.maybe) for one, _ in due
    ]
