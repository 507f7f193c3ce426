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
from pathlib import Path
from typing import Any, Literal

from meaux import categories
from meaux.errors import SettingError
from meaux.settings import PROJECT

PLAN_FILE = PROJECT / ".streamlit" / "meaux.toml"

Scope = Literal["total", "category", "project", "team"]

SCOPES: tuple[Scope, ...] = ("total", "category", "project", "team")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Budget:
    """What may be spent in a month, in dollars, on what its scope and `of` say.

    `of` is the category, or the name or id of the project or team; empty for the total.
    `source` says who set it.
    """

    name: str
    scope: Scope
    of: str
    monthly: float
    source: str


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
    """All that the user declared, or its default."""

    budgets: tuple[Budget, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    capacity: Capacity = field(default_factory=Capacity)
    allowances: Allowances = field(default_factory=Allowances)


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


def _nearest(word: str, known: Iterable[str]) -> str:
    words = list(known)
    lowered = {w.lower(): w for w in words}
    near = difflib.get_close_matches(word.lower(), lowered, n=1)
    return f"; did you mean {lowered[near[0]]}?" if near else f"; use {', '.join(words)}"


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
    PlanSetting("budgets", "scope", "What it covers: a total, or one part.", _one_of(SCOPES)),
    PlanSetting("budgets", "of", "Which category, project or team; none for the total.", _text),
    PlanSetting("thresholds", "over", "Share of a budget from which it is over.", _positive),
    PlanSetting("thresholds", "at_risk", "Share of a budget from which it is at risk.", _positive),
    PlanSetting(
        "thresholds",
        "watch",
        "Share of a budget from which it is to be watched, if it is ahead of the month.",
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


def read_plan_file(path: Path = PLAN_FILE) -> Plan:
    """The plan in a file; the default one where there is no file.

    Raises:
        SettingError: the file is no TOML, or an entry can't be used.
    """
    if not path.is_file():
        return Plan()
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{path.name} is not valid TOML: {error}.") from None
    return read_plan(parsed, path.name)


def read_plan(mapping: Mapping[str, Any], file: str = PLAN_FILE.name) -> Plan:
    """The plan that a parsed file declares; what it leaves out has its default.

    Raises:
        SettingError: an entry can't be used; the sentence names file, entry and reason.
    """
    _refuse_unknown(mapping, list(dict.fromkeys(s.table for s in PLAN_SETTINGS)), file)
    thresholds = Thresholds(**_table(mapping, "thresholds", file))
    if not thresholds.watch <= thresholds.at_risk <= thresholds.over:
        raise SettingError(f"{file}, [thresholds]: watch, at_risk and over must rise.")
    return Plan(
        _budgets(mapping.get("budgets", []), file),
        thresholds,
        Capacity(**_table(mapping, "capacity", file)),
        Allowances(**_table(mapping, "allowances", file)),
    )


def _table(mapping: Mapping[str, Any], table: str, file: str) -> dict[str, Any]:
    given = mapping.get(table, {})
    place = f"{file}, [{table}]"
    if not isinstance(given, Mapping):
        raise SettingError(f"{place}: it must be a table with keys in it.")
    return _read(given, table, place)


def _read(given: Mapping[str, Any], table: str, place: str) -> dict[str, Any]:
    """The given keys of one table, each read; raises SettingError with its place."""
    settings = {s.name: s for s in PLAN_SETTINGS if s.table == table}
    _refuse_unknown(given, settings, place)
    found = {}
    for name, value in given.items():
        try:
            found[name] = settings[name].read(value)
        except ValueError as error:
            raise SettingError(f"{place}, {name}: {_sentence(error)}") from None
    return found


def _sentence(error: ValueError) -> str:
    text = str(error)
    return text if text.endswith("?") else f"{text}."


def _refuse_unknown(given: Iterable[str], known: Iterable[str], place: str) -> None:
    names = list(known)
    for key in given:
        if key not in names:
            error = ValueError(f"the key {key} is not known{_nearest(key, names)}")
            raise SettingError(f"{place}: {_sentence(error)}")


def _budgets(given: Any, file: str) -> tuple[Budget, ...]:
    if not isinstance(given, list) or not all(isinstance(entry, Mapping) for entry in given):
        raise SettingError(f"{file}: write each budget below a line with [[budgets]].")
    budgets = [_budget(entry, n, file) for n, entry in enumerate(given, start=1)]
    names = [budget.name.lower() for budget in budgets]
    for budget in budgets:
        if names.count(budget.name.lower()) > 1:
            raise SettingError(f"{file}, [[budgets]]: two budgets are named “{budget.name}”.")
    return tuple(budgets)


def _budget(entry: Mapping[str, Any], number: int, file: str) -> Budget:
    place = f"{file}, [[budgets]] number {number}"
    if isinstance(name := entry.get("name"), str):
        place += f" (“{name}”)"
    found = _read(entry, "budgets", place)
    for key in ("name", "monthly", "scope"):
        if key not in found:
            raise SettingError(f"{place}: {key} is missing.")
    return Budget(
        found["name"],
        found["scope"],
        _of(found["scope"], found.get("of", ""), place),
        found["monthly"],
        file,
    )


def _of(scope: Scope, of: str, place: str) -> str:
    """What the budget is of, in the ledger's spelling; raises SettingError where it can't be."""
    if scope == "total" and of:
        raise SettingError(f"{place}: a budget of the total has no `of`.")
    if scope != "total" and not of:
        raise SettingError(f"{place}: of is missing; name the {scope}.")
    try:
        return _one_of(categories.NAMES)(of) if scope == "category" else of
    except ValueError as error:
        raise SettingError(f"{place}, of: {_sentence(error)}") from None
