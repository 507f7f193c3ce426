"""Filters: a period in a time zone, and the selected rows."""

from meaux.query.filters.comparison import COMPARISONS, Comparison
from meaux.query.filters.period import PRESETS, Period, month_to_date, preset
from meaux.query.filters.reading import option_of, period_of
from meaux.query.filters.selection import GRAINS, Selection
from meaux.query.filters.zone import Offset, bounds, offsets

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
    "option_of",
    "period_of",
    "preset",
]
