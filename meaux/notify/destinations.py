"""Destinations: the entries of `[[notify]]`, each with its address from the secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meaux.data.faults import Fault
from meaux.data.notifying import SEVERITIES, TABLE, UNTIL_THEN, Notify
from meaux.data.readers import near
from meaux.data.settings import Secret
from meaux.notify.directory import NOBODY, Directory
from meaux.subjects.alerts.entries import RECORDED, UNREAD
from meaux.subjects.alerts.rules import RULES, Finding

PREFIX = "MEAUX_NOTIFY_"


@dataclass(frozen=True)
class Destination:
    """Whom to tell: the entry, and the address as a secret."""

    entry: Notify
    address: Secret


def destinations(
    entries: Iterable[Notify],
    environ: Mapping[str, str],
    secrets: Mapping[str, Any],
    own: Iterable[str] = (),
) -> tuple[list[Destination], list[Fault]]:
    """Return the destinations whose address is known, and what is wrong with the others.

    `own` are the names of the user's rules.
    """
    found, faults = [], []
    known = [rule.name for rule in RULES] + [RECORDED, UNREAD, *own]
    for entry in entries:
        place = f"[[{TABLE}]] “{entry.name}”"
        address = address_of(entry.address, environ, secrets)
        wrong = list(_unknown(entry, known))
        if isinstance(address, str):
            faults.append(Fault("meaux.toml", place, address, UNTIL_THEN, TABLE))
        elif wrong:
            faults.append(Fault("meaux.toml", f"{place}, rules", wrong[0], UNTIL_THEN, TABLE))
        else:
            found.append(Destination(entry, address))
    return found, faults


def address_of(key: str, environ: Mapping[str, str], secrets: Mapping[str, Any]) -> Secret | str:
    """Return the address with a key, or a sentence on why there is none."""
    variable = f"{PREFIX}{key.upper()}"
    address = environ.get(variable, "").strip() or str(secrets.get(key, "")).strip()
    if not address:
        return f"there is no address; set {key} under [notify] in secrets.toml, or {variable}"
    if not usable(Secret(address)):
        return f"the address in {key} is not an Apprise URL"
    return Secret(address)


def _unknown(entry: Notify, known: list[str]) -> Iterator[str]:
    for rule in entry.rules:
        if rule.casefold() not in (one.casefold() for one in known):
            meant = near(rule, known)
            hint = f"; did you mean {meant}?" if meant else f"; use {', '.join(known)}"
            yield f"there is no rule {rule}{hint}"


def usable(address: Secret) -> bool:
    """Return whether an address is one that can be sent to."""
    from meaux.notify.sending import parsed  # noqa: PLC0415  Apprise is loaded only if needed

    return parsed(address) is not None


def unwanted(entry: Notify, finding: Finding, directory: Directory = NOBODY) -> str:
    """Say why a destination isn't told of a finding; empty if it is."""
    if SEVERITIES.index(finding.severity) > SEVERITIES.index(entry.severity):
        return f"{finding.severity} is below {entry.severity}"
    if entry.rules and finding.rule.casefold() not in {rule.casefold() for rule in entry.rules}:
        return f"the rule {finding.rule} is not among its rules"
    if entry.teams or entry.projects:
        teams = {word.casefold() for word in entry.teams}
        projects = {word.casefold() for word in entry.projects}
        if not (teams & directory.teams(finding) or projects & directory.projects(finding)):
            return "it is not about its teams or projects"
    return ""
