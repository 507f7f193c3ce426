"""Forecast: usual costs, unusual days, recurring costs and the days ahead."""

from meaux.query.forecast.ahead import HORIZON, LONGEST_REACH, Accuracy, Forecast, forecast
from meaux.query.forecast.complete import (
    RUN_RATE_NEEDS,
    SPAN_OF,
    burn,
    run_rate,
)
from meaux.query.forecast.period_end import PeriodEnd, month_end, period_end, quarter_end
from meaux.query.forecast.recurring import Lines, Recurring, due_by_day, included, recurring
from meaux.query.forecast.unusual import (
    DAYS_COMPARED,
    FARTHEST_USUAL,
    FEWEST_DAYS,
    MAD_TO_DEVIATION,
    SHARE_OF_WHOLE,
    TIMES_FARTHER,
    WEEKS_COMPARED,
    judge,
    judge_within,
)
from meaux.query.forecast.what_if import what_if

__all__ = [
    "DAYS_COMPARED",
    "FARTHEST_USUAL",
    "FEWEST_DAYS",
    "HORIZON",
    "LONGEST_REACH",
    "MAD_TO_DEVIATION",
    "RUN_RATE_NEEDS",
    "SHARE_OF_WHOLE",
    "SPAN_OF",
    "TIMES_FARTHER",
    "WEEKS_COMPARED",
    "Accuracy",
    "Forecast",
    "Lines",
    "PeriodEnd",
    "Recurring",
    "burn",
    "due_by_day",
    "forecast",
    "included",
    "judge",
    "judge_within",
    "month_end",
    "period_end",
    "quarter_end",
    "recurring",
    "run_rate",
    "what_if",
]
