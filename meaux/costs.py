"""Costs: the ledger's lines as series, totals and gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from meaux import forecast, series
from meaux.answers import Answer
from meaux.filters import Period, Selection, month_to_date
from meaux.filters.period import DAY, last_month
from meaux.metrics import money
from meaux.schema import vocabulary
from meaux.schema.vocabulary import NOBODY, UNASSIGNED

CATEGORIES = {"Time": "time_entry", "AI": "ai_usage", "Infrastructure": "infrastructure_usage"}
"""Each category of the ledger and the logical table that feeds it."""

BARS_SHOWN = 12
"""How many projects a bar chart shows; the others stand in one bar."""

MOVERS_SHOWN = 8
CENT = 0.01

WEEKS_OF_HISTORY = 13

ANOMALY_FLOOR = 50.0
"""Dollars by which a day must differ from a usual one to be worth a word."""


def window(selection: Selection) -> Selection:
    """The selection widened to what the cost trend compares its days with.

    Where that lies within `recent`, it is as wide, so that one statement serves both.
    """
    back = selection.period.reaching_back(forecast.WEEKS_COMPARED * 7)
    starts = [back.start, *([then.start] if (then := selection.compared) else [])]
    wide = Period(min(starts), selection.period.end)
    whole = recent(selection).period
    inside = whole.start <= wide.start and wide.end == whole.end
    return selection.over(whole if inside else wide)


def recent(selection: Selection) -> Selection:
    """The last 13 weeks and today: enough for last month, a forecast, and what is usual."""
    since = selection.today - WEEKS_OF_HISTORY * 7 * DAY
    return selection.over(Period(since, selection.today + DAY))


def company(selection: Selection) -> Selection:
    """The last 13 weeks and today, of everything there is, whatever the filters say."""
    return replace(recent(selection), teams=(), projects=(), people=())


def drawn_ghost(selection: Selection) -> Period | None:
    """The period to draw behind the selected one: only where points are days."""
    return selection.compared if selection.drawn_grain == "day" else None


def fed(answer: Answer) -> list[str]:
    """The categories that the database has a source for."""
    return [name for name, table in CATEGORIES.items() if table not in answer.without]


def gap(answer: Answer) -> str:
    """A sentence that names the categories without a source; empty where there is none."""
    missing = [
        f"{name} (needs {answer.without[table]})"
        for name, table in CATEGORIES.items()
        if table in answer.without
    ]
    return f"Without {' and '.join(missing)}." if missing else ""


def unpriced(answer: Answer, period: Period) -> str:
    """A sentence that counts the lines without a price in the period; empty for none."""
    lines = int(series.within(answer.frame, period)["unpriced"].sum())
    if lines == 1:
        return "1 line has no price and is in no total."
    have, are = ("line has", "is") if lines == 1 else ("lines have", "are")
    return f"{lines:,} {have} no price and {are} in no total." if lines else ""


def trend(answer: Answer, selection: Selection) -> Answer:
    """Cost by category and in total, at the selection's grain: day, category, cost, partial."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        inside = series.within(frame, selection.period)
        if inside.empty:
            return inside
        filled = series.daily(inside, selection.period, "cost", "category", fed(answer))
        return series.grained(
            series.with_total(filled, "cost", "category"), "cost", selection, "category"
        )

    return replace(answer.shaped(shape), selection=selection)


def total_by_day(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The period's total cost on every day: day, cost."""
    return series.daily(series.within(frame, period), period, "cost")


def begun(daily: pd.DataFrame) -> pd.DataFrame:
    """The days of `total_by_day` from the first that cost anything on; none where no day did."""
    return daily[(daily["cost"].fillna(0) != 0).cummax()]


def backdrop(answer: Answer, selection: Selection) -> dict[str, Any]:
    """What a trend of costs is drawn with: its grain, the compared period, unusual days."""
    how: dict[str, Any] = {"grain": selection.drawn_grain}
    if selection.drawn_grain != "day" or answer.state != "ready":
        return how
    behind, unusual = ghost(answer.frame, selection), anomalies(answer.frame, selection)
    named = {"cost": "value"}
    return how | {
        "ghost": None if behind is None else behind.rename(columns=named),
        "marks": unusual.rename(columns=named),
    }


def note(answer: Answer, period: Period) -> str:
    """What is to be known of a total: categories without a source, lines without a price."""
    return " ".join(filter(None, [gap(answer), unpriced(answer, period)]))


def ghost(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame | None:
    """The compared period's total, moved onto the days of the selected one, if any is compared.

    Columns: day, cost, actual_day (text).
    """
    then = drawn_ghost(selection)
    if then is None:
        return None
    moved = series.aligned(total_by_day(frame, then), "cost", then, selection.period)
    return moved.assign(actual_day=moved["actual_day"].dt.strftime("%-d %b %Y"))


def anomalies(
    frame: pd.DataFrame, selection: Selection, floor: float = ANOMALY_FLOOR
) -> pd.DataFrame:
    """Days of the period with an unusual total, each with a sentence: day, cost, usual, text."""
    whole = selection.period.reaching_back(forecast.WEEKS_COMPARED * 7)
    found = forecast.anomalies(total_by_day(frame, whole), "cost", selection.today, floor)
    inside = series.within(found, selection.period)
    return inside.assign(text=[_unusual(*row) for row in inside.itertuples(index=False)])


def _unusual(day: pd.Timestamp, cost: float, usual: float) -> str:
    if usual > 0:
        return f"{money(cost)}, {cost / usual:.1f}\N{MULTIPLICATION SIGN} a usual {day:%A}"
    return f"{money(cost)}, where a usual {day:%A} has {money(usual)}"


def by_category(answer: Answer, selection: Selection) -> Answer:
    """What each category cost in the period: category, cost."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        inside = series.within(frame, selection.period)
        totals = inside.groupby("category")["cost"].sum(min_count=1)
        return totals.reindex(list(CATEGORIES)).dropna().reset_index()

    return replace(answer.shaped(shape), selection=selection)


def by_project(answer: Answer) -> Answer:
    """The dearest projects by category, what is unassigned, and the others in one.

    Columns: name, category, cost; dearest first.
    """
    return _dearest(answer, "project", "name", UNASSIGNED)


def compared_by_project(now: Answer, before: Answer | None) -> Answer:
    """Every project's cost beside the compared period's, dearest first.

    Columns: project (an id, empty for what is unassigned), name, cost, share (of the total),
    before, change (in dollars; unknown where nothing is compared).
    """
    known = before is not None and before.state in ("ready", "empty")

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        found = _by_project(frame).join(_before(before), how="outer")
        names = found["name"].fillna(found["name_before"])
        total = found["cost"].sum()
        table = pd.DataFrame(
            {
                "project": found.index,
                "name": names,
                "cost": found["cost"],
                "share": found["cost"] / total if total > 0 else float("nan"),
                "before": found["before"],
                "change": found["cost"].fillna(0) - found["before"].fillna(0)
                if known
                else float("nan"),
            }
        )
        return table.sort_values("cost", ascending=False, ignore_index=True)

    return now.shaped(shape)


def _by_project(frame: pd.DataFrame) -> pd.DataFrame:
    keyed = frame.assign(key=frame["project"].fillna(""), name=frame["name"].fillna(UNASSIGNED))
    return keyed.groupby("key").agg(name=("name", "first"), cost=("cost", "sum"))


def _before(answer: Answer | None) -> pd.DataFrame:
    if answer is None or answer.state != "ready":
        return pd.DataFrame(
            {"name_before": pd.Series(dtype="str"), "before": pd.Series(dtype=float)}
        )
    return _by_project(answer.frame).rename(columns={"name": "name_before", "cost": "before"})


def running_totals(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """This month's and last month's running totals: day_of_month, month, cost, partial."""
    months = {
        "Last month": last_month(selection.today),
        "This month": month_to_date(selection.today),
    }
    found = []
    for name, period in months.items():
        days = total_by_day(frame, period)
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
    """The ledger under the names of FOCUS, the FinOps cost and usage specification.

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


def movers(compared: Answer) -> Answer:
    """The projects whose cost changed most: name, change, share_change, word; rises first.

    Made of `compared_by_project`. `word` says why there is no ratio: new, or gone.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        if frame["before"].isna().all():
            return frame.head(0)
        moved = frame[frame["change"].abs() >= CENT]
        rows = moved.loc[moved["change"].abs().nlargest(MOVERS_SHOWN).index]
        rows = rows.sort_values("change", ascending=False, ignore_index=True)
        word = rows["before"].isna().map({True: "new", False: ""})
        return pd.DataFrame(
            {
                "name": rows["name"],
                "change": rows["change"],
                "share_change": rows["change"] / rows["before"].where(rows["before"] > 0),
                "word": word.where(rows["cost"].notna(), "gone"),
            }
        )

    return compared.shaped(shape)


def by_person(answer: Answer) -> Answer:
    """The people whose time and AI use cost most: name, category, cost."""
    return _dearest(answer, "person", "name", NOBODY)


def by_service(answer: Answer) -> Answer:
    """The models and services that cost most: name, category, cost."""
    return _dearest(answer, "service", "service", "Not named")


def _dearest(answer: Answer, key: str, name: str, unnamed: str) -> Answer:
    """The dearest of a kind by category: name, category, cost; dearest first.

    Those without a name have a bar of their own, and the others share the last one, so that all
    bars add up to the whole.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.assign(key=frame[key].fillna(""), name=frame[name].fillna(unnamed))
        totals = named.groupby("key")["cost"].sum().sort_values(ascending=False)
        shown = [k for n, k in enumerate(totals.index) if n < BARS_SHOWN or not k]
        kept = named["key"].isin(shown)
        rest = f"{len(totals) - len(shown)} others"
        named = named.assign(name=named["name"].where(kept, rest))
        place = named["key"].map({k: n for n, k in enumerate(shown)}).fillna(len(shown))
        summed = named.assign(place=place).groupby(["place", "name", "category"], as_index=False)
        return summed[["cost"]].sum()[["name", "category", "cost"]]

    return answer.shaped(shape)


def portfolio(projects: Answer, compared: Answer) -> Answer:
    """Every project with its status, team and budget beside what it cost, dearest first.

    Columns: name, status, team, cost, share, before, change, budget.
    """
    spent = compared.frame.reindex(columns=["project", "cost", "share", "before", "change"])

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        known = frame.assign(status=frame["status"].map(vocabulary.status))
        joined = known.merge(spent, on="project", how="left").sort_values(
            "cost", ascending=False, ignore_index=True
        )
        columns = ["name", "status", "team", "cost", "share", "before", "change", "budget"]
        return joined[columns]

    return projects.shaped(shape)


def dearest(compared: Answer) -> Answer:
    """The projects that cost most, with their share of the whole: name, cost, share.

    What is unassigned has a bar of its own, and the others share the last one.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        known = frame[frame["cost"].notna()].reset_index(drop=True)
        kept = (known.index < BARS_SHOWN) | (known["project"] == "")
        rest = known[~kept]
        others = pd.DataFrame(
            {
                "name": [f"{len(rest)} others"],
                "cost": [rest["cost"].sum()],
                "share": [rest["share"].sum()],
            }
        )
        shown = known.loc[kept, ["name", "cost", "share"]]
        return pd.concat([shown, others], ignore_index=True) if len(rest) else shown

    return compared.shaped(shape)
