"""History: how often a rule of the user would have raised an alert in the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from meaux.data.alerting import OwnRule
from meaux.query.answers import Call, Fetch, RollUp, ask, plainly
from meaux.query.filters.period import DAY
from meaux.query.needs import Request
from meaux.query.rollups import rolled_up
from meaux.subjects.alerts.own import Look
from meaux.wording import counted

DAYS = 90
"""The number of days on which a rule is tried."""
OF_HOURS = "a rule over hours can't be tried on the past; days can"


@dataclass(frozen=True)
class Tried:
    """The days on which a rule would have raised an alert, and how often one would have opened.

    `problem` says why it can't be answered; `unknown` are the days on which it wasn't known.
    """

    raised: tuple[date, ...] = ()
    opened: int = 0
    unknown: tuple[date, ...] = ()
    problem: str = ""
    days: int = DAYS

    @property
    def sentence(self) -> str:
        """Say how often it would have fired."""
        if self.problem:
            return f"It can't be tried: {self.problem.rstrip('.')}."
        lost = f"; unknown on {counted(len(self.unknown), 'day')}" if self.unknown else ""
        return (
            f"It would have fired {counted(self.opened, 'time')} in the past "
            f"{counted(self.days, 'day')}{lost}."
        )


def tried(
    rule: OwnRule,
    request: Request,
    fetch: Fetch,
    call: Call = plainly,
    roll_up: RollUp = rolled_up,
) -> Tried:
    """Check a rule as of each of the past days and of today, in one call."""
    if rule.over.unit == "hours":
        return Tried(problem=OF_HOURS)
    selection = request.selection
    days = [selection.today - back * DAY for back in reversed(range(DAYS))]
    looks = [Look(rule, replace(request, selection=replace(selection, today=d))) for d in days]
    if why := looks[-1].problem():
        return Tried(problem=why)
    wanted = [look.asks() for look in looks]
    each_once = list(dict.fromkeys(one for named in wanted for one in named.values()))
    answers = dict(
        zip(each_once, ask(each_once, request.binding, fetch, call, roll_up), strict=True)
    )
    keys: list[frozenset[str]] = []
    unknown = []
    for day, look, named in zip(days, looks, wanted, strict=True):
        looked = look.findings({name: answers[one] for name, one in named.items()})
        if looked.problem:
            return Tried(problem=looked.problem)
        keys.append(frozenset(one.key for one in looked.found))
        if looked.unknown and not looked.found:
            unknown.append(day)
    raised = tuple(day for day, held in zip(days, keys, strict=True) if held)
    return Tried(raised, _opened(keys), tuple(unknown))


def _opened(keys: Iterable[frozenset[str]]) -> int:
    """Count the findings that were not there on the day before."""
    count, before = 0, frozenset[str]()
    for held in keys:
        count += len(held - before)
        before = held
    return count
