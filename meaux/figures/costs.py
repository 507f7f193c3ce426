"""Costs: what is spent, how fast, and of which budgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from meaux import costs, series
from meaux.answers import Rows
from meaux.budgets import Standing
from meaux.categories import SOURCES
from meaux.figures.bag import beside, known, missing, unanswered
from meaux.figures.figure import Figure
from meaux.filters import Period, Selection, month_to_date
from meaux.filters.period import last_month
from meaux.metrics.costs import BUDGETS_IN_DANGER, COST, COST_THIS_MONTH
from meaux.wording import sentences

NO_COST = "No cost was recorded."
NONE_HOLDS = "No budget has a status today."
UNJUDGED = ("unknown", "none")
NOTHING_KNOWN = "What was spent of the budgets is not known."


def cost(rows: Rows, selection: Selection) -> Figure:
    """What the period cost, against the compared one.

    Made of `cost_by_day` and `cost_by_day_before`; of the former alone where that reaches back to
    the compared period. `other_currencies` say what is left out, where they are asked.
    """
    answer = rows.cost_by_day
    if unanswered(answer):
        return missing(COST, answer)
    spent = _spent(answer.frame, selection.period)
    abroad = costs.abroad(getattr(rows, "other_currencies", None))
    note = sentences(costs.note(answer, selection.period), abroad)
    figure = Figure(
        COST,
        spent,
        trend=_trend(answer.frame, selection.period),
        note=note or (NO_COST if spent is None else ""),
        origin=costs.origin(answer),
    )
    before = getattr(rows, "cost_by_day_before", None)
    then = before.frame if known(before) else answer.frame
    return _compared(figure, rows, selection, answer.frame, then)


def cost_this_month(rows: Rows, selection: Selection) -> Figure:
    """Cost from the first of the month to today; its days that are over against the last month's.

    Made of `cost_recent`.
    """
    by_day = rows.cost_recent
    if unanswered(by_day):
        return missing(COST_THIS_MONTH, by_day)
    this = month_to_date(selection.today)
    spent = _spent(by_day.frame, this)
    whole = last_month(selection.today)
    last = _spent(by_day.frame, whole)
    note = f"{whole.start:%B} in all: {COST_THIS_MONTH.short(last)}." if last is not None else ""
    figure = Figure(
        COST_THIS_MONTH,
        spent,
        trend=_trend(by_day.frame, this),
        note=sentences(note, costs.note(by_day, this)) or (NO_COST if spent is None else ""),
        origin=costs.origin(by_day),
    )
    month = replace(selection, period=this, compare="previous")
    return _compared(figure, rows, month, by_day.frame, by_day.frame)


def _compared(
    figure: Figure, rows: Rows, selection: Selection, now: pd.DataFrame, then: pd.DataFrame
) -> Figure:
    """The figure beside the compared days, of costs by day that reach as far or farther."""
    found = selection.comparison
    spent, before = (_spent(now, found.now), _spent(then, found.then)) if found else (None, None)
    return beside(figure, rows, selection, SOURCES, spent, before)


def _spent(frame: pd.DataFrame, period: Period) -> float | None:
    """What a period cost; None where no line of it has a price."""
    total = series.within(frame, period)["cost"].sum(min_count=1)
    return None if pd.isna(total) else float(total)


def _trend(frame: pd.DataFrame, period: Period) -> tuple[float, ...]:
    """The cost of every day; nothing where no line of the period has a price."""
    if _spent(frame, period) is None:
        return ()
    return tuple(costs.total_by_day(frame, period)["cost"])


def budgets_in_danger(found: Sequence[Standing], gaps: str = "") -> Figure:
    """How many budgets are over or at risk, of how many that are known.

    `gaps` says which budgets can't be read or used.
    """
    known = [standing for standing in found if standing.status not in UNJUDGED]
    if not known:
        unknown = any(standing.status == "unknown" for standing in found)
        rest = NONE_HOLDS if found else gaps or "No budget is set."
        note = NOTHING_KNOWN if unknown else rest
        return Figure(BUDGETS_IN_DANGER, None, note=note)
    danger = sum(standing.status in ("over", "at risk") for standing in known)
    counted = f"Of {len(known)} budget{'s' * (len(known) != 1)}."
    return Figure(BUDGETS_IN_DANGER, float(danger), note=f"{counted} {gaps}".strip())
