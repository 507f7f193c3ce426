"""Reported totals as cards: beside the ledger, and by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import pandas as pd

from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection, preset
from meaux.query.needs import later
from meaux.query.queries import Query
from meaux.subjects.card import Sentence, Table, Unfolded, card
from meaux.subjects.money import frames as costs
from meaux.subjects.money import reconciliation
from meaux.subjects.money.ledger import Ledger
from meaux.wording import sentences

LIFETIME = "Lifetime reconciliation (loads all entries when opened)"
NO_LIFETIME = "No project cost in the ledger or in reports."
WHOLE_COMPANY = "Reported totals cover the whole company."
NARROWED = (
    f"{WHOLE_COMPANY} Clear the team, project and person filters to compare them with the ledger."
)


@card
def reported(
    by_day: costs.ByDay, reports: reconciliation.ReportedByDay, selection: Selection
) -> Sentence | None:
    """Compare the ledger with the reported daily spend in one sentence, for the whole company."""
    words = reconciliation.sentence(_reconciled(by_day, [reports], selection))
    return Sentence(words) if words else None


def _reconciled(by_day: Answer, reports: Sequence[Answer], selection: Selection) -> pd.DataFrame:
    """Compare the ledger with these reports; nothing if filters narrow the ledger."""
    ledger = costs.total_by_day(by_day.frame, selection.period)
    comparable = [] if selection.narrowed else reports
    return reconciliation.reconciled(ledger, selection.period, comparable)


@card
def reconciled(by_day: costs.ByDay, reports: reconciliation.Reports, selection: Selection) -> Table:
    """Compare the ledger with reported totals."""
    answers = [reports.by_day, reports.by_week, reports.by_month, reports.by_project]
    table = _reconciled(by_day, answers, selection)
    return Table(
        "Reconciliation",
        replace(by_day.with_frame(table), selection=selection),
        about="Reported spend vs the ledger (all cost entries that the dashboard adds up) for the "
        "same days. Weeks and months count only if they lie fully within the period.",
        empty=NARROWED if selection.narrowed else "No reported totals for this period.",
    )


@card
def lifetime(
    lines: Annotated[Query, later(queries.cost_by_project)],
    reports: Annotated[Query, later(queries.reported_by_project)],
    selection: Selection,
) -> Unfolded:
    """Compare the ledger with `project_costs` over each project's lifetime, once opened."""
    over = selection.over(preset("all", selection.today))
    whole = replace(over, people=(), categories=(), services=())
    asks = {"ledger": Ask(lines, whole), "reported": Ask(reports, whole)}
    return Unfolded(LIFETIME, "lifetime", "balance", asks, lambda found: _lifetime(**found))


def _lifetime(ledger: Answer, reported: Answer) -> Table:
    base = ledger if reported.answered else reported
    table = reconciliation.lifetime(ledger.frame, reported.frame)
    return Table(
        "Lifetime reconciliation",
        base.with_frame(table),
        about="Lifetime cost by project: reported in project_costs vs all ledger entries, "
        "regardless of the person filter. Difference = ledger \N{MINUS SIGN} reported.",
        note=sentences(
            reconciliation.of_reported(table, reported),
            reconciliation.unreported(reported),
            Ledger(ledger).note,
        ),
        empty=NO_LIFETIME,
    )


@card
def weekly_reports(reports: reconciliation.WeeklyReports, selection: Selection) -> Table:
    """List the reported cost of each week."""
    return Table(
        "Weekly spend reports",
        reports.if_empty(reconciliation.unreported(reports)).with_values_in("cost"),
        about="Reported cost of each week that starts in the period.",
        note=selection.regardless("Reported totals cover"),
    )
