"""Costs: the ledger's entries as series, totals and gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

import pandas as pd

from meaux.data.categories import NAMES, SOURCES
from meaux.data.schema.vocabulary import UNASSIGNED
from meaux.query import forecast, queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection, month_to_date
from meaux.query.filters.period import DAY, last_month
from meaux.query.needs import asking, recorded
from meaux.subjects.money.ledger import LEFT_OUT, Ledger
from meaux.wording import counted, enumerated

TOTAL = "Total"
WEEKS_OF_HISTORY = 13
UNUSUAL = "Red triangles mark unusual days, each on the line of its category."


def window(selection: Selection) -> Selection:
    """Widen the selection to the days that the cost trend compares with.

    If these lie within `recent`, it is as wide, so that one statement serves both.
    """
    back = selection.period.reaching_back(forecast.WEEKS_COMPARED * 7)
    starts = [back.start, *([then.start] if (then := selection.compared) else [])]
    wide = Period(min(starts), selection.period.end)
    whole = recent(selection).period
    inside = whole.start <= wide.start and wide.end == whole.end
    return selection.over(whole if inside else wide)


def recent(selection: Selection) -> Selection:
    """Select the last 13 weeks and today: enough for last month, a forecast and usual costs."""
    since = selection.today - WEEKS_OF_HISTORY * 7 * DAY
    return selection.over(Period(since, selection.today + DAY))


def company(selection: Selection) -> Selection:
    """Select the last 13 weeks and today for the whole company, regardless of filters."""
    return recent(selection).unnarrowed


ByDay = Annotated[Answer, asking(queries.cost_by_day, window)]
Recent = Annotated[Answer, asking(queries.cost_by_day, recent)]
ByProject = Annotated[Answer, asking(queries.cost_by_project)]
ByPerson = Annotated[Answer, asking(queries.cost_by_person)]
OtherCurrencies = Annotated[Answer, asking(queries.other_currencies)]
FirstLine = Annotated[date | None, recorded(*SOURCES)]
"""The day of the first entry of the ledger."""


def of_period(by_day: ByDay, selection: Selection) -> Ledger:
    """Return the entries of the period."""
    return Ledger(by_day, selection.period)


def of_recent(recent: Recent) -> Ledger:
    """Return the entries of the last 13 weeks and today."""
    return Ledger(recent)


PeriodLedger = Annotated[Ledger, of_period]
RecentLedger = Annotated[Ledger, of_recent]


def abroad(answer: Answer | None) -> str:
    """Say which entries of `other_currencies` are left out; empty for none.

    The amount of a currency is unknown if one of its amounts is.
    """
    if answer is None or answer.state != "ready":
        return ""
    sums = answer.frame.groupby("currency")[["lines", "amount"]].sum(skipna=False)
    said = [
        f"{counted(int(lines), 'entry')} in {currency}{in_parentheses(amount, currency)}"
        for currency, lines, amount in sums.itertuples()
    ]
    return f"{enumerated(said)} {'is' if sums['lines'].sum() == 1 else 'are'} {LEFT_OUT}"


def in_parentheses(amount: float, currency: str) -> str:
    """Write an amount in another currency in parentheses; empty if it is unknown."""
    return "" if pd.isna(amount) else f" ({currency} {amount:,.2f})"


def _recorded(ledger: Ledger) -> Answer:
    """Return the entries of the ledger in the categories that have prices."""
    bare = ledger.without_prices
    inside = ledger.explain(ledger.answer.map(lambda _: ledger.lines))
    return inside.map(lambda lines: lines[~lines["category"].isin(bare)])


def trend(ledger: Ledger, selection: Selection) -> Answer:
    """Return cost by category and in total, at the selection's grain.

    Columns: day, category, cost, partial, ongoing.
    """

    def shape(lines: pd.DataFrame) -> pd.DataFrame:
        daily = series.daily(lines, selection.period, "cost", "category", ledger.known)
        filled = series.with_total(daily, "cost", "category", TOTAL)
        return series.grained(filled, "cost", selection, "category")

    return replace(_recorded(ledger).map(shape), selection=selection)


def by_category_over_time(ledger: Ledger, selection: Selection) -> Answer:
    """Return cost by category at the selection's grain.

    Columns: day, category, cost, partial, ongoing.
    """

    def shape(lines: pd.DataFrame) -> pd.DataFrame:
        return series.over_time(lines, "cost", selection, "category", ledger.known)

    return _recorded(ledger).map(shape)


def total_by_day(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the period's total cost on every day: day, cost.

    A day without entries cost nothing; if no entry has a price, every day is unknown.
    """
    lines = series.within(frame, period)
    days = series.daily(lines, period, "cost")
    unknown = len(lines) > 0 and lines["cost"].isna().all()
    return days.assign(cost=float("nan")) if unknown else days


def by_recorded_day(answer: Answer) -> Answer:
    """Return the total cost of every day that has entries: day, cost."""
    return answer.map(
        lambda frame: frame.groupby("day", as_index=False)[["cost"]].sum(min_count=1).dropna()
    )


def begun(daily: pd.DataFrame) -> pd.DataFrame:
    """Return the days of `total_by_day` from the first with a cost on; none if no day has one."""
    return daily[(daily["cost"].fillna(0) != 0).cummax()]


@dataclass(frozen=True)
class Backdrop:
    """The comparison and the marks in a trend of daily costs; None is not drawn.

    `ghost`: day, cost, actual_day. `unusual`: day, category, cost, text. `said` says which days
    are compared.
    """

    ghost: pd.DataFrame | None = None
    unusual: pd.DataFrame | None = None
    said: str = ""

    @property
    def drawn(self) -> dict[str, Any]:
        """Return it as the arguments of a trend chart."""
        unusual = self.unusual
        return {
            "ghost": series.shadow(self.ghost, "cost"),
            "marks": None if unusual is None else unusual.rename(columns={"cost": "value"}),
        }

    @property
    def marked(self) -> str:
        """Say what a triangle means; empty if none is drawn."""
        return UNUSUAL if self.unusual is not None and len(self.unusual) else ""

    def beside(self, trend: pd.DataFrame) -> pd.DataFrame:
        """Add what the chart shows beside its lines, as one table.

        Adds `compared_day` and `before` to the totals, and `unusual` (a sentence) to the marked
        days, if they are drawn.
        """
        found, totals = trend, trend["category"] == TOTAL
        if self.ghost is not None:
            names = {"day": "day", "actual_day": "compared_day", "cost": "before"}
            found = series.beside(found, totals, self.ghost[[*names]].rename(columns=names))
        if self.unusual is not None:
            said = self.unusual[["day", "category", "text"]].rename(columns={"text": "unusual"})
            found = found.merge(said, on=["day", "category"], how="left")
        return found


def backdrop(
    by_day: ByDay, first: FirstLine, selection: Selection, unusual: pd.DataFrame | None = None
) -> Backdrop:
    """Return the comparison period and the marks of unusual days, if points are days."""
    lines = series.within(by_day.frame, selection.period)
    if selection.drawn_grain != "day" or lines["cost"].isna().all():
        return Backdrop()
    behind = ghost(by_day.frame, selection, first)
    said = series.behind(selection, "Dotted line") if behind is not None else ""
    return Backdrop(behind, unusual, said)


def ghost(
    frame: pd.DataFrame, selection: Selection, since: date | None = None
) -> pd.DataFrame | None:
    """Return the total of each compared day on the day that it is compared with, if any is.

    `since` is the first day of the ledger; days before it are unknown. Columns: day, cost,
    actual_day.
    """
    comparison = selection.comparison
    if comparison is None or (since and since >= comparison.then.end):
        return None
    return series.aligned(total_by_day(frame, comparison.then), "cost", comparison, since)


def by_category(ledger: Ledger, selection: Selection) -> Answer:
    """Sum the cost of each category in the period: category, cost."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        totals = frame.groupby("category")["cost"].sum(min_count=1)
        return totals.reindex(list(NAMES)).dropna().reset_index()

    return replace(_recorded(ledger).map(shape), selection=selection)


def running_totals(
    frame: pd.DataFrame, selection: Selection, since: date | None = None
) -> pd.DataFrame:
    """Return this month's and last month's running totals: day_of_month, month, cost, partial.

    `since` is the first day of the ledger; days before it are unknown.
    """
    months = {
        "Last month": last_month(selection.today),
        "This month": month_to_date(selection.today),
    }
    found = []
    for name, period in months.items():
        days = total_by_day(frame, period)
        days = days[days["day"] >= pd.Timestamp(since or period.start)]
        found.append(
            pd.DataFrame(
                {
                    "day_of_month": days["day"].dt.day,
                    "month": name,
                    "cost": days["cost"].cumsum(),
                    "partial": days["day"].dt.date >= selection.today,
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def focus(answer: Answer) -> pd.DataFrame:
    """Return the ledger in the columns of FOCUS, the FinOps cost and usage specification.

    Columns: ServiceCategory, ServiceName, BilledCost, ChargePeriodStart, ChargePeriodEnd (the
    day after), BillingCurrency, SubAccountName (the project).
    """
    rows = answer.frame
    return pd.DataFrame(
        {
            "ServiceCategory": rows["category"],
            "ServiceName": rows["service"].fillna("Unknown"),
            "BilledCost": rows["cost"],
            "ChargePeriodStart": rows["day"],
            "ChargePeriodEnd": rows["day"] + pd.Timedelta(days=1),
            "BillingCurrency": "USD",
            "SubAccountName": rows["name"].fillna(UNASSIGNED),
        }
    )
