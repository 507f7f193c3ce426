"""Budgets as cards: their status, and why some are over."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from meaux import charts
from meaux.data.plan import Plan
from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import later
from meaux.query.queries import Query
from meaux.subjects.card import Chart, Table, Unfolded, card
from meaux.subjects.money import budget_status
from meaux.subjects.money.metrics import COST
from meaux.subjects.money.spent import AIBudgets, Company
from meaux.wording import sentences

NO_BUDGET = "No budgets set. Add one in .streamlit/meaux.toml (see .streamlit/meaux.example.toml)."
NONE_USABLE = "No valid budgets."
EACH_ITS_OWN = "Each budget covers its own period."
OVER = "Why budgets are over (loads their entries when opened)"


@card
def status(  # noqa: PLR0913, PLR0917  a chart and a table of budgets need all of these
    company: Company,
    found: budget_status.Statuses,
    of_ai: AIBudgets,
    unused: budget_status.Unused,
    left_out: budget_status.LeftOut,
    plan: Plan,
    selection: Selection,
) -> tuple[Chart, Table]:
    """Show every budget beside the spend in its period, and the details as a table."""
    shown = company.with_frame(budget_status.frame(found))
    limits = plan.thresholds.words
    empty = NONE_USABLE if unused else NO_BUDGET
    everything = selection.regardless("Budgets cover")
    chart = Chart(
        "Budget vs actual",
        shown,
        partial(charts.budgets, thresholds=plan.thresholds),
        COST,
        about="Spend in each budget's current period as % of the budget, regardless of filters. "
        "\N{WHITE DIAMOND} = projection for the end of the period. "
        f"Watch: from {limits['watch']} if over pace. "
        f"At risk: from {limits['at_risk']}, or if the forecast reaches {limits['over']}. "
        f"Over: from {limits['over']}.",
        note=sentences(
            everything,
            budget_status.gaps(of_ai),
            *(fault.sentence for fault in unused),
            budget_status.unmet(found),
        ),
        empty=empty,
        covers=EACH_ITS_OWN,
    )
    table = Table(
        "Budget details",
        shown,
        about="Used = actual \N{DIVISION SIGN} budget. Pace = used \N{MINUS SIGN} share of the "
        "period elapsed, in percentage points. Projected spend = expected spend in the whole "
        "period: from the forecast, or for a budget of one project or team from the run rate "
        "(mean of the period's complete days). The column “Projected by” says which. Days before "
        "the budget's first day or after its last day don't count.",
        note=sentences(everything, left_out),
        empty=empty,
        covers=EACH_ITS_OWN,
    )
    return chart, table


@card
def over(
    found: budget_status.Statuses, lines: Annotated[Query, later(queries.dearest_lines)]
) -> Unfolded | None:
    """Show why budgets are over: their days and, once opened, their items of highest cost."""
    asks = budget_status.dearest_asks(found, lines)

    def told(answers: Mapping[str, Answer]) -> Table:
        return Table(
            "Why budgets are over",
            next(iter(answers.values())).with_frame(budget_status.dearest(answers, found)),
            about="For each budget that is over: since when, and the days and items that cost most "
            "in its period. An item is one service or model for one project and person. "
            "Share of actual = cost \N{DIVISION SIGN} actual.",
        )

    return Unfolded(OVER, "over", "search", asks, told) if asks else None
