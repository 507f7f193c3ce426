"""What the reader has chosen to look at: a period in a time zone, and which rows."""

from meaux.filters.period import PRESETS, Period, month_to_date, preset, same_days_last_month
from meaux.filters.selection import COMPARISONS, GRAINS, Selection
from meaux.filters.zone import Offset, bounds, offsets

__all__ = [
    "COMPARISONS",
    "GRAINS",
    "PRESETS",
    "Offset",
    "Period",
    "Selection",
    "bounds",
    "month_to_date",
    "offsets",
    "preset",
    "same_days_last_month",
]
