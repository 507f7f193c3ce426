"""Plan: the user's budgets, thresholds, capacity, allowances, alerts, access rules and API.

They are set in `.streamlit/meaux.toml`; `.streamlit/meaux.example.toml` shows all of them.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from meaux.data import access, alerting, categories, faults, notifying, reporting, serving, toml
from meaux.data.alerting import OwnRule
from meaux.data.collecting import Collect
from meaux.data.declared import key, keys
from meaux.data.faults import NOTHING, Fault
from meaux.data.notifying import Notify
from meaux.data.readers import WEEKDAYS, list_of, near, one_of, text, unknown
from meaux.data.scheduling import Schedule
from meaux.data.schema.secrets import Secrecy
from meaux.data.settings import PROJECT
from meaux.wording import money, percent, plural, sentences

PLAN_FILE = PROJECT / ".streamlit" / "meaux.toml"

Scope = Literal["total", "category", "project", "team", "model", "person"]
Span = Literal["week", "month", "quarter", "year"]

SCOPES: tuple[Scope, ...] = get_args(Scope)
SPANS: tuple[Span, ...] = get_args(Span)
SHARES = ("watch", "at_risk", "over", "error_rate")
"""The thresholds that are shares."""
DAY_HOURS = 24

Value = TypeVar("Value")

Rule = tuple[Callable[[float], bool], str]
"""A condition for a number, and the message if it isn't met."""


def _number(*rules: Rule) -> Callable[[Any], float]:
    """Return a reader of numbers that checks some rules."""

    def read(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not abs(value) <= sys.float_info.max:
            raise ValueError(
                f"{value!r} is not a number; write it without quotes, e.g. 2500 or 0.8"
            )
        for keeps, otherwise in rules:
            if not keeps(value):
                raise ValueError(f"{value} {otherwise}")
        return float(value)

    return read


_ABOVE_0: Rule = (lambda number: number > 0, "must be above 0")
_positive = _number(_ABOVE_0)
_not_negative = _number((lambda number: number >= 0, "must not be below 0"))
_ratio = _number((lambda number: 0 <= number <= 1, "must be between 0 and 1; 5% is 0.05"))
_hours = _number(_ABOVE_0, (lambda number: number <= DAY_HOURS, f"must be at most {DAY_HOURS}"))


def _date(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"{value} is not a date; write it without quotes, e.g. 2026-11-22")
    return value


def _weekdays(value: Any) -> tuple[str, ...]:
    chosen = list_of(one_of(WEEKDAYS), "weekdays")(value)
    return tuple(day for day in WEEKDAYS if day in chosen)


@dataclass(frozen=True)
class Budget:
    """A budget per week, month, quarter or year for a scope.

    `of` is the category, the AI model, or the name or id of the project, team or person; empty for
    the total.
    `source` is where it was set. `amount` is in dollars unless `currency` is set. It applies from
    `first_day` to `last_day`; None means no bound.
    """

    name: str
    scope: Scope
    of: str
    amount: float
    source: str
    span: Span = "month"
    first_day: date | None = None
    last_day: date | None = None
    currency: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether the budget applies on a day."""
        return (self.first_day or day) <= day <= (self.last_day or day)


@dataclass(frozen=True)
class Thresholds:
    """The values from which something is reported."""

    over: float = key(
        1.0, _positive, "Share of a budget or allowance from which it counts as over."
    )
    at_risk: float = key(
        0.8, _positive, "Share of a budget or allowance from which it counts as at risk."
    )
    watch: float = key(
        0.5,
        _positive,
        "Share of a budget from which its status is Watch, if it is over pace: the used share "
        "exceeds the elapsed share of its period.",
    )
    anomaly_floor_usd: float = key(
        50.0,
        _not_negative,
        "A day counts as unusual only if its cost differs from the usual cost by more than this, "
        "in USD.",
    )
    error_rate: float = key(0.05, _ratio, "Share of failed requests from which an alert is raised.")
    stale_days: float = key(
        7.0, _positive, "Number of days without a new entry after which a cost source is stale."
    )
    stale_project_days: float = key(
        30.0,
        _positive,
        "Number of days without activity after which an active or in-progress project is stale.",
    )

    @property
    def steps(self) -> tuple[float, ...]:
        """The shares at which a status begins, and the whole budget."""
        return (self.watch, self.at_risk, self.over, 1.0)

    @property
    def words(self) -> dict[str, str]:
        """Each threshold as text for a sentence: `80%`, `$50`, `7 days`."""
        shares = {name: percent(getattr(self, name), None) for name in SHARES}
        days = {name: getattr(self, name) for name in ("stale_days", "stale_project_days")}
        return {
            **shares,
            **{n: f"{days[n]:g} {'day' if days[n] == 1 else plural('day')}" for n in days},
            "anomaly_floor_usd": money(self.anomaly_floor_usd).removesuffix(".00"),
        }


@dataclass(frozen=True)
class Capacity:
    """Working time per person."""

    hours_per_day: float = key(8.0, _hours, "Working hours per person per day.")
    working_days: tuple[str, ...] = key(WEEKDAYS[:5], _weekdays, "Working days.")


@dataclass(frozen=True)
class Allowances:
    """Allowances of the Cloudflare and AI plans per month; None if not set."""

    as_of: date | None = key(None, _date, "Day on which you looked up the allowances.")
    workers_requests: float | None = key(
        None, _positive, "Workers requests that your Cloudflare plan includes per month."
    )
    r2_storage_gb: float | None = key(
        None, _positive, "R2 storage that your Cloudflare plan includes, in decimal GB."
    )
    ai_tokens: float | None = key(
        None, _positive, "AI tokens that your AI provider's plan includes per month."
    )
    ai_usd: float | None = key(
        None, _positive, "AI spend that your AI provider's plan includes per month, in USD."
    )


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
        """Return what concerns some projects and teams only, by their ids and names.

        That is no budget of the company, no allowance, nobody who is told, no rule of the
        user, and no invalid entry: it may name any.
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


@dataclass(frozen=True)
class WrittenBudget:
    """A budget as written in the file."""

    name: str = key("", text, "Name of the budget; must be unique.")
    monthly: float | None = key(None, _positive, "Amount per month, in USD.")
    amount: float | None = key(
        None, _positive, "Amount per `period`, in USD; use it instead of `monthly`."
    )
    period: Span | None = key(
        None,
        one_of(SPANS),
        "Period of the amount: week, month (the default), quarter or year.",
    )
    scope: Scope | None = key(
        None,
        one_of(SCOPES),
        "What the budget covers: total (the whole company), category, project, team, model (an AI "
        "model) or person.",
    )
    of: str = key(
        "",
        text,
        "Name of the category or model, or name or ID of the project, team or person; empty for "
        "total.",
    )
    first_day: date | None = key(None, _date, "First day the budget applies.")
    last_day: date | None = key(None, _date, "Last day the budget applies.")


TABLES = {
    "budgets": keys(WrittenBudget),
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

ENTRIES = ("budgets", reporting.TABLE)
"""The tables with several entries: `[[budgets]]`."""

RISING = ("watch", "at_risk", "over")
"""The thresholds that must be in ascending order."""

NO_FILE = "Until corrected, its budgets are ignored and the defaults apply."
LEFT_OUT = "This budget is ignored until corrected."
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
        thresholds = self._rising(self._table("thresholds"))
        collect = Collect(**self._table("collect"))
        schedule = Schedule(**self._table("schedule"))
        served = serving.Serving(**self._table(serving.TABLE))
        reports, unsent = reporting.read_reports(self.given, self.file)
        return Plan(
            self._budgets(),
            Thresholds(**thresholds),
            Capacity(**self._table("capacity")),
            Allowances(**self._table("allowances")),
            (*self.faults, *mistakes, *unclear, *unusable, *unsent),
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

    def _budgets(self) -> tuple[Budget, ...]:
        """Return the valid budgets; of two with the same name, the first."""
        given = self.given.get("budgets", [])
        if not isinstance(given, list):
            reason = "write each budget under its own [[budgets]] line"
            effect = "All budgets in this file are ignored until corrected."
            self._fault("[[budgets]]", reason, effect, "budgets")
            return ()
        budgets: dict[str, Budget] = {}
        for number, entry in enumerate(given, start=1):
            try:
                budget = _budget(_written(entry), self.file, budgets)
            except _UnusableError as error:
                at = f", {error.key}" if error.key else ""
                place = f"[[budgets]] number {number}{_named(entry)}{at}"
                self._fault(place, str(error), LEFT_OUT, "budgets")
            else:
                budgets[budget.name.casefold()] = budget
        return tuple(budgets.values())

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


def _named(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return f" (“{name}”)" if isinstance(name, str) else ""


class _UnusableError(Exception):
    """A budget is invalid; `key` is the invalid key, if it is a single one."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


def _written(entry: Any) -> WrittenBudget:
    """Read the keys of a budget; raise _UnusableError if one is invalid."""
    if not isinstance(entry, Mapping):
        raise _UnusableError(NO_TABLE)
    known = TABLES["budgets"]
    read: dict[str, Any] = {}
    for name, value in entry.items():
        if name not in known:
            raise _UnusableError(unknown(name, known))
        read[name] = _used(known[name].read, value, name)
    return WrittenBudget(**read)


def _used(read: Callable[[Any], Value], value: Any, key: str) -> Value:
    try:
        return read(value)
    except ValueError as error:
        raise _UnusableError(str(error), key) from None


def _budget(written: WrittenBudget, file: str, taken: Mapping[str, Budget]) -> Budget:
    """Return a budget with a new name; raise _UnusableError if it is invalid."""
    if not written.name:
        raise _UnusableError("name is missing")
    if not written.scope:
        raise _UnusableError("scope is missing")
    if written.name.casefold() in taken:
        raise _UnusableError("name already used by an earlier budget")
    of = _of(written.scope, written.of)
    span, amount = _amount(written)
    first, last = written.first_day, written.last_day
    if first and last and last < first:
        raise _UnusableError(f"last day {last} is before first day {first}")
    return Budget(written.name, written.scope, of, amount, file, span, first, last)


def _amount(written: WrittenBudget) -> tuple[Span, float]:
    """Return the period and amount of a budget; raise _UnusableError if they are invalid."""
    span = written.period or "month"
    if written.monthly and written.amount:
        raise _UnusableError("monthly and amount are both set; keep one")
    if written.monthly and span != "month":
        reason = f"use amount instead of monthly for the period {span}"
        raise _UnusableError(reason, "period")
    if not (amount := written.monthly or written.amount):
        raise _UnusableError("set monthly, or amount and period")
    return span, amount


def _of(scope: Scope, of: str) -> str:
    """Return what the budget covers, in the ledger's spelling, or raise _UnusableError."""
    if scope == "total" and of:
        raise _UnusableError("remove `of`: the scope total has none")
    if scope != "total" and not of:
        raise _UnusableError(f"of is missing; name the {scope}")
    return _used(one_of(categories.NAMES), of, "of") if scope == "category" else of
