"""Projects: those in which nothing happens."""

from __future__ import annotations

from meaux.cards.card import Table, card
from meaux.plan import Plan
from meaux.projects import Stale, quiet_days
from meaux.wording import counted


@card
def stale(quiet: Stale, plan: Plan) -> Table:
    """Projects under way without activity lately."""
    days = counted(quiet_days(plan), "day")
    return Table(
        "Stale projects",
        quiet,
        about=f"Projects under way in which nothing happened for {days}.",
        note=plan.said("thresholds.stale_project_days"),
        empty="Something happened lately in every project that is under way.",
    )
