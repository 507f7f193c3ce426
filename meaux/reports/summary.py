"""The summary: up to five sentences, each made by a rule from the figures of the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from meaux.charts.cells import shortened
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import Met, Part
from meaux.reports.cells import clean
from meaux.subjects.email.figures import mail_rates, mail_sent
from meaux.subjects.figure import Figure
from meaux.subjects.hours.figures import billable_ratio, total_hours
from meaux.subjects.money import frames as costs
from meaux.subjects.money import rankings
from meaux.subjects.money.budget_status import Statuses
from meaux.subjects.money.budgets import BudgetStatus
from meaux.subjects.money.cards.costs import by_category
from meaux.subjects.money.figures import cost
from meaux.subjects.money.metrics import COST
from meaux.subjects.money.outlook import Outlook, Seen, band
from meaux.subjects.workers.figures import error_rate
from meaux.subjects.workflows.figures import failed_runs, runs
from meaux.wording import counted, enumerated, percent, percent_of

NOTHING = "No findings: nothing that this report sums up is recorded in this period."
LONGEST_NAME = 50
"""Characters of a name in a sentence."""
MOST_NAMED = 3
"""The most budgets that a sentence names."""
MOSTLY = 0.5
"""The share of costs from which a category is most of them."""
CAUSE = 0.5
"""The share of a change from which a category is its main cause."""


@dataclass(frozen=True)
class Mover:
    """The project whose cost changed most; `cause` is the category with the most of the change.

    `before` is None if the project is new, `now` if it has no more cost.
    """

    name: str
    change: float
    now: float | None
    before: float | None
    cause: str = ""
    of_cause: float = 0.0


@dataclass(frozen=True)
class Facts:
    """What the rules look at; an unknown fact is None."""

    cost: Figure
    categories: pd.DataFrame
    mover: Mover | None
    budgets: tuple[BudgetStatus, ...]
    outlook: Outlook | None
    hours: Figure
    billable: Figure
    error_rate: Figure
    runs: Figure
    failed_runs: Figure
    mail: Figure
    delivered: Figure
    selection: Selection


def _mover(
    projects: rankings.Compared, now: costs.ByProject, then: rankings.ByProjectBefore
) -> Mover | None:
    """Find the project whose cost changed most; None if no cost changed."""
    if projects.state != "ready" or rankings.movers(projects).state != "ready":
        return None
    size = projects.frame["change"].abs()
    row = projects.frame[size == size.max()].iloc[0]
    by_category = _changes(now.frame, then, str(row["project"]))
    along = by_category * (1 if row["change"] > 0 else -1)
    top = by_category[along == along.max()].iloc[:1]
    cause, share = "", 0.0
    if len(top) and along.max() >= CAUSE * abs(row["change"]):
        cause, share = str(top.index[0]), float(top.iloc[0])
    known = {side: None if pd.isna(row[side]) else float(row[side]) for side in SIDES}
    return Mover(
        shortened(str(row["name"]), LONGEST_NAME),
        float(row["change"]),
        known["comparable"],
        known["before"],
        cause,
        share,
    )


SIDES = ("comparable", "before")


def _changes(now: pd.DataFrame, then: Answer | None, project: str) -> pd.Series:
    """Return the change of a project's cost by category, on the compared days."""
    this = now[now["project"].fillna("") == project].groupby("category")["comparable_cost"].sum()
    if then is None or then.state != "ready":
        return this
    earlier = then.frame
    before = earlier[earlier["project"].fillna("") == project].groupby("category")["cost"].sum()
    return this.sub(before, fill_value=0.0)


def _categories(ledger: costs.PeriodLedger, selection: Selection) -> pd.DataFrame:
    """Return the rows of the card Cost by category."""
    return by_category(ledger, selection).answer.frame


def _budgets(found: Statuses) -> tuple[BudgetStatus, ...]:
    return tuple(found)


def _outlook(seen: Seen) -> Outlook | None:
    return seen


FIGURES = {
    "cost": cost,
    "hours": total_hours,
    "billable": billable_ratio,
    "error_rate": error_rate,
    "runs": runs,
    "failed_runs": failed_runs,
    "mail": mail_sent,
    "delivered": mail_rates[0],
}
PARTS: tuple[Part, ...] = (_mover, _categories, _budgets, _outlook, *FIGURES.values())
"""What the facts need."""


def facts(met: Met) -> Facts:
    """Collect the facts; each figure is the one that the pages show."""
    return Facts(
        categories=met.of(_categories),
        mover=met.of(_mover),
        budgets=met.of(_budgets),
        outlook=met.of(_outlook),
        selection=met.request.selection,
        **{name: met.of(figure) for name, figure in FIGURES.items()},
    )


def sentences_of(seen: Facts) -> tuple[str, ...]:
    """Return the sentence of each rule that has one."""
    said = tuple(clean(words) for rule in RULES if (words := rule.say(seen)))
    return said or (NOTHING,)


def moved(figure: Figure, *, exact: bool = True) -> str:
    """Write a figure's change: `up 8.8% from $13,959.84 (8 Nov 2026)`; empty if unknown."""
    delta = figure.delta
    if delta is None or figure.before is None:
        return ""
    write = figure.metric.exact if exact else figure.metric.short
    before = f"{write(figure.before)} ({figure.versus.removeprefix('vs ')})"
    words = str(delta)
    if not delta:
        return f"unchanged from {before}"
    if words[0] in "+-":
        return f"{'up' if words[0] == '+' else 'down'} {words[1:]} from {before}"
    return f"{words} that of {before}"


def spend(seen: Facts) -> str:
    """Say what was spent, its change, and the largest category, if the cost is known."""
    if seen.cost.value is None:
        return ""
    parts = [f"Cost was {COST.exact(seen.cost.value)}", moved(seen.cost), _largest(seen.categories)]
    return f"{', '.join(filter(None, parts))}."


def _largest(categories: pd.DataFrame) -> str:
    """Name the category with the highest cost, if there are several."""
    known = categories.dropna(subset="cost") if "cost" in categories else categories
    total = known["cost"].sum() if len(known) > 1 else 0
    if not total > 0:
        return ""
    top = known[known["cost"] == known["cost"].max()].iloc[0]
    share = top["cost"] / total
    return f"{'mostly' if share >= MOSTLY else 'most of it'} {top['category']} ({percent(share)})"


def mover(seen: Facts) -> str:
    """Name the project whose cost changed most and the main cause, if any cost changed."""
    found = seen.mover
    if found is None:
        return ""
    amount = COST.exact(abs(found.change))
    if found.before is None:
        how = f"{amount} after no cost before"
    elif found.now is None:
        how = f"no cost after {amount} before"
    else:
        share = f" ({percent(abs(found.change) / found.before)})" if found.before > 0 else ""
        how = f"{'up' if found.change > 0 else 'down'} {amount}{share}"
    sign = "+" if found.of_cause > 0 else ""
    why = f", mainly {found.cause} ({sign}{COST.exact(found.of_cause)})" if found.cause else ""
    return f"The largest change by project is {found.name}: {how}{why}."


def limits(seen: Facts) -> str:
    """Say which budgets are over or at risk, and the forecast of the month."""
    parts = [part for part in (_of_budgets(seen), _ahead(seen.outlook)) if part]
    return f"Today, {'; '.join(parts)}." if parts else ""


def _of_budgets(seen: Facts) -> str:
    """Count the budgets over and at risk, of those that can be assessed; empty without any."""
    known = [one for one in seen.budgets if one.status not in ("unknown", "none")]
    if not known:
        return ""
    over = [one for one in known if one.status == "over"]
    risky = [one for one in known if one.status == "at risk"]
    of = f"of {counted(len(known), 'budget')}"
    whole = f" (for {seen.selection.everyone})" if seen.selection.narrowed else ""
    if not over and not risky:
        return f"none {of} is over or at risk{whole}"
    groups = [_group(over, "over"), _group(risky, "at risk")]
    return f"{of}, {enumerated([group for group in groups if group])}{whole}"


def _group(budgets: list[BudgetStatus], status: str) -> str:
    """Count the budgets with a status, and name the first: `1 is over (AI, 120%)`."""
    if not budgets:
        return ""
    named = [
        f"{shortened(one.budget.name, LONGEST_NAME)} {percent_of(one.used, one.thresholds.steps)}"
        for one in budgets[:MOST_NAMED]
        if one.used is not None
    ]
    rest = len(budgets) - len(named)
    more = [counted(rest, "other")] if rest and named else []
    names = f" ({', '.join([*named, *more])})" if named else ""
    return f"{len(budgets)} {'is' if len(budgets) == 1 else 'are'} {status}{names}"


def _ahead(outlook: Outlook | None) -> str:
    """Say how the current month will end: the forecast, otherwise the run rate."""
    if outlook is None:
        return ""
    end, month = outlook.month, f"{outlook.today:%B}"
    if end.forecast is not None:
        reach = f" ({words})" if (words := band(end, COST)) else ""
        return f"{month} is forecast to cost {COST.short(end.forecast)}{reach}"
    if end.run_rate is not None:
        return f"{month} will cost {COST.short(end.run_rate)} at the current run rate"
    return ""


def hours(seen: Facts) -> str:
    """Say how many hours were logged and their billable ratio, if any were or had been."""
    if seen.hours.value is None or not (seen.hours.value or seen.hours.before):
        return ""
    parts = [f"{seen.hours.metric.exact(seen.hours.value)} were logged", moved(seen.hours)]
    words = ", ".join(filter(None, parts))
    if seen.billable.value is None:
        return f"{words}."
    ratio = f"{seen.billable.metric.exact(seen.billable.value)} of the classified hours"
    change = moved(seen.billable)
    return f"{words}; {ratio} are billable{f', {change}' if change else ''}."


def systems(seen: Facts) -> str:
    """Say how many requests and runs failed and how much mail arrived, of what is recorded."""
    parts = [_errors(seen), _failed(seen), _mail(seen)]
    known = [part for part in parts if part]
    if not known:
        return ""
    words = enumerated(known)
    return f"{words[:1].upper()}{words[1:]}."


def _errors(seen: Facts) -> str:
    rate = seen.error_rate
    return (
        "" if rate.value is None else f"{rate.metric.exact(rate.value)} of Worker requests failed"
    )


def _failed(seen: Facts) -> str:
    failed, every = seen.failed_runs.value, seen.runs.value
    if failed is None or not every:
        return ""
    return f"{failed:,.0f} of {counted(every, 'workflow run')} failed"


def _mail(seen: Facts) -> str:
    sent, delivered = seen.mail.value, seen.delivered
    if not sent:
        return ""
    if delivered.value is None:
        return f"{counted(sent, 'message')} {'was' if sent == 1 else 'were'} sent"
    return f"{delivered.metric.exact(delivered.value)} of {counted(sent, 'message')} were delivered"


@dataclass(frozen=True)
class Rule:
    """A rule: its condition in words, and a function that makes its sentence.

    The function returns an empty text if the condition isn't met.
    """

    condition: str
    say: Callable[[Facts], str]


RULES: tuple[Rule, ...] = (
    Rule("The cost of the period is known.", spend),
    Rule("The cost of a project changed by a cent or more since the comparison period.", mover),
    Rule("A budget can be assessed today, or the month can be projected.", limits),
    Rule("Hours were logged in the period or in the comparison period.", hours),
    Rule("Requests, workflow runs or messages with a known outcome are recorded.", systems),
)
"""All rules, in the order of their sentences."""
