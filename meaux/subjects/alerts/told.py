"""Told: the findings of the user's own rules, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from meaux.data.alerting import PLACEHOLDERS, TABLE, OwnRule, Window
from meaux.query.filters import Selection
from meaux.query.metrics import DEFINITIONS
from meaux.subjects.alerts.rules import Finding
from meaux.wording import counted, percent, time_of

ADVICE = "This is a rule of your own: [[alerts]] in meaux.toml."
PAGES = {"project": "projects", "team": "team", "person": "time", "worker": "resources"}
"""The page with details about each kind of part."""
_PLACEHOLDER = re.compile("|".join(map(re.escape, PLACEHOLDERS)))


@dataclass(frozen=True)
class Measured:
    """The value of a part, and the value before; None is unknown."""

    name: str
    value: float | None
    before: float | None = None


def key_of(rule: OwnRule, part: str = "") -> str:
    """Return the key of a rule's finding about a part, or the beginning of all of its keys."""
    key = f"{TABLE}/{rule.name.casefold()}"
    return f"{key}/{part}" if part else key


def finding(rule: OwnRule, selection: Selection, part: str, one: Measured) -> Finding:
    """Return the finding of a rule about a part, by its ID; empty for the company."""
    words = {"{name}": one.name, "{value}": _value(rule, one), "{limit}": _limit(rule)}
    written = rule.sentence or _sentence(rule, selection)
    sentence = _PLACEHOLDER.sub(lambda found: words[found[0]], written)
    mine = tuple(dict.fromkeys([part, one.name]))
    return Finding(
        rule.name,
        rule.severity,
        sentence,
        one.value,
        _threshold(rule),
        key=key_of(rule, part),
        advice=ADVICE,
        page=PAGES.get(rule.each, ""),
        projects=mine if rule.each == "project" else rule.projects,
        teams=mine if rule.each == "team" else rule.teams,
    )


def _threshold(rule: OwnRule) -> float | None:
    found = getattr(rule, rule.condition)
    return None if isinstance(found, Window) else found


def _value(rule: OwnRule, one: Measured) -> str:
    metric = DEFINITIONS[rule.metric]
    if rule.no_data:
        return "no data"
    if not rule.compares:
        return metric.exact(one.value)
    return f"{metric.exact(one.value)}, {metric.exact(one.before)} before"


def _limit(rule: OwnRule) -> str:
    limit = _threshold(rule)
    if rule.no_data:
        return counted(rule.no_data.count, "day")
    return percent(limit or 0, None) if rule.compares else DEFINITIONS[rule.metric].exact(limit)


def _sentence(rule: OwnRule, selection: Selection) -> str:
    of = "" if rule.each == "company" else " of {name}"
    what, days = f"{rule.name}: {DEFINITIONS[rule.metric].label}{of}", _days(selection)
    match rule.condition:
        case "no_data":
            return f"{what} has had no data for {{limit}}."
        case "above" | "below" as side:
            return f"{what} is {{value}} ({days}), {side} {{limit}}."
        case "rises_by":
            return f"{what} rose by at least {{limit}}: {{value}} ({days})."
    return f"{what} fell by at least {{limit}}: {{value}} ({days})."


def _days(selection: Selection) -> str:
    if selection.between is None:
        return str(selection.period)
    zone = ZoneInfo(selection.zone)
    start, end = (datetime.fromtimestamp(at, zone) for at in selection.between)
    return f"{time_of(start)} to {end:%H:%M}"
