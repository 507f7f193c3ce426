"""Period end: the projected total of this month or quarter."""

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
    """A period's total so far, today included, and its projections.

    `low80` and `high80` are the 80% range of the total; they are None if the past never differed
    from the fit. Other unknown numbers are None too; `no_run_rate` and `no_forecast` then say why.
    `included` names the recurring costs of the period.
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
    """Project this month's total; see `period_end`."""
    return period_end(daily, value, today, forecast, SPAN_OF["month"](today))


def quarter_end(daily: pd.DataFrame, value: str, today: date, forecast: Forecast) -> PeriodEnd:
    """Project this quarter's total; see `period_end`."""
    return period_end(daily, value, today, forecast, SPAN_OF["quarter"](today))


def period_end(
    daily: pd.DataFrame, value: str, today: date, forecast: Forecast, period: Period
) -> PeriodEnd:
    """Project the total of a running period, by its run rate and by the forecast.

    Forecast = actual so far, today included + the forecast of the days after today + the rest of
    today's forecast, max(0, forecast - actual). So nothing of today counts twice, and a day above
    its forecast stays as it is. Recurring costs paid today aren't part of today's forecast. The
    range is that of the total from today on, moved by today's actual in the same way; it never
    falls below the actual if no day was ever negative.
    """
    lines = forecast.recurring
    known = known_in(daily, value, Period(period.start, today + DAY))
    actual = float(known.sum()) if len(known) else None
    projected = run_rate(daily, value, today, period, lines)
    without = "" if projected is not None else NEEDS
    if actual is None or forecast.method is None:
        why = forecast.sentence if actual is not None else "no cost recorded in this period"
        return PeriodEnd(period, actual, projected, None, None, None, without, why)
    total, low, high = _span(actual, _today(known, today, lines), forecast, period)
    said = included(lines, period, today)
    return PeriodEnd(period, actual, projected, total, low, high, without, "", said)


def _today(known: pd.Series, today: date, lines: Lines) -> float:
    """Return today's known value so far, without recurring costs; 0 if it is unknown."""
    paid = paid_in(lines, Period(today, today + DAY))
    return float(known.get(pd.Timestamp(today), 0.0)) - paid


def _span(
    actual: float, today: float, forecast: Forecast, period: Period
) -> tuple[float, float | None, float | None]:
    """Return the forecast of the whole period, and its 80% range, if there is one."""
    ahead = forecast.ahead[forecast.ahead["day"] < pd.Timestamp(period.end)]
    lacking = max(0.0, float(ahead["value"].iloc[0]) - today)
    left = lacking + float(ahead["value"].iloc[1:].sum())
    below, above = (float(ahead[edge].iloc[-1]) for edge in ("below80", "above80"))
    if math.isnan(below):
        return actual + left, None, None
    low = max(0.0, left - below) if forecast.never_negative else left - below
    return actual + left, actual + low, actual + left + above
