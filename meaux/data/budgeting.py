"""Budgeting: the budgets in `.streamlit/meaux.toml`, one per `[[budgets]]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, get_args

from meaux.data import categories
from meaux.data.declared import key, keys
from meaux.data.entries import UnusableError, read_all, read_keys
from meaux.data.faults import Fault
from meaux.data.readers import day, one_of, positive, text

Scope = Literal["total", "category", "project", "team", "model", "person"]
Span = Literal["week", "month", "quarter", "year"]

TABLE = "budgets"
SCOPES: tuple[Scope, ...] = get_args(Scope)
SPANS: tuple[Span, ...] = get_args(Span)

LEFT_OUT = "This budget is ignored until corrected."


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
class WrittenBudget:
    """A budget as written in the file."""

    name: str = key("", text, "Name of the budget; must be unique.")
    monthly: float | None = key(None, positive, "Amount per month, in USD.")
    amount: float | None = key(
        None, positive, "Amount per `period`, in USD; use it instead of `monthly`."
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
    first_day: date | None = key(None, day, "First day the budget applies.")
    last_day: date | None = key(None, day, "Last day the budget applies.")


KEYS = keys(WrittenBudget)
"""What a budget may contain, by name."""


def read_budgets(given: Mapping[str, Any], file: str) -> tuple[tuple[Budget, ...], list[Fault]]:
    """Read `[[budgets]]` of a parsed file; return the valid budgets, and the mistakes."""
    return read_all(given, TABLE, partial(_budget, file), file, LEFT_OUT)


def _budget(file: str, given: Mapping[str, Any]) -> Budget:
    written = WrittenBudget(**read_keys(given, KEYS))
    if not written.scope:
        raise UnusableError("scope is missing")
    of = _of(written.scope, written.of)
    span, amount = _amount(written)
    first, last = written.first_day, written.last_day
    if first and last and last < first:
        raise UnusableError(f"last day {last} is before first day {first}")
    return Budget(written.name, written.scope, of, amount, file, span, first, last)


def _amount(written: WrittenBudget) -> tuple[Span, float]:
    """Return the period and amount of a budget."""
    span = written.period or "month"
    if written.monthly and written.amount:
        raise UnusableError("monthly and amount are both set; keep one")
    if written.monthly and span != "month":
        raise UnusableError(f"use amount instead of monthly for the period {span}", "period")
    if not (amount := written.monthly or written.amount):
        raise UnusableError("set monthly, or amount and period")
    return span, amount


def _of(scope: Scope, of: str) -> str:
    """Return what the budget covers; a category in the spelling of the ledger."""
    if scope == "total" and of:
        raise UnusableError("remove `of`: the scope total has none")
    if scope != "total" and not of:
        raise UnusableError(f"of is missing; name the {scope}")
    if scope != "category":
        return of
    try:
        return one_of(categories.NAMES)(of)
    except ValueError as error:
        raise UnusableError(str(error), "of") from None
