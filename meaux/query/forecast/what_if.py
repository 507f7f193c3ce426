"""What if: a forecast with changed days from tomorrow on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from meaux.query.forecast.ahead import OF_DAY, OF_TOTAL, Forecast


def what_if(
    forecast: Forecast, today: date, change: float = 0.0, once: float = 0.0, on: date | None = None
) -> Forecast:
    """Change every day after today by a ratio, and add an amount on one day.

    `change` is -0.2 for a fifth less; `once` is in dollars, on the day `on`, otherwise tomorrow.
    Today stays as it is: it is nearly over. The ranges move with their days.
    """
    ahead = forecast.ahead.copy()
    if ahead.empty:
        return forecast
    later = ahead["day"] > pd.Timestamp(today)
    moved = [*OF_DAY, *OF_TOTAL]
    ahead.loc[later, moved] = ahead.loc[later, moved] * (1 + change)
    chosen = pd.Timestamp(on) if on else pd.Timestamp(today) + pd.Timedelta(days=1)
    ahead.loc[ahead["day"] == chosen, list(OF_DAY)] += once
    return replace(forecast, ahead=ahead)
