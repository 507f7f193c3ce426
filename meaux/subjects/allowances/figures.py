"""Figures of allowances: the cost of usage beyond what the plans include."""

from __future__ import annotations

from meaux.data.plan import Plan
from meaux.query.filters import Selection
from meaux.subjects.allowances.resources import AS_OF, R2_STORAGE
from meaux.subjects.figure import Reading, Unknown, figure
from meaux.subjects.storage import frames as storage
from meaux.subjects.storage.figures import NO_LEVEL
from meaux.subjects.storage.frames import Levels, Peaks
from meaux.subjects.storage.metrics import STORAGE_COST
from meaux.wording import day_of


@figure(STORAGE_COST)
def storage_cost(peaks: Peaks, levels: Levels, plan: Plan, selection: Selection) -> Reading:
    """Estimate the storage cost of a month with this period's usage."""
    used = storage.gb_month(levels.frame, peaks.frame, selection, "bucket")
    if used is None:
        return Unknown(note=NO_LEVEL)
    return Reading(
        R2_STORAGE.extra_cost(used, plan),
        note=f"Estimate: {R2_STORAGE.allowed(plan):g} GB included, then ${R2_STORAGE.price} per "
        f"GB-month; list price as of {day_of(AS_OF)}.",
    )
