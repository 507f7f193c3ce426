"""Alerting: the user's own alert rules, from `[[alerts]]` in meaux.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from meaux.data.declared import key, keys
from meaux.data.entries import UnusableError, read_all, read_keys
from meaux.data.faults import Fault
from meaux.data.notifying import SEVERITIES, Severity
from meaux.data.readers import flag, list_of, one_of, text

Each = Literal["company", "project", "team", "person", "worker", "model"]
EACH: tuple[Each, ...] = get_args(Each)
Unit = Literal["hours", "days", "month"]

TABLE = "alerts"
MOST = {"h": 72, "d": 366}
"""The longest window in hours and in days."""
UNTIL_THEN = "This rule is not checked until corrected."
CONDITIONS = ("above", "below", "rises_by", "falls_by", "no_data")
PLACEHOLDERS = ("{name}", "{value}", "{limit}")

_WINDOW = re.compile(r"(\d{1,4})\s*([hd])", re.IGNORECASE)
_BRACES = re.compile(r"[{][^{}]*[}]|[{}]")


@dataclass(frozen=True)
class Window:
    """The time that a rule looks at: complete hours or days, or the month to date."""

    unit: Unit
    count: int = 1

    def __str__(self) -> str:
        return "month" if self.unit == "month" else f"{self.count}{self.unit[0]}"


def _window(value: Any) -> Window:
    word = text(value).lower()
    if word == "month":
        return Window("month")
    found = _WINDOW.fullmatch(word)
    if not found or not 0 < int(found[1]) <= MOST[found[2]]:
        raise ValueError(f"{value!r} is not a window; write it as 1h (up to 72h), 7d or month")
    return Window("hours" if found[2] == "h" else "days", int(found[1]))


def _number(value: Any) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not abs(value) < float("inf")
    ):
        raise ValueError(f"{value!r} is not a number; write it without quotes, e.g. 100 or 0.02")
    return float(value)


def _share(value: Any) -> float:
    if (share := _number(value)) <= 0:
        raise ValueError(f"{value} must be above 0; 50% is 0.5")
    return share


def _sentence(value: Any) -> str:
    sentence = text(value)
    for found in _BRACES.findall(sentence):
        if found not in PLACEHOLDERS:
            raise ValueError(f"unknown placeholder {found}; use {', '.join(PLACEHOLDERS)}")
    return sentence


@dataclass(frozen=True)
class OwnRule:
    """A rule of the user: a metric over a window, and exactly one condition."""

    name: str = key("", text, "Name of the rule, as messages show it.")
    metric: str = key("", text, "Name of a metric; docs/metrics.md lists them.")
    over: Window = key(
        Window("days"),
        _window,
        "Window: complete days before today such as 1d (the default) or 7d, complete hours such as "
        "1h, or month: the month to date.",
    )
    above: float | None = key(None, _number, "An alert is raised if the metric is above this.")
    below: float | None = key(None, _number, "An alert is raised if it is below this.")
    rises_by: float | None = key(
        None,
        _share,
        "An alert is raised if it has risen by at least this share since the comparison period of "
        "the pages: 0.5 is 50%.",
    )
    falls_by: float | None = key(
        None, _share, "An alert is raised if it has fallen by at least this share."
    )
    at_least: float | None = key(
        None,
        _number,
        "With `rises_by` or `falls_by`: a change counts only if the larger value is at least this.",
    )
    no_data: Window | None = key(
        None,
        _window,
        "An alert is raised if there is no data for so many complete days and today: 3d.",
    )
    each: Each = key(
        "company",
        one_of(EACH),
        "What the rule looks at: the company (the default), or each project, team, person, worker "
        "or model.",
    )
    severity: Severity = key("Warning", one_of(SEVERITIES), "Severity of its alerts.")
    sentence: str = key(
        "",
        _sentence,
        "Sentence of its alerts, with {name}, {value} and {limit}; without it, one is made.",
    )
    projects: tuple[str, ...] = key(
        (), list_of(text, "projects"), "IDs of projects: only these count."
    )
    teams: tuple[str, ...] = key(
        (), list_of(text, "teams"), "IDs of teams: only their projects count."
    )
    on: bool = key(
        True,  # noqa: FBT003  a default
        flag,
        "Whether it is checked: true (the default) or false. One that is off can be tried.",
    )

    @property
    def condition(self) -> str:
        """The name of its condition."""
        return next(name for name in CONDITIONS if getattr(self, name) is not None)

    @property
    def compares(self) -> bool:
        """Whether its condition is a change."""
        return self.condition in ("rises_by", "falls_by")


KEYS = keys(OwnRule)


def read_alerts(given: Mapping[str, Any], file: str) -> tuple[tuple[OwnRule, ...], list[Fault]]:
    """Read `[[alerts]]` of a parsed file; return the valid rules, and the mistakes."""
    return read_all(given, TABLE, _rule, file, UNTIL_THEN)


def _rule(given: Mapping[str, Any]) -> OwnRule:
    rule = OwnRule(**read_keys(given, KEYS))
    if not rule.metric:
        raise UnusableError("metric is missing")
    chosen = [name for name in CONDITIONS if getattr(rule, name) is not None]
    if len(chosen) != 1:
        raise UnusableError(f"set exactly one of {', '.join(CONDITIONS)}")
    if rule.no_data and (rule.no_data.unit != "days" or "over" in given):
        raise UnusableError("write the days of no_data as 3d, and leave out over", "no_data")
    if rule.at_least is not None and not rule.compares:
        raise UnusableError("only a change has it; set rises_by or falls_by", "at_least")
    if rule.compares and rule.over.unit == "hours":
        raise UnusableError("a change needs days, such as 7d, or month", "over")
    return rule
