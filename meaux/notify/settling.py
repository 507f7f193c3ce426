"""Settling: what each destination has to be told, from what is found and what it was told before.

A finding is opened, told again once a day while it lasts, told when it gets worse, and told when it
ends. A finding that can't be checked today hasn't ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from meaux.data.notifying import SEVERITIES, Notify
from meaux.data.state import Alerts, Delivery, Health, Held, Pause
from meaux.notify import when
from meaux.notify.destinations import unwanted
from meaux.notify.directory import NOBODY, Directory
from meaux.subjects.alerts.rules import Finding
from meaux.wording import time_of

CALM = 6 * 3600
"""Seconds that an alert waits if it comes back after its end, so that one at its limit isn't told
in each run; a critical one doesn't wait."""
LONGEST_UNSEEN = 30 * 86_400
"""Seconds after which a finding that can't be checked any more is closed, without a message."""


@dataclass(frozen=True)
class Known:
    """A destination of this run: its entry, and how it has fared."""

    entry: Notify
    health: Health


@dataclass(frozen=True)
class Seen:
    """What was found now, and what could not be checked.

    `unchecked` returns whether the finding with a key can't have been found.
    """

    findings: Sequence[Finding]
    unchecked: Callable[[str], bool] = lambda _key: False
    directory: Directory = NOBODY


@dataclass(frozen=True)
class Unwanted:
    """A finding that a destination isn't told of, and why."""

    destination: str
    finding: Finding
    reason: str


def settle(
    alerts: Alerts, seen: Seen, destinations: Sequence[Known], now: int, zone: str
) -> list[Unwanted]:
    """Write what is open, what has ended, and what is due; return what is due to nobody."""
    recover(alerts)
    found, ended = _findings(alerts, seen, now)
    pauses = _pauses(alerts, ended, now)
    told: dict[tuple[int, str], Delivery] = {
        (one.finding, one.destination): one for one in alerts.deliveries()
    }
    for one in ended:
        told |= {(d.finding, d.destination): d for d in alerts.deliveries_of(one.id)}
    put: list[Delivery] = []
    drop: list[Delivery] = []
    left_out = []
    for known in destinations:
        to = _To(known, now, zone)
        for held, finding in [*found, *((one, None) for one in ended)]:
            before = told.get((held.id, known.health.id))
            pause = pauses.get(held.key)
            reason = unwanted(known.entry, finding, seen.directory) if finding else ""
            why = reason or (_said(pause, zone) if pause and pause.kind == "snoozed" else "")
            if finding and why:
                left_out.append(Unwanted(known.entry.name, finding, why))
            after = to.next(held, before, is_wanted=not why, pause=pause)
            if after is None and before is not None:
                drop.append(before)
            elif after is not None and after != before:
                put.append(after)
    alerts.put(put)
    alerts.drop(drop)
    for known in destinations:
        alerts.put_destination(replace(known.health, name=known.entry.name, looked_at=now))
    alerts.forget(now)
    return left_out


def recover(alerts: Alerts) -> None:
    """Mark messages as due that a run was sending when it ended: they may have been sent."""
    lost = [one for one in alerts.deliveries() if one.state == "sending"]
    alerts.put(replace(one, state="to send", maybe=True) for one in lost)


def _findings(
    alerts: Alerts, seen: Seen, now: int
) -> tuple[list[tuple[Held, Finding]], list[Held]]:
    """Write the findings; return those that are open, and those that have just ended."""
    before = {one.key: one for one in alerts.open_findings()}
    ended_before = {one.key: one for one in alerts.ended_since(now - CALM)}
    found = []
    for finding in _worst(seen.findings):
        held = _held(finding, before.get(finding.key) or ended_before.get(finding.key), now)
        if held.id:
            alerts.change(held)
        else:
            held = replace(held, id=alerts.add(held))
        found.append((held, finding))
    open_ = {finding.key for _, finding in found}
    ended = []
    for key, held in before.items():
        is_lost = held.seen < now - LONGEST_UNSEEN
        if key not in open_ and (is_lost or not seen.unchecked(key)):
            closed = replace(held, closed=now, lasting=held.lasting and not is_lost)
            alerts.change(closed)
            ended.append(closed)
    return found, ended


def _worst(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding per key: the most severe."""
    worst: dict[str, Finding] = {}
    for one in findings:
        other = worst.get(one.key)
        if other is None or is_worse(one.severity, other.severity):
            worst[one.key] = one
    return list(worst.values())


def _held(finding: Finding, before: Held | None, now: int) -> Held:
    return Held(
        before.id if before else 0,
        finding.key,
        finding.rule,
        finding.severity,
        finding.sentence,
        finding.advice,
        finding.page,
        finding.lasting,
        before.opened if before else now,
        now,
    )


def _pauses(alerts: Alerts, ended: Iterable[Held], now: int) -> Mapping[str, Pause]:
    """Return the pauses in force; one ends with its finding."""
    alerts.resume(one.key for one in ended)
    found = alerts.pauses().values()
    return {one.key: one for one in found if one.until is None or one.until > now}


def _said(pause: Pause, zone: str) -> str:
    until = f" until {time_of(when.local(pause.until, zone))}" if pause.until else ""
    return f"{pause.who} snoozed it{until}"


def is_worse(severity: str, than: str) -> bool:
    """Return whether a severity is above another one; any is above an unknown one."""
    order: dict[str, int] = defaultdict(lambda: len(SEVERITIES))
    order |= {name: place for place, name in enumerate(SEVERITIES)}
    return order[severity] < order[than]


@dataclass(frozen=True)
class _To:
    """A destination, to which deliveries are decided."""

    known: Known
    now: int
    zone: str

    def next(
        self, held: Held, before: Delivery | None, *, is_wanted: bool, pause: Pause | None
    ) -> Delivery | None:
        """Return what the destination has to be told of a finding; None for nothing at all."""
        if held.closed is not None:
            return self._end(held, before)
        if before is None:
            due = self._due(held)
            new = Delivery(held.id, self.known.health.id, "to send", "opened", due)
            return new if is_wanted else None
        if not is_wanted:
            was_told = before.first_sent is not None or before.maybe
            return replace(before, state="sent") if was_told else None
        return self._again(held, before, pause)

    def _again(self, held: Held, before: Delivery, pause: Pause | None) -> Delivery:
        if before.sent is not None and not before.told:
            return self._back(held, before)
        got_worse = before.first_sent is not None and is_worse(held.severity, before.told)
        if before.waits:
            kind = "worse" if got_worse else before.kind
            return replace(before, kind=kind, due=min(before.due, self._due(held)))
        if got_worse:
            return replace(before, state="to send", kind="worse", due=self._due(held))
        if held.lasting and pause is None and self._repeats(before):
            return replace(before, state="to send", kind="repeated", due=self._due(held))
        return before

    def _back(self, held: Held, before: Delivery) -> Delivery:
        """Return the message about a finding that came back after its end was told."""
        calm = before.due if before.waits else (before.sent or 0) + CALM
        due = self._due(held) if held.severity == "Critical" else max(self._due(held), calm)
        return replace(before, state="to send", kind="opened", due=due)

    def _end(self, held: Held, before: Delivery | None) -> Delivery | None:
        if before is None or (before.first_sent is None and not before.maybe):
            return None
        if before.kind == "resolved":
            return before
        if before.sent is not None and not before.told and not before.maybe:
            return replace(before, state="sent", kind="resolved")
        if not (self.known.entry.resolved and held.lasting):
            return replace(before, state="sent")
        return replace(before, state="to send", kind="resolved", due=self._due(held), maybe=False)

    def _due(self, held: Held) -> int:
        return when.due(
            self.known.entry,
            self.now,
            self.zone,
            before=self.known.health.looked_at,
            is_critical=held.severity == "Critical" and held.closed is None,
        )

    def _repeats(self, before: Delivery) -> bool:
        if before.first_sent is None or before.sent is None:
            return False
        from_ = when.repeats_from(self.known.entry, before.first_sent, before.sent, self.zone)
        return from_ is not None and self.now >= from_
