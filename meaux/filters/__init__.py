"""What the reader has chosen to look at: a period in a time zone, and which rows."""

from meaux.filters.comparison import COMPARISONS, Comparison
from meaux.filters.period import PRESETS, Period, month_to_date, preset
from meaux.filters.selection import GRAINS, Selection
from meaux.filters.zone import Offset, bounds, offsets

__all__ = [
    "COMPARISONS",
    "GRAINS",
    "PRESETS",
    "Comparison",
    "Offset",
    "Period",
    "Selection",
    "bounds",
    "month_to_date",
    "offsets",
    "preset",
]
