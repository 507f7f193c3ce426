"""The forecast as cards: the days ahead, and a scenario."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from meaux import charts
from meaux.query.filters import Period, Selection
from meaux.subjects.card import Chart, card
from meaux.subjects.money import anomalies, outlook
from meaux.subjects.money import frames as costs
from meaux.subjects.money.metrics import COST
from meaux.subjects.money.outlook import Scenario, Seen
from meaux.wording import sentences

WHAT_IF = "Forecast and scenario"


@card
def ahead(
    ledger: costs.RecentLedger,
    seen: outlook.Seen,
    found: anomalies.OfPeriod,
    selection: Selection,
) -> Chart:
    """Show daily costs and their forecast for the next 30 days."""
    if seen is None or seen.period is None:
        nothing = ledger.explain(ledger.answer).with_frame(pd.DataFrame())
        return Chart("Forecast", nothing, charts.trend, COST)
    recent, marks = ledger.answer, anomalies.marks_on_total(found, seen.daily)
    return Chart(
        "Forecast",
        replace(recent.with_frame(seen.daily), selection=recent.selection.over(seen.period)),
        partial(charts.fan, forecast=seen.forecast.frame, marks=marks),
        COST,
        about="Daily cost and a 30-day forecast with 80% and 95% ranges. Red triangles mark "
        "unusual days of the period.",
        note=sentences(
            seen.forecast.sentence,
            seen.included,
            seen.note,
            _marked("Unusual days and annotations", seen.period, selection),
        ),
        file=seen.table,
    )


@card
def what_if(
    ledger: costs.RecentLedger,
    seen: Seen,
    scenario: Scenario,
    found: anomalies.OfPeriod,
    selection: Selection,
) -> Chart:
    """Show the forecast, its accuracy, and the days in a scenario."""
    priced = ledger.explain(ledger.answer)
    about = (
        "Daily cost, a 30-day forecast with 80% and 95% ranges, and the scenario. Red triangles "
        "mark unusual days of the period."
    )
    if seen is None or seen.period is None:
        return Chart(WHAT_IF, priced, charts.trend, COST, about=about)
    changed = scenario.of(seen).forecast.frame if scenario.changes else None
    marks = anomalies.marks_on_total(found, seen.daily)
    return Chart(
        WHAT_IF,
        replace(priced.with_frame(seen.daily), selection=priced.selection.over(seen.period)),
        partial(charts.fan, forecast=seen.forecast.frame, what_if=changed, marks=marks),
        COST,
        about=about,
        note=sentences(
            seen.forecast.sentence,
            seen.included,
            ledger.gaps,
            _marked("Unusual days", seen.period, selection),
        ),
    )


def _marked(what: str, shown: Period, selection: Selection) -> str:
    """Say for which of the days that a forecast shows something is marked, if not for all."""
    period = selection.period
    return f"{what} are marked only for {period}." if shown.start < period.start else ""
