"""Figures of allowances: what goes beyond what the plans include."""

from __future__ import annotations

from meaux.data.plan import Plan
from meaux.query.filters import Selection
from meaux.subjects.allowances import frames as allowances
from meaux.subjects.figure import Reading, Unknown, figure
from meaux.subjects.storage import frames as storage
from meaux.subjects.storage.figures import NO_LEVEL
from meaux.subjects.storage.frames import Levels, Peaks
from meaux.subjects.storage.metrics import STORAGE_COST
from meaux.wording import day_of


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
        f"list price of {day_of(allowances.AS_OF)}.",
    )
