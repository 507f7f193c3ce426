"""Period end: what this month, or this quarter, will have come to when it is over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from meaux.query.filters import Period
from meaux.query.filters.period import DAY
from meaux.query.forecast.ahead import Forecast
from meaux.query.forecast.complete import NEEDS, SPAN_OF, known_in, run_rate
from meaux.query.forecast.recurring import Lines, included, paid_in


@dataclass(frozen=True)
class PeriodEnd:
    """What a period has come to so far, today included, and what it may come to.

    `low80` and `high80` hold the total in 4 of 5 cases; they are None where the past never
    differed from the fit. Another number that can't be told is None, too; `no_run_rate` and
    `no_forecast` then say why. `included` names the recurring lines of the period.
    """

    period: Period
    actual: float | None
    run_rate: float | None
    forecast: float | None
    low80: float | None
    high80: float | None
    no_run_rate: str = ""
    no_forecast: str = ""
    included: str = ""


def month_end(daily: pd.DataFrame, value: str, today: date, forecast: Forecast) -> PeriodEnd:
    """What this month will have come to; see `period_end`."""
    return period_end(daily, value, today, forecast, SPAN_OF["month"](today))


def quarter_end(daily: pd.DataFrame, value: str, today: date, forecast: Forecast) -> PeriodEnd:
    """What this quarter will have come to; see `period_end`."""
    return period_end(daily, value, today, forecast, SPAN_OF["quarter"](today))


def period_end(
    daily: pd.DataFrame, value: str, today: date, forecast: Forecast, period: Period
) -> PeriodEnd:
    """What a running period will have come to, by its run rate and by the forecast.

    Forecast = actual so far, today's part included + the forecast of the days after today +
    what today still lacks of its own forecast, max(0, forecast - actual): a dollar of today is
    never counted twice, and a day that is above its forecast already stays as it is. What was
    paid today of recurring lines is no part of that day's forecast. The band is that of the total
    from today on, moved by today's actual in the same way; it never falls below what is spent
    already, where no day was ever negative.
    """
    lines = forecast.recurring
    known = known_in(daily, value, Period(period.start, today + DAY))
    actual = float(known.sum()) if len(known) else None
    projected = run_rate(daily, value, today, period, lines)
    without = "" if projected is not None else NEEDS
    if actual is None or forecast.method is None:
        why = forecast.sentence if actual is not None else "nothing is known of this period"
        return PeriodEnd(period, actual, projected, None, None, None, without, why)
    total, low, high = _span(actual, _today(known, today, lines), forecast, period)
    said = included(lines, period, today)
    return PeriodEnd(period, actual, projected, total, low, high, without, "", said)


def _today(known: pd.Series, today: date, lines: Lines) -> float:
    """What is known of today so far, but for recurring lines; 0 where nothing is."""
    paid = paid_in(lines, Period(today, today + DAY))
    return float(known.get(pd.Timestamp(today), 0.0)) - paid


def _span(
    actual: float, today: float, forecast: Forecast, period: Period
) -> tuple[float, float | None, float | None]:
    """The forecast of the whole period, and the ends of its 80% band where there is one."""
    ahead = forecast.ahead[forecast.ahead["day"] < pd.Timestamp(period.end)]
    lacking = max(0.0, float(ahead["value"].iloc[0]) - today)
    left = lacking + float(ahead["value"].iloc[1:].sum())
    below, above = (float(ahead[edge].iloc[-1]) for edge in ("below80", "above80"))
    if math.isnan(below):
        return actual + left, None, None
    low = max(0.0, left - below) if forecast.never_negative else left - below
    return actual + left, actual + low, actual + left + above
