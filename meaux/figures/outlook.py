"""Outlook: how fast money is spent, and where the month and the quarter may end."""

from __future__ import annotations

from meaux.figures.figure import Figure
from meaux.forecast import RUN_RATE_NEEDS, PeriodEnd
from meaux.metrics import Metric
from meaux.metrics.costs import (
    DAILY_BURN,
    MONTH_END,
    MONTH_END_IF,
    QUARTER_END,
    QUARTER_END_IF,
)
from meaux.outlook import Outlook

NEEDS_DAYS = f"It needs {RUN_RATE_NEEDS} complete days."


def daily_burn(seen: Outlook | None) -> Figure:
    """The mean of the last 7 complete days, with that of 30 beside it."""
    week, month = (seen.burn(days) for days in (7, 30)) if seen else (None, None)
    note = f"{DAILY_BURN.short(month)} over 30 days." if month is not None else ""
    origin = seen.origin if seen else ""
    return Figure(DAILY_BURN, week, note=note if week is not None else NEEDS_DAYS, origin=origin)


def month_end(seen: Outlook | None) -> Figure:
    """What the month may come to: the forecast with its band, else the run rate."""
    return _period_end(MONTH_END, seen.month, seen.origin) if seen else _nothing(MONTH_END)


def quarter_end(seen: Outlook | None) -> Figure:
    """What the quarter may come to: the forecast with its band, else the run rate."""
    return _period_end(QUARTER_END, seen.quarter, seen.origin) if seen else _nothing(QUARTER_END)


def _nothing(metric: Metric) -> Figure:
    return Figure(metric, None, note="Nothing was spent in the last weeks.")


def _period_end(metric: Metric, end: PeriodEnd, origin: str) -> Figure:
    if end.forecast is None:
        note = end.no_run_rate or "By the run rate."
        return Figure(metric, end.run_rate, note=note, origin=origin)
    band = f"{metric.short(end.low80)} to {metric.short(end.high80)} in 4 of 5 cases"
    rate = f"; by the run rate {metric.short(end.run_rate)}" if end.run_rate is not None else ""
    return Figure(metric, end.forecast, note=f"{band}{rate}.", origin=origin)


def month_end_if(seen: Outlook | None, changed: Outlook | None) -> Figure:
    """What the month may come to in a scenario, beside the forecast without it."""
    ends = (seen.month, changed.month) if seen and changed else (None, None)
    return _scenario(MONTH_END_IF, *ends)


def quarter_end_if(seen: Outlook | None, changed: Outlook | None) -> Figure:
    """What the quarter may come to in a scenario, beside the forecast without it."""
    ends = (seen.quarter, changed.quarter) if seen and changed else (None, None)
    return _scenario(QUARTER_END_IF, *ends)


def _scenario(metric: Metric, plain: PeriodEnd | None, changed: PeriodEnd | None) -> Figure:
    if plain is None or changed is None:
        return _nothing(metric)
    if changed.forecast is None or plain.forecast is None:
        return Figure(metric, None, note=changed.no_forecast)
    moved = changed.forecast - plain.forecast
    note = f"{'+' if moved > 0 else ''}{metric.exact(moved)}." if moved else "Nothing is changed."
    return Figure(metric, changed.forecast, plain.forecast, "vs the forecast", note=note)
