"""Plan: what the user declares of budgets, thresholds, capacity and allowances.

It stands in `.streamlit/meaux.toml`; `.streamlit/meaux.example.toml` shows all of it.
"""

from __future__ import annotations

import difflib
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from meaux.data import categories, faults, toml
from meaux.data.declared import key, keys
from meaux.data.faults import NOTHING, Fault
from meaux.data.settings import PROJECT
from meaux.wording import percent, sentences

PLAN_FILE = PROJECT / ".streamlit" / "meaux.toml"

Scope = Literal["total", "category", "project", "team"]
Span = Literal["week", "month", "quarter", "year"]

SCOPES: tuple[Scope, ...] = get_args(Scope)
SPANS: tuple[Span, ...] = get_args(Span)
SHARES = ("watch", "at_risk", "over", "error_rate")
"""The thresholds that are shares."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_HOURS = 24

Value = TypeVar("Value")
Word = TypeVar("Word", bound=str)

Rule = tuple[Callable[[float], bool], str]
"""What a number must keep, and what is said of one that doesn't."""


def _number(*rules: Rule) -> Callable[[Any], float]:
    """Reads a number that keeps some rules."""

    def read(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not abs(value) <= sys.float_info.max:
            raise ValueError(f"{value!r} is no number; write it without quotes, as 2500 or 0.8")
        for keeps, otherwise in rules:
            if not keeps(value):
                raise ValueError(f"{value} {otherwise}")
        return float(value)

    return read


_ABOVE_0: Rule = (lambda number: number > 0, "is not more than 0")
_positive = _number(_ABOVE_0)
_not_negative = _number((lambda number: number >= 0, "is below 0"))
_ratio = _number((lambda number: 0 <= number <= 1, "is not between 0 and 1; 5% is 0.05"))
_hours = _number(_ABOVE_0, (lambda number: number <= DAY_HOURS, "is more than a day has"))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no text; write it in quotes")
    return value.strip()


def _date(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"{value} is no date; write it without quotes, as 2026-11-22")
    return value


def _one_of(known: Iterable[Word]) -> Callable[[Any], Word]:
    """Reads one of the known words, in any case."""
    spelling = {word.lower(): word for word in known}

    def read(value: Any) -> Word:
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
    """From where on something is worth a word."""

    over: float = key(1.0, _positive, "Share of a budget, or of an allowance, that is too much.")
    at_risk: float = key(
        0.8, _positive, "Share of a budget, or of an allowance, from which it is at risk."
    )
    watch: float = key(
        0.5,
        _positive,
        "Share of a budget from which it is to be watched, if it is ahead of its period.",
    )
    anomaly_floor_usd: float = key(
        50.0,
        _not_negative,
        "Dollars by which a day must differ from a usual one to be worth a word.",
    )
    error_rate: float = key(0.05, _ratio, "Share of failed requests that is too much.")
    stale_days: float = key(7.0, _positive, "Days without a new row after which data is stale.")
    stale_project_days: float = key(
        30.0,
        _positive,
        "Days without activity after which a project that is under way is stale.",
    )

    @property
    def steps(self) -> tuple[float, ...]:
        """The shares at which a status begins, and all of a budget."""
        return (self.watch, self.at_risk, self.over, 1.0)

    @property
    def words(self) -> dict[str, str]:
        """Each as a sentence has it: `80%`, `$50`, `7 days`."""
        shares = {name: percent(getattr(self, name), None) for name in SHARES}
        days = {name: f"{getattr(self, name):g}" for name in ("stale_days", "stale_project_days")}
        return {
            **shares,
            **{name: f"{number} day{'s' * (number != '1')}" for name, number in days.items()},
            "anomaly_floor_usd": f"${self.anomaly_floor_usd:,.2f}".removesuffix(".00"),
        }


@dataclass(frozen=True)
class Capacity:
    """How long people work."""

    hours_per_day: float = key(8.0, _hours, "Hours that a person works on a day.")
    working_days: tuple[str, ...] = key(
        WEEKDAYS[:5], _weekdays, "The weekdays on which people work."
    )


@dataclass(frozen=True)
class Allowances:
    """What the Cloudflare and AI plans include a month; None where nobody said."""

    as_of: date | None = key(None, _date, "The day on which the allowances were looked up.")
    workers_requests: float | None = key(None, _positive, "Workers requests the plan has a month.")
    r2_storage_gb: float | None = key(None, _positive, "Decimal GB of R2 storage the plan has.")
    ai_tokens: float | None = key(None, _positive, "AI tokens to be used a month.")
    ai_usd: float | None = key(None, _positive, "Dollars to be spent on AI a month.")


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


@dataclass(frozen=True)
class WrittenBudget:
    """A budget as the file has it."""

    name: str = key("", _text, "What the budget is called; no two may share a name.")
    monthly: float | None = key(None, _positive, "Dollars that may be spent in a month.")
    amount: float | None = key(
        None, _positive, "In place of monthly: dollars that may be spent in a period."
    )
    period: Span | None = key(None, _one_of(SPANS), "The period of the amount.")
    scope: Scope | None = key(None, _one_of(SCOPES), "What it covers: a total, or one part.")
    of: str = key("", _text, "Which category, project or team; none for the total.")
    first_day: date | None = key(None, _date, "The first day that it holds on.")
    last_day: date | None = key(None, _date, "The last day that it holds on.")


TABLES = {
    "budgets": keys(WrittenBudget),
    "thresholds": keys(Thresholds),
    "capacity": keys(Capacity),
    "allowances": keys(Allowances),
}
"""Every key of the file, by its table and name."""

RISING = ("watch", "at_risk", "over")
"""The thresholds of which each must not lie above the next."""

NO_FILE = "Until it is corrected no budget of it is set, and the defaults hold."
LEFT_OUT = "This budget is left out until it is corrected."
NO_TABLE = "it must be a table with keys in it"


def read_plan_file(path: Path = PLAN_FILE) -> Plan:
    """The plan in a file; the default one where there is no file, or none that can be read."""
    if not path.exists():
        return Plan()
    try:
        return read_plan(toml.in_file(path), path.name)
    except tomllib.TOMLDecodeError as error:
        return Plan(faults=(Fault(path.name, "", str(error), NO_FILE),))


def read_plan(mapping: Mapping[str, Any], file: str = PLAN_FILE.name) -> Plan:
    """The plan that a parsed file declares; what it leaves out has its default.

    An entry that can't be used is named in `Plan.faults`, and takes no other with it.
    """
    return _Reading(mapping, file).plan()


@dataclass(frozen=True)
class _Reading:
    """A file as it is read: what it declares, its name, and what of it can't be used so far."""

    given: Mapping[str, Any]
    file: str
    faults: list[Fault] = field(default_factory=list)

    def plan(self) -> Plan:
        for name in self.given:
            if name not in TABLES:
                self._pass_over(name, TABLES)
        thresholds = self._rising(self._table("thresholds"))
        return Plan(
            self._budgets(),
            Thresholds(**thresholds),
            Capacity(**self._table("capacity")),
            Allowances(**self._table("allowances")),
            tuple(self.faults),
        )

    def _table(self, table: str) -> dict[str, Any]:
        """The keys of a table that can be used, each read."""
        given, known = self.given.get(table, {}), TABLES[table]
        if not isinstance(given, Mapping):
            self._fault(f"[{table}]", NO_TABLE, "Its defaults hold until it is corrected.", table)
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
        """The thresholds without those that don't rise.

        Of two that stand in the wrong order, whatever was declared is dropped: nobody knows which
        of them was meant. The defaults rise, so that this ends.
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
                reason = f"watch, at_risk and over must rise, and {shown}"
                self._default("thresholds", name, reason)
            given = {name: value for name, value in given.items() if name not in wrong}

    def _budgets(self) -> tuple[Budget, ...]:
        """The budgets that can be used; of two with one name, the first."""
        given = self.given.get("budgets", [])
        if not isinstance(given, list):
            reason = "write each budget below a line with [[budgets]]"
            effect = "No budget of this file counts until it is corrected."
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
        """Name a key that means nothing, and what may be without it."""
        near = _near(name, known)
        touches = f"{within}{near}" if near else NOTHING
        self._fault(place, _unknown(name, known), "It is passed over.", touches)

    def _default(self, table: str, name: str, reason: str) -> None:
        """Name a key for which its default stands in."""
        match TABLES[table][name].default:
            case None:
                effect = "None is declared until it is corrected."
            case tuple() as words:
                effect = f"The default, {', '.join(words)}, holds until it is corrected."
            case number:
                effect = f"The default, {number:g}, holds until it is corrected."
        self._fault(f"[{table}], {name}", reason, effect, f"{table}.{name}")

    def _fault(self, place: str, reason: str, effect: str, touches: str) -> None:
        self.faults.append(Fault(self.file, place, reason, effect, touches))


def _unknown(name: str, known: Iterable[str]) -> str:
    return f"the key {name} is not known{_nearest(name, known)}"


def _named(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return f" (“{name}”)" if isinstance(name, str) else ""


class _UnusableError(Exception):
    """A budget can't be used; `key` is the one at fault, if it is one."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


def _written(entry: Any) -> WrittenBudget:
    """The keys of a budget, each read; raises _UnusableError."""
    if not isinstance(entry, Mapping):
        raise _UnusableError(NO_TABLE)
    known = TABLES["budgets"]
    read: dict[str, Any] = {}
    for name, value in entry.items():
        if name not in known:
            raise _UnusableError(_unknown(name, known))
        read[name] = _used(known[name].read, value, name)
    return WrittenBudget(**read)


def _used(read: Callable[[Any], Value], value: Any, key: str) -> Value:
    try:
        return read(value)
    except ValueError as error:
        raise _UnusableError(str(error), key) from None


def _budget(written: WrittenBudget, file: str, taken: Mapping[str, Budget]) -> Budget:
    """A budget, of a name that none before it has; raises _UnusableError."""
    if not written.name:
        raise _UnusableError("name is missing")
    if not written.scope:
        raise _UnusableError("scope is missing")
    if written.name.casefold() in taken:
        raise _UnusableError("another budget before it has the same name")
    of = _of(written.scope, written.of)
    span, amount = _amount(written)
    first, last = written.first_day, written.last_day
    if first and last and last < first:
        raise _UnusableError(f"its last day, {last}, comes before its first, {first}")
    return Budget(written.name, written.scope, of, amount, file, span, first, last)


def _amount(written: WrittenBudget) -> tuple[Span, float]:
    """The period of a budget, and the amount that it has; raises _UnusableError."""
    span = written.period or "month"
    if written.monthly and written.amount:
        raise _UnusableError("it has monthly and amount; keep one of them")
    if written.monthly and span != "month":
        reason = f"monthly can't have the period {span}; write amount instead of monthly"
        raise _UnusableError(reason, "period")
    if not (amount := written.monthly or written.amount):
        raise _UnusableError("monthly is missing, or amount with a period")
    return span, amount


def _of(scope: Scope, of: str) -> str:
    """What the budget is of, in the ledger's spelling; raises _UnusableError."""
    if scope == "total" and of:
        raise _UnusableError("a budget of the total has no `of`")
    if scope != "total" and not of:
        raise _UnusableError(f"of is missing; name the {scope}")
    return _used(_one_of(categories.NAMES), of, "of") if scope == "category" else of
