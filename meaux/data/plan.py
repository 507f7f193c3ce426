"""Plan: the user's budgets, thresholds, capacity, allowances, alerts, access rules and API.

They are set in `.streamlit/meaux.toml`; `.streamlit/meaux.example.toml` shows all of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from meaux.data import access, alerting, budgeting, faults, notifying, reporting, serving, toml
from meaux.data.alerting import OwnRule
from meaux.data.budgeting import Budget
from meaux.data.collecting import Collect
from meaux.data.declared import keys
from meaux.data.faults import NOTHING, Fault
from meaux.data.notifying import Notify
from meaux.data.readers import near, unknown
from meaux.data.scheduling import Schedule
from meaux.data.schema.secrets import Secrecy
from meaux.data.settings import PROJECT
from meaux.data.thresholds import RISING, Allowances, Capacity, Thresholds
from meaux.wording import sentences

PLAN_FILE = PROJECT / ".streamlit" / "meaux.toml"


@dataclass(frozen=True)
class Plan:
    """The user's plan with defaults for everything else, and the invalid entries."""

    budgets: tuple[Budget, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    capacity: Capacity = field(default_factory=Capacity)
    allowances: Allowances = field(default_factory=Allowances)
    faults: tuple[Fault, ...] = ()
    rules: access.Rules = field(default_factory=lambda: access.Rules(closed=access.MISSING))
    serving: serving.Serving = field(default_factory=serving.Serving)
    collect: Collect = field(default_factory=Collect)
    schedule: Schedule = field(default_factory=Schedule)
    notify: tuple[Notify, ...] = ()
    alerts: tuple[OwnRule, ...] = ()
    reports: tuple[reporting.Sent, ...] = ()

    def only(self, known: Collection[str]) -> Plan:
        """Return the part of the plan about these projects and teams, by their ids and names.

        It leaves out the company's budgets, allowances, destinations, rules and invalid entries,
        which may name anything.
        """
        names = {name.casefold() for name in known}
        of_parts = (one for one in self.budgets if one.scope in ("project", "team"))
        budgets = tuple(one for one in of_parts if one.of.casefold() in names)
        closed = replace(self, allowances=Allowances(), faults=(), notify=(), alerts=(), reports=())
        return replace(closed, budgets=budgets)

    @property
    def secrecy(self) -> Secrecy:
        """What is masked and hidden of raw rows."""
        return Secrecy.of(self.rules.common.unmask, self.rules.common.hide)

    def said(self, *parts: str) -> str:
        """Return a sentence for each fault in these parts: `budgets`, `thresholds.at_risk`."""
        return sentences(*(fault.sentence for fault in faults.of(self.faults, *parts)))


TABLES = {
    budgeting.TABLE: budgeting.KEYS,
    "thresholds": keys(Thresholds),
    "capacity": keys(Capacity),
    "allowances": keys(Allowances),
    "collect": keys(Collect),
    "schedule": keys(Schedule),
    serving.TABLE: serving.KEYS,
    reporting.TABLE: reporting.KEYS,
}
"""All keys of the file, by table and name; those of `LISTS` and of access are apart."""

LISTS = {alerting.TABLE: alerting.KEYS, notifying.TABLE: notifying.KEYS}
"""The keys of the lists that have readers of their own."""

ENTRIES = (budgeting.TABLE, reporting.TABLE)
"""The tables with several entries: `[[budgets]]`."""

NO_FILE = "Until corrected, its budgets are ignored and the defaults apply."
NO_TABLE = "must be a table with keys"


def read_plan_file(path: Path = PLAN_FILE) -> Plan:
    """Read the plan from a file; without a readable file, return the default plan."""
    if not path.exists():
        return Plan()
    try:
        return read_plan(toml.in_file(path), path.name)
    except tomllib.TOMLDecodeError as error:
        faulty = (Fault(path.name, "", str(error), NO_FILE),)
        return Plan(faults=faulty, rules=access.Rules(closed=access.MISTAKEN))


def read_plan(mapping: Mapping[str, Any], file: str = PLAN_FILE.name) -> Plan:
    """Read the plan from a parsed file; missing entries have their defaults.

    An invalid entry is named in `Plan.faults` and affects no other entry.
    """
    return _Reading(mapping, file).plan()


@dataclass(frozen=True)
class _Reading:
    """A file being read: its content, its name, and its faults so far."""

    given: Mapping[str, Any]
    file: str
    faults: list[Fault] = field(default_factory=list)

    def plan(self) -> Plan:
        for name in self.given:
            if name not in (known := (*TABLES, *LISTS, access.TABLE)):
                self._pass_over(name, known)
        rules, mistakes = access.read_rules(self.given, self.file)
        notify, unusable = notifying.read_notify(self.given, self.file)
        alerts, unclear = alerting.read_alerts(self.given, self.file)
        budgets, unreadable = budgeting.read_budgets(self.given, self.file)
        thresholds = self._rising(self._table("thresholds"))
        collect = Collect(**self._table("collect"))
        schedule = Schedule(**self._table("schedule"))
        served = serving.Serving(**self._table(serving.TABLE))
        reports, unsent = reporting.read_reports(self.given, self.file)
        return Plan(
            budgets,
            Thresholds(**thresholds),
            Capacity(**self._table("capacity")),
            Allowances(**self._table("allowances")),
            (*self.faults, *unreadable, *mistakes, *unclear, *unusable, *unsent),
            rules,
            served,
            collect,
            schedule,
            notify,
            alerts,
            reports,
        )

    def _table(self, table: str) -> dict[str, Any]:
        """Return the valid keys of a table, each read."""
        given, known = self.given.get(table, {}), TABLES[table]
        if not isinstance(given, Mapping):
            self._fault(f"[{table}]", NO_TABLE, "Its defaults apply until corrected.", table)
            return {}
        read: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                self._pass_over(name, known, f"[{table}]", f"{table}.")
                continue
            try:
                read[name] = known[name].read(value)
            except ValueError as error:
                self._default(table, name, str(error))
        return read

    def _rising(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the thresholds without those that are out of order.

        If two are in the wrong order, both entries are dropped, because either may be the mistake.
        The defaults are in order, so the loop ends.
        """
        while True:
            limits = Thresholds(**given)
            wrong = [
                name
                for below, above in pairwise(RISING)
                if getattr(limits, below) > getattr(limits, above)
                for name in (below, above)
                if name in given
            ]
            if not wrong:
                return given
            shown = ", ".join(f"{name} is {getattr(limits, name):g}" for name in RISING)
            for name in dict.fromkeys(wrong):
                reason = f"must be watch ≤ at_risk ≤ over, but {shown}"
                self._default("thresholds", name, reason)
            given = {name: value for name, value in given.items() if name not in wrong}

    def _pass_over(
        self, name: str, known: Iterable[str], place: str = "", within: str = ""
    ) -> None:
        """Report an unknown key, and what it may affect."""
        meant = near(name, known)
        touches = f"{within}{meant}" if meant else NOTHING
        self._fault(place, unknown(name, known), "It is ignored.", touches)

    def _default(self, table: str, name: str, reason: str) -> None:
        """Report a key whose default is used."""
        match TABLES[table][name].default:
            case None | ():
                effect = "It stays unset until corrected."
            case bool() as flag:
                effect = f"The default ({str(flag).lower()}) applies until corrected."
            case tuple() as words:
                effect = f"The default ({', '.join(words)}) applies until corrected."
            case number:
                effect = f"The default ({number:g}) applies until corrected."
        self._fault(f"[{table}], {name}", reason, effect, f"{table}.{name}")

    def _fault(self, place: str, reason: str, effect: str, touches: str) -> None:
        self.faults.append(Fault(self.file, place, reason, effect, touches))
