"""Plan: what the user declares of budgets, thresholds, capacity and allowances.

It stands in `.streamlit/meaux.toml`; `.streamlit/meaux.example.toml` shows all of it.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from meaux.data import categories, faults, toml
from meaux.data.faults import NOTHING, Fault
from meaux.data.settings import PROJECT
from meaux.wording import sentences

PLAN_FILE = PROJECT / ".streamlit" / "meaux.toml"

Scope = Literal["total", "category", "project", "team"]
Span = Literal["week", "month", "quarter", "year"]

SCOPES: tuple[Scope, ...] = ("total", "category", "project", "team")
SPANS: tuple[Span, ...] = ("week", "month", "quarter", "year")
SHARES = ("watch", "at_risk", "over", "error_rate")
"""The thresholds that are shares."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Budget:
    """What may be spent in each week, month, quarter or year on what its scope and `of` say.

    `of` is the category, or the name or id of the project or team; empty for the total.
    `source` says who set it. Its `amount` is in dollars unless `currency` names another. It holds
    from `first_day` to `last_day`; None where it has none.
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
        """Whether a day is none before its first, and none behind its last."""
        return (self.first_day or day) <= day <= (self.last_day or day)


@dataclass(frozen=True)
class Thresholds:
    """From where on something is worth a word; each is described in `PLAN_SETTINGS`."""

    over: float = 1.0
    at_risk: float = 0.8
    watch: float = 0.5
    anomaly_floor_usd: float = 50.0
    error_rate: float = 0.05
    stale_days: float = 7.0
    stale_project_days: float = 30.0

    @property
    def steps(self) -> tuple[float, ...]:
        """The shares at which a status begins, and all of a budget."""
        return (self.watch, self.at_risk, self.over, 1.0)

    @property
    def words(self) -> dict[str, str]:
        """Each as a sentence has it: `80 %`, `$50`, `7 days`."""
        shares = {name: f"{100 * getattr(self, name):g} %" for name in SHARES}
        days = {name: f"{getattr(self, name):g}" for name in ("stale_days", "stale_project_days")}
        return {
            **shares,
            **{name: f"{number} day{'s' * (number != '1')}" for name, number in days.items()},
            "anomaly_floor_usd": f"${self.anomaly_floor_usd:,.2f}".removesuffix(".00"),
        }


@dataclass(frozen=True)
class Capacity:
    """How long people work; each is described in `PLAN_SETTINGS`."""

    hours_per_day: float = 8.0
    working_days: tuple[str, ...] = WEEKDAYS[:5]


@dataclass(frozen=True)
class Allowances:
    """What the Cloudflare and AI plans include a month; None where nobody said."""

    as_of: date | None = None
    workers_requests: float | None = None
    r2_storage_gb: float | None = None
    ai_tokens: float | None = None
    ai_usd: float | None = None


@dataclass(frozen=True)
class Plan:
    """All that the user declared, or its default, and the entries that couldn't be used."""

    budgets: tuple[Budget, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    capacity: Capacity = field(default_factory=Capacity)
    allowances: Allowances = field(default_factory=Allowances)
    faults: tuple[Fault, ...] = ()

    def said(self, *parts: str) -> str:
        """A sentence for each fault in these parts: `budgets`, `thresholds.at_risk`."""
        return sentences(*(fault.sentence for fault in faults.of(self.faults, *parts)))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number; write it without quotes, as 2500 or 0.8")
    return float(value)


def _positive(value: Any) -> float:
    if not (number := _number(value)) > 0:
        raise ValueError(f"{value} is not more than 0")
    return number


def _not_negative(value: Any) -> float:
    if (number := _number(value)) < 0:
        raise ValueError(f"{value} is below 0")
    return number


def _ratio(value: Any) -> float:
    if not 0 <= (number := _number(value)) <= 1:
        raise ValueError(f"{value} is not between 0 and 1; 5 % is 0.05")
    return number


def _hours(value: Any) -> float:
    if (hours := _positive(value)) > 24:  # noqa: PLR2004  a day has no more
        raise ValueError(f"{value} is more than a day has")
    return hours


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no text; write it in quotes")
    return value.strip()


def _date(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"{value} is no date; write it without quotes, as 2026-11-22")
    return value


def _one_of(known: Iterable[str]) -> Callable[[Any], str]:
    """Reads one of the known words, in any case."""
    spelling = {word.lower(): word for word in known}

    def read(value: Any) -> str:
        if (word := _text(value).lower()) not in spelling:
            raise ValueError(f"{value!r} is not known{_nearest(str(value), spelling.values())}")
        return spelling[word]

    return read


def _weekdays(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{value!r} is no list of weekdays")
    chosen = [_one_of(WEEKDAYS)(day) for day in value]
    return tuple(day for day in WEEKDAYS if day in chosen)


def _near(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest to one; empty where none is near."""
    lowered = {w.lower(): w for w in known}
    near = difflib.get_close_matches(word.lower(), lowered, n=1)
    return lowered[near[0]] if near else ""


def _nearest(word: str, known: Iterable[str]) -> str:
    words = list(known)
    near = _near(word, words)
    return f"; did you mean {near}?" if near else f"; use {', '.join(words)}"


@dataclass(frozen=True)
class PlanSetting:
    """One thing to declare: its table and key, what it means, and how its value is read."""

    table: str
    name: str
    description: str
    read: Callable[[Any], Any]


PLAN_SETTINGS = (
    PlanSetting("budgets", "name", "What the budget is called; no two may share a name.", _text),
    PlanSetting("budgets", "monthly", "Dollars that may be spent in a month.", _positive),
    PlanSetting(
        "budgets",
        "amount",
        "In place of monthly: dollars that may be spent in a period.",
        _positive,
    ),
    PlanSetting("budgets", "period", "The period of the amount.", _one_of(SPANS)),
    PlanSetting("budgets", "scope", "What it covers: a total, or one part.", _one_of(SCOPES)),
    PlanSetting("budgets", "of", "Which category, project or team; none for the total.", _text),
    PlanSetting("budgets", "first_day", "The first day that it holds on.", _date),
    PlanSetting("budgets", "last_day", "The last day that it holds on.", _date),
    PlanSetting(
        "thresholds", "over", "Share of a budget, or of an allowance, that is too much.", _positive
    ),
    PlanSetting(
        "thresholds",
        "at_risk",
        "Share of a budget, or of an allowance, from which it is at risk.",
        _positive,
    ),
    PlanSetting(
        "thresholds",
        "watch",
        "Share of a budget from which it is to be watched, if it is ahead of its period.",
        _positive,
    ),
    PlanSetting(
        "thresholds",
        "anomaly_floor_usd",
        "Dollars by which a day must differ from a usual one to be worth a word.",
        _not_negative,
    ),
    PlanSetting("thresholds", "error_rate", "Share of failed requests that is too much.", _ratio),
    PlanSetting(
        "thresholds", "stale_days", "Days without a new row after which data is stale.", _positive
    ),
    PlanSetting(
        "thresholds",
        "stale_project_days",
        "Days without activity after which a project that is under way is stale.",
        _positive,
    ),
    PlanSetting("capacity", "hours_per_day", "Hours that a person works on a day.", _hours),
    PlanSetting("capacity", "working_days", "The weekdays on which people work.", _weekdays),
    PlanSetting("allowances", "as_of", "The day on which the allowances were looked up.", _date),
    PlanSetting(
        "allowances", "workers_requests", "Workers requests the plan has a month.", _positive
    ),
    PlanSetting("allowances", "r2_storage_gb", "Decimal GB of R2 storage the plan has.", _positive),
    PlanSetting("allowances", "ai_tokens", "AI tokens to be used a month.", _positive),
    PlanSetting("allowances", "ai_usd", "Dollars to be spent on AI a month.", _positive),
)
"""Every key of the file. The defaults stand in the class of each table."""

DEFAULTS = {"thresholds": Thresholds(), "capacity": Capacity(), "allowances": Allowances()}
RISING = ("watch", "at_risk", "over")
"""The thresholds of which each must not lie above the next."""

NO_FILE = "Until it is corrected no budget of it is set, and the defaults hold."
LEFT_OUT = "This budget is left out until it is corrected."
PASSED_OVER = "It is passed over."


def read_plan_file(path: Path = PLAN_FILE) -> Plan:
    """The plan in a file; the default one where there is no file, or none that can be read."""
    if not path.exists():
        return Plan()
    try:
        return read_plan(toml.parsed(path.read_text(encoding="utf-8")), path.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = f"it is not valid TOML: {error}"
    except OSError as error:
        reason = f"it can't be read: {error.strerror}"
    return Plan(faults=(Fault(path.name, "", reason, NO_FILE),))


def read_plan(mapping: Mapping[str, Any], file: str = PLAN_FILE.name) -> Plan:
    """The plan that a parsed file declares; what it leaves out has its default.

    An entry that can't be used is named in `Plan.faults`, and takes no other with it.
    """
    found: list[Fault] = []
    tables = list(dict.fromkeys(s.table for s in PLAN_SETTINGS))
    for key in mapping:
        if key not in tables:
            touches = _near(key, tables) or NOTHING
            found.append(Fault(file, "", _unknown(key, tables), PASSED_OVER, touches))
    thresholds = _rising(_table(mapping, "thresholds", file, found), file, found)
    return Plan(
        _budgets(mapping.get("budgets", []), file, found),
        Thresholds(**thresholds),
        Capacity(**_table(mapping, "capacity", file, found)),
        Allowances(**_table(mapping, "allowances", file, found)),
        tuple(found),
    )


def _table(mapping: Mapping[str, Any], table: str, file: str, found: list[Fault]) -> dict[str, Any]:
    """The keys of a table that can be used, each read; the others are added to the faults."""
    place, given = f"[{table}]", mapping.get(table, {})
    if not isinstance(given, Mapping):
        reason = "it must be a table with keys in it"
        found.append(Fault(file, place, reason, "Its defaults hold until it is corrected.", table))
        return {}
    settings = {s.name: s for s in PLAN_SETTINGS if s.table == table}
    read: dict[str, Any] = {}
    for name, value in given.items():
        if name not in settings:
            near = _near(name, settings)
            touches = f"{table}.{near}" if near else NOTHING
            found.append(Fault(file, place, _unknown(name, settings), PASSED_OVER, touches))
            continue
        try:
            read[name] = settings[name].read(value)
        except ValueError as error:
            found.append(_defaulted(table, name, file, str(error)))
    return read


def _defaulted(table: str, name: str, file: str, reason: str) -> Fault:
    """A key for which its default stands in."""
    default = getattr(DEFAULTS[table], name)
    match default:
        case None:
            effect = "None is declared until it is corrected."
        case tuple():
            effect = f"The default, {', '.join(default)}, holds until it is corrected."
        case _:
            effect = f"The default, {default:g}, holds until it is corrected."
    return Fault(file, f"[{table}], {name}", reason, effect, f"{table}.{name}")


def _unknown(key: str, known: Iterable[str]) -> str:
    names = list(known)
    return f"the key {key} is not known{_nearest(key, names)}"


def _rising(given: dict[str, Any], file: str, found: list[Fault]) -> dict[str, Any]:
    """The thresholds without those that don't rise, which are added to the faults.

    Of two that stand in the wrong order, whatever was declared is dropped: nobody knows which of
    them was meant. The defaults rise, so that this ends.
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
        reason = f"watch, at_risk and over must rise, and {shown}"
        dropped = dict.fromkeys(wrong)
        found += [_defaulted("thresholds", name, file, reason) for name in dropped]
        given = {name: value for name, value in given.items() if name not in dropped}


class _UnusableError(Exception):
    """A budget can't be used, for a reason; `key` is the one at fault, if it is one."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.key = key


def _budgets(given: Any, file: str, found: list[Fault]) -> tuple[Budget, ...]:
    """The budgets that can be used; of two with one name, the first."""
    if not isinstance(given, list):
        reason = "write each budget below a line with [[budgets]]"
        effect = "No budget of this file counts until it is corrected."
        found.append(Fault(file, "[[budgets]]", reason, effect, "budgets"))
        return ()
    budgets: dict[str, Budget] = {}
    for number, entry in enumerate(given, start=1):
        try:
            budget = _budget(entry, file, budgets)
        except _UnusableError as error:
            key = f", {error.key}" if error.key else ""
            place = f"[[budgets]] number {number}{_named(entry)}{key}"
            found.append(Fault(file, place, error.reason, LEFT_OUT, "budgets"))
        else:
            budgets[budget.name.casefold()] = budget
    return tuple(budgets.values())


def _named(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return f" (“{name}”)" if isinstance(name, str) else ""


def _budget(entry: Any, file: str, taken: Mapping[str, Budget]) -> Budget:
    """A budget, of a name that none before it has; raises _UnusableError."""
    if not isinstance(entry, Mapping):
        raise _UnusableError("it must be a table with keys in it")
    settings = {s.name: s for s in PLAN_SETTINGS if s.table == "budgets"}
    found: dict[str, Any] = {}
    for name, value in entry.items():
        if name not in settings:
            raise _UnusableError(_unknown(name, settings))
        try:
            found[name] = settings[name].read(value)
        except ValueError as error:
            raise _UnusableError(str(error), name) from None
    for key in ("name", "scope"):
        if key not in found:
            raise _UnusableError(f"{key} is missing")
    if found["name"].casefold() in taken:
        raise _UnusableError("another budget before it has the same name")
    of = _of(found["scope"], found.get("of", ""))
    span, amount = _amount(found)
    first, last = found.get("first_day"), found.get("last_day")
    if first and last and last < first:
        raise _UnusableError(f"its last day, {last}, comes before its first, {first}")
    return Budget(found["name"], found["scope"], of, amount, file, span, first, last)


def _amount(found: Mapping[str, Any]) -> tuple[Span, float]:
    """The period of a budget, and the amount that it has; raises _UnusableError."""
    span: Span = found.get("period", "month")
    if "monthly" not in found:
        if "amount" not in found:
            raise _UnusableError("monthly is missing, or amount with a period")
        return span, found["amount"]
    if "amount" in found:
        raise _UnusableError("it has monthly and amount; keep one of them")
    if span != "month":
        raise _UnusableError(
            f"monthly can't have the period {span}; write amount instead of monthly", "period"
        )
    return span, found["monthly"]


def _of(scope: Scope, of: str) -> str:
    """What the budget is of, in the ledger's spelling; raises _UnusableError."""
    if scope == "total" and of:
        raise _UnusableError("a budget of the total has no `of`")
    if scope != "total" and not of:
        raise _UnusableError(f"of is missing; name the {scope}")
    try:
        return _one_of(categories.NAMES)(of) if scope == "category" else of
    except ValueError as error:
        raise _UnusableError(str(error), "of") from None
