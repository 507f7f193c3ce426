"""Anomalies: the unusual days, and their causes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from meaux.query import forecast, series
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.forecast import Lines
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger
from meaux.wording import money

COLUMNS = ["day", "cost", "usual", "text", "cause"]


def with_causes(
    ledger: Ledger, selection: Selection, floor: float, recurring: Lines = ()
) -> Answer:
    """Return the unusual days of the period, latest first; the columns are `COLUMNS`.

    `ledger` covers the period. `cause` names the category whose cost differs most from its usual
    cost on that weekday: the median of its last 8 values.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        whole = selection.period.reaching_back(forecast.WEEKS_COMPARED * 7)
        daily = series.daily(
            series.within(frame, whole), whole, "cost", "category", ledger.fed
        ).pivot_table(index="day", columns="category", values="cost", observed=False)
        found = costs.anomalies(frame, selection, floor, recurring)
        named = found.assign(cause=[_cause(daily, day) for day in found["day"]])
        return named[COLUMNS].sort_values("day", ascending=False, ignore_index=True)

    return replace(ledger.explain(ledger.answer).map(shape), selection=selection)


def _cause(daily: pd.DataFrame, day: pd.Timestamp) -> str:
    """Name the category that differs most from the usual on a day."""
    weeks = pd.DatetimeIndex(
        [day - pd.Timedelta(weeks=n) for n in range(1, forecast.WEEKS_COMPARED + 1)]
    )
    moved = daily.loc[day] - daily.reindex(weeks).median()
    if moved.dropna().empty:
        return ""
    category = str(moved.abs().idxmax())
    amount = float(moved.to_dict()[category])
    return f"{category}: {money(abs(amount))} {'more' if amount > 0 else 'less'} than usual"
