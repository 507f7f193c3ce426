"""Figures of allowances: what goes beyond what the plans include."""

from __future__ import annotations

from meaux import allowances, storage
from meaux.figures.figure import Reading, Unknown, figure
from meaux.figures.resources import NO_LEVEL
from meaux.filters import Selection
from meaux.metrics.resources import STORAGE_COST
from meaux.plan import Plan
from meaux.storage import Levels, Peaks


@figure(STORAGE_COST)
def storage_cost(peaks: Peaks, levels: Levels, plan: Plan, selection: Selection) -> Reading:
    """An estimate of what a month like this period's costs."""
    used = storage.gb_month(levels.frame, peaks.frame, selection, "bucket")
    if used is None:
        return Unknown(note=NO_LEVEL)
    listed = allowances.R2_STORAGE
    return Reading(
        listed.extra_cost(used, plan),
        note=f"Estimate: beyond {listed.allowed(plan):g} GB included, ${listed.price} a GB-month; "
        f"list price of {allowances.AS_OF:%-d %b %Y}.",
    )
