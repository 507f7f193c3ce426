"""Runs of a delivery without a server: what is found, what is sent, and a clock of its own."""

from datetime import datetime
from zoneinfo import ZoneInfo

from meaux.data import state
from meaux.data.notifying import Notify
from meaux.data.settings import Secret
from meaux.notify import Destination, Round, deliver
from meaux.notify.messages import Sent
from meaux.notify.settling import Seen
from meaux.subjects.alerts.rules import Finding

PARIS = "Europe/Paris"


def at(words, zone=PARIS):
    """A local time, such as `2026-11-22 08:00`, in epoch seconds."""
    return int(datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone)).timestamp())


def found(key="error rate", severity="Warning", **more):
    return Finding(key, severity, f"{key} is high.", key=key, **more)


class Desk:
    """Deliveries to some destinations; what is sent is kept as (name, kind, severity, key)."""

    def __init__(self, path, zone=PARIS):
        self.path, self.zone = path, zone
        self.entries = [Notify("Ops", "ops")]
        self.sent, self.messages, self.says = [], [], {}

    def only(self, **keys):
        """Have one destination with these keys."""
        self.entries = [Notify("Ops", "ops", **keys)]

    def run(self, when, *findings, unchecked=lambda _key: False, **more):
        """Run once at a local time, and return what was sent in this run."""
        before = len(self.sent)
        seen = Seen(list(findings), unchecked, **more)
        self.last = self._deliver(at(when, self.zone) if isinstance(when, str) else when, seen)
        return self.sent[before:]

    def _deliver(self, now, seen):
        names = {}
        chosen = []
        for entry in self.entries:
            address = Secret(f"json://{entry.name}")
            names[address] = entry.name
            chosen.append(Destination(entry, address))

        def send(address, message):
            name = names[address]
            if error := self.says.get(name):
                return Sent(error, maybe="maybe" in error)
            self.messages.append(message)
            self.sent += [(name, d.kind, h.severity, h.key) for d, h in message.told]
            return Sent()

        with state.writing(self.path) as file:
            return deliver(file, Round(chosen, now, self.zone, send=send), seen)
