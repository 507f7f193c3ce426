"""Alerts: rules over budgets and measures, and what they find today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated

import pandas as pd

from meaux.data.faults import Fault, of
from meaux.data.notifying import SEVERITIES, Severity
from meaux.data.plan import Plan
from meaux.data.thresholds import Thresholds
from meaux.query import queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection, month_to_date
from meaux.query.filters.period import DAY
from meaux.query.forecast.unusual import FEWEST_WITHIN
from meaux.query.needs import asking
from meaux.subjects.money import anomalies
from meaux.subjects.money.budget_status import Statuses, Unused
from meaux.subjects.money.budgets import BudgetStatus
from meaux.subjects.storage.frames import GB
from meaux.subjects.workers import unusual as workers
from meaux.wording import day_of, percent, percent_of

__all__ = ["RULES", "SEVERITIES", "Evidence", "Finding", "Rule", "Seen", "Severity", "evaluate"]

DAYS_WATCHED = 7
"""The number of complete days in which rules look for unusual days and errors."""

RECORDED_SHOWN = 20


WATCHED = ("budgets", "thresholds", "allowances")
"""The parts of a plan that rules use."""


@dataclass(frozen=True)
class Evidence:
    """The facts that rules use; an unknown measure is None."""

    budgets: tuple[BudgetStatus, ...]
    unusual: anomalies.Found
    workers: workers.Found
    requests: float | None
    errors: float | None
    stored_bytes: float | None
    tokens: float | None
    newest: pd.DataFrame
    selection: Selection
    plan: Plan
    faults: tuple[Fault, ...] = ()
    """The invalid settings and budgets that rules would use."""


@dataclass(frozen=True)
class Finding:
    """What a rule found: its severity, one sentence and the numbers in it.

    `key` is the same on the next run, also if the severity changes. It is about some `projects` and
    `teams` (IDs or names), or, if it names none, about the company. A finding that isn't `lasting`
    is an event: it is told once, and has no end.
    """

    rule: str
    severity: Severity
    sentence: str
    value: float | None = None
    threshold: float | None = None
    key: str = ""
    projects: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    lasting: bool = True
    advice: str = ""
    page: str = ""
    """The path of the page with details, such as `financial`."""


@dataclass(frozen=True)
class Rule:
    """A rule: its name, what it looks for, with thresholds in braces, and how.

    `advice` says what to do, `page` is the path of the page with details.
    """

    name: str
    about: str
    find: Callable[[Evidence], Iterable[Finding]]
    advice: str
    page: str

    def told(self, thresholds: Thresholds) -> str:
        """Say what it looks for, with the current thresholds."""
        return self.about.format(**thresholds.words)


def _month(selection: Selection) -> Selection:
    """Select this month for the whole company, regardless of filters."""
    return selection.unnarrowed.over(month_to_date(selection.today))


def _last_days(selection: Selection) -> Selection:
    """Select the last complete days and today for the whole company."""
    today = selection.today
    return selection.unnarrowed.over(Period(today - DAYS_WATCHED * DAY, today + DAY))


def _weeks(selection: Selection) -> Selection:
    """Select the fewest days that can tell which of the last ones are unusual, and today."""
    today = selection.today
    return selection.unnarrowed.over(Period(today - FEWEST_WITHIN * DAY, today + DAY))


def _levels(selection: Selection) -> Selection:
    """Select the days in which the last storage measurement may lie."""
    whole, today = selection.unnarrowed, selection.today
    start = min(_month(selection).period.start, _last_days(selection).period.start)
    return whole.over(Period(start, today + DAY))


@dataclass(frozen=True)
class Watched:
    """The answers that rules use beside budgets, regardless of filters."""

    worker_errors: Annotated[Answer, asking(queries.worker_errors, _last_days)]
    worker_days: Annotated[Answer, asking(queries.requests_by_worker_day, _weeks)]
    known_workers: Annotated[Answer, asking(queries.known_workers, _last_days)]
    stored_bytes: Annotated[Answer, asking(queries.stored_bytes, _levels)]
    tokens_used: Annotated[Answer, asking(queries.tokens_used, _month)]
    newest_lines: Annotated[Answer, asking(queries.newest_lines, _month)]


Recorded = Annotated[Answer, asking(queries.open_spend_alerts, _month, limit=RECORDED_SHOWN)]
"""The open alerts that the database recorded."""


def evidence(  # noqa: PLR0913, PLR0917  rules look at many things
    found: Statuses,
    unused: Unused,
    unusual: anomalies.OfCompany,
    watched: Watched,
    plan: Plan,
    selection: Selection,
) -> Evidence:
    """Collect the facts that rules use."""
    return Evidence(
        tuple(found),
        unusual,
        workers.find(watched.worker_days, watched.known_workers, selection),
        _sum(watched.worker_errors, "requests"),
        _sum(watched.worker_errors, "errors"),
        _sum(watched.stored_bytes, "bytes"),
        _sum(watched.tokens_used, "tokens"),
        watched.newest_lines.frame,
        selection,
        plan,
        tuple(dict.fromkeys([*unused, *of(plan.faults, *WATCHED)])),
    )


Seen = Annotated[Evidence, evidence]


def evaluate(seen: Evidence) -> list[Finding]:
    """Return what all rules find, most severe first."""
    found = [
        replace(one, key=one.key or rule.name, advice=rule.advice, page=rule.page)
        for rule in RULES
        for one in rule.find(seen)
    ]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


def unchecked(seen: Evidence) -> frozenset[str]:
    """Return the keys of what is unknown today: an open finding with this key hasn't ended."""
    measures = {
        "error rate": (seen.requests, seen.errors),
        "storage allowance": (seen.stored_bytes,),
        "token allowance": (seen.tokens,),
    }
    unknown = {name for name, needed in measures.items() if None in needed}
    return frozenset(unknown | {_key(one) for one in seen.budgets if one.status == "unknown"})


def _sum(answer: Answer, column: str) -> float | None:
    """Sum a column; None if no value is known."""
    return series.known_sum(answer.frame[column]) if answer.state == "ready" else None


def _over(seen: Evidence) -> Iterator[Finding]:
    for budget in seen.budgets:
        if budget.status == "over":
            yield _of_budget("budget over", "Critical", budget, seen.plan.thresholds.over)


def _at_risk(seen: Evidence) -> Iterator[Finding]:
    for budget in seen.budgets:
        used = budget.used or 0.0
        if budget.status == "at risk" and used >= seen.plan.thresholds.at_risk:
            yield _of_budget("budget at risk", "Warning", budget, seen.plan.thresholds.at_risk)


def _forecast_over(seen: Evidence) -> Iterator[Finding]:
    limits = seen.plan.thresholds
    for budget in seen.budgets:
        used = budget.used or 0.0
        if budget.status == "at risk" and used < limits.at_risk and budget.forecast is not None:
            found = _of_budget("forecast over budget", "Warning", budget, limits.over)
            yield replace(found, value=budget.forecast / budget.budget.amount)


def _watch(seen: Evidence) -> Iterator[Finding]:
    for budget in seen.budgets:
        if budget.status == "watch":
            yield _of_budget("budget to watch", "Info", budget, seen.plan.thresholds.watch)


def _of_budget(rule: str, severity: Severity, budget: BudgetStatus, threshold: float) -> Finding:
    return Finding(
        rule, severity, budget.sentence, budget.used, threshold, _key(budget), *_about(budget)
    )


def _key(status: BudgetStatus) -> str:
    """Return the key of a budget: the same for all of its states."""
    one = status.budget
    parts = ("budget", one.source, one.scope, one.of, one.span, one.name)
    return "/".join(part.casefold() for part in parts)


def _about(status: BudgetStatus) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the projects and the teams that a budget covers, by their IDs and its own word."""
    covered, of = status.covered, status.budget.of
    match status.budget.scope:
        case "project":
            return tuple(dict.fromkeys([of, *(covered.projects if covered else ())])), ()
        case "team":
            return (), tuple(dict.fromkeys([of, *(covered.teams if covered else ())]))
        case _:
            return (), ()


def _unusual_day(seen: Evidence) -> Iterator[Finding]:
    since = seen.selection.today - DAYS_WATCHED * DAY
    for one in seen.unusual:
        if one.day >= since:
            severity: Severity = "Warning" if one.cost > one.usual else "Info"
            project = one.cause.project
            yield Finding(
                "unusual day",
                severity,
                f"Cost on {day_of(one.day, year=False)}, {one.sentence}.",
                one.cost,
                one.usual,
                "/".join(["unusual day", str(one.day), one.cause.category or "", project or ""]),
                projects=one.projects,
                lasting=False,
            )


def _unusual_worker(seen: Evidence) -> Iterator[Finding]:
    since = seen.selection.today - DAYS_WATCHED * DAY
    for one in seen.workers:
        if one.day >= since:
            failing = one.measure == "errors" and one.count > one.usual
            yield Finding(
                "unusual Worker",
                "Warning" if failing else "Info",
                f"{day_of(one.day, year=False)}, {one.text}.",
                one.count,
                one.usual,
                "/".join(["unusual Worker", str(one.day), one.worker, one.measure]),
                lasting=False,
            )


def _error_rate(seen: Evidence) -> Iterator[Finding]:
    limits = seen.plan.thresholds
    limit = limits.error_rate
    if not seen.requests or seen.errors is None:
        return
    rate = seen.errors / seen.requests
    if rate >= limit:
        severity: Severity = "Error" if rate >= 2 * limit else "Warning"
        sentence = (
            f"{percent(rate, 1)} of {seen.requests:,.0f} Worker requests failed in the last "
            f"{DAYS_WATCHED} days and today; the threshold is {limits.words['error_rate']}."
        )
        yield Finding("error rate", severity, sentence, rate, limit)


def _storage(seen: Evidence) -> Iterator[Finding]:
    stored = None if seen.stored_bytes is None else seen.stored_bytes / GB
    yield from _allowance(seen, "storage allowance", stored, "r2_storage_gb", "GB of R2 storage")


def _tokens(seen: Evidence) -> Iterator[Finding]:
    yield from _allowance(seen, "token allowance", seen.tokens, "ai_tokens", "AI tokens this month")


def _allowance(
    seen: Evidence, rule: str, used: float | None, setting: str, noun: str
) -> Iterator[Finding]:
    allowed, limits = getattr(seen.plan.allowances, setting), seen.plan.thresholds
    if used is None or allowed is None or used < limits.at_risk * allowed:
        return
    severity: Severity = "Error" if used >= limits.over * allowed else "Warning"
    share = percent_of(used / allowed, limits.steps)
    yield Finding(
        rule, severity, f"{used:,.0f} of {allowed:,.0f} {noun} used ({share}).", used, allowed
    )


def _stale(seen: Evidence) -> Iterator[Finding]:
    days = seen.plan.thresholds.stale_days
    now = pd.Timestamp(seen.selection.today + DAY, tz="UTC")
    for category, at in zip(seen.newest["category"], seen.newest["at"], strict=True):
        age = (now - at).total_seconds() / 86_400 if pd.notna(at) else None
        if age is not None and age > days:
            sentence = f"{category} has no new entries since {day_of(at)}; costs may be missing."
            key = f"stale data/{category}"
            yield Finding("stale data", "Warning", sentence, age, days, key)


OF_BUDGET = "Look at what it was spent on; spend less, or raise the budget."
OF_ALLOWANCE = "Look at what uses it; use less, or change the plan."
FINANCIAL, RESOURCES = "financial", "resources"

RULES = (
    Rule("budget over", "At least {over} of a budget is used.", _over, OF_BUDGET, FINANCIAL),
    Rule(
        "budget at risk", "At least {at_risk} of a budget is used.", _at_risk, OF_BUDGET, FINANCIAL
    ),
    Rule(
        "forecast over budget",
        "A budget is forecast to reach {over} by the end of its period.",
        _forecast_over,
        OF_BUDGET,
        FINANCIAL,
    ),
    Rule(
        "budget to watch",
        "At least {watch} of a budget is used, and it is over pace: the used share exceeds the "
        "elapsed share of its period.",
        _watch,
        OF_BUDGET,
        FINANCIAL,
    ),
    Rule(
        "unusual day",
        f"One of the last {DAYS_WATCHED} complete days is unusual: its cost, or that of a "
        "category, a project or a model, is far from the usual cost of its weekday, and differs "
        "from it by more than {anomaly_floor_usd}.",
        _unusual_day,
        "Look at the entries of that day.",
        FINANCIAL,
    ),
    Rule(
        "unusual Worker",
        f"On one of the last {DAYS_WATCHED} complete days, the requests or errors of a Worker are "
        f"far from its median of the last {FEWEST_WITHIN} days, by at least "
        f"{workers.FLOORS['requests']:g} requests or {workers.FLOORS['errors']:g} errors.",
        _unusual_worker,
        "Look at the requests of that Worker on that day.",
        RESOURCES,
    ),
    Rule(
        "error rate",
        "At least {error_rate} of the Worker requests with a known outcome failed in the last "
        f"{DAYS_WATCHED} days and today.",
        _error_rate,
        "Find the Worker that fails, and look at its log.",
        RESOURCES,
    ),
    Rule(
        "storage allowance",
        "If an R2 storage allowance is set: at least {at_risk} of it is used.",
        _storage,
        OF_ALLOWANCE,
        RESOURCES,
    ),
    Rule(
        "token allowance",
        "If a monthly AI token allowance is set: at least {at_risk} of it is used.",
        _tokens,
        OF_ALLOWANCE,
        RESOURCES,
    ),
    Rule(
        "stale data",
        "A cost source has had no new entry for {stale_days}.",
        _stale,
        "Check whether the job that records these costs still runs.",
        FINANCIAL,
    ),
)
