"""Reconciliation: the ledger beside reported totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

import pandas as pd

from meaux.data.schema.vocabulary import UNASSIGNED
from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.filters import Period
from meaux.query.needs import asking
from meaux.subjects.money.frames import TOTAL
from meaux.wording import counted, money, month_of, sentences

ONE_DAY = pd.Timedelta(days=1)
WEEK = pd.Timedelta(days=7)
KNOWN = {(True, True): "Both", (True, False): "Reported only", (False, True): "Ledger only"}
"""Where a project is found, by whether it is reported and whether the ledger has it."""
COLUMNS = ["source", "difference", "reported", "ledger", "covers"]

ReportedByDay = Annotated[Answer, asking(queries.reported_by_day)]
WeeklyReports = Annotated[Answer, asking(queries.weekly_reports)]


@dataclass(frozen=True)
class Reports:
    """The reported totals that a database may have."""

    by_day: ReportedByDay
    by_week: WeeklyReports
    by_month: Annotated[Answer, asking(queries.reported_by_month)]
    by_project: Annotated[Answer, asking(queries.reported_by_project_month)]


@dataclass(frozen=True)
class Reported:
    """A reported total, its table, the days it covers, and the ledger's total for them."""

    source: str
    covers: str
    reported: float
    ledger: float

    @property
    def difference(self) -> float:
        """Return ledger - reported, in dollars."""
        return self.ledger - self.reported


def reconciled(ledger: pd.DataFrame, period: Period, answers: Iterable[Answer]) -> pd.DataFrame:
    """Return a row for each report that covers part of the period; the columns are `COLUMNS`.

    `ledger` holds day and cost within the period. `answers` are those of `reported_by_day`,
    `weekly_reports`, `reported_by_month` and `reported_by_project_month`; a week or a month is
    compared only if it lies fully within the period.
    """
    found = [
        row
        for answer in answers
        if answer.state == "ready"
        for row in _COMPARED[answer.query.name](answer, ledger, period)
    ]
    rows = [(r.source, r.difference, r.reported, r.ledger, r.covers) for r in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def sentence(rows: pd.DataFrame) -> str:
    """Say the first comparison in words; empty if there is none."""
    if rows.empty:
        return ""
    first = rows.iloc[0]
    return (
        f"{first['source']} reports {money(first['reported'])} for {first['covers']}; "
        f"the recorded costs add up to {money(first['ledger'])} "
        f"({money(abs(first['difference']))} {'more' if first['difference'] >= 0 else 'less'})."
    )


def lifetime(ledger: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """Return each project's lifetime cost on both sides, largest difference first, then the total.

    `ledger` and `reported` hold project, name and cost. Columns: name, known (where it is found),
    reported, ledger, difference (ledger - reported; a side without the project counts as 0, so
    that the rows add up to the total).
    """
    both = _by_project(ledger, "ledger").merge(
        _by_project(reported, "reported"), how="outer", on="key", suffixes=("", "_reported")
    )
    lines = pd.DataFrame(
        {
            "name": both["name"].fillna(both["name_reported"]),
            "known": [
                KNOWN[sides]
                for sides in zip(both["reported"].notna(), both["ledger"].notna(), strict=True)
            ],
            "reported": both["reported"],
            "ledger": both["ledger"],
            "difference": both["ledger"].fillna(0) - both["reported"].fillna(0),
        }
    ).sort_values("difference", key=abs, ascending=False)
    sums = lines[["reported", "ledger", "difference"]].sum(min_count=1)
    total = pd.DataFrame([{"name": TOTAL, "known": "", **sums}])
    return pd.concat([lines, total], ignore_index=True) if len(lines) else lines


def of_reported(lifetimes: pd.DataFrame, reported: Answer) -> str:
    """Compare both sides of the projects that are reported, and say what the ledger has beside.

    Empty if nothing is reported or the ledger has no cost of these projects.
    """
    lines = lifetimes.iloc[:-1]
    both = lines[lines["reported"].notna()]
    if both["ledger"].isna().all():
        return ""
    sums = both[["reported", "ledger", "difference"]].sum()
    total = pd.DataFrame(
        [{**sums, "source": reported.table, "covers": "the lifetime of its projects"}]
    )
    beside = lines["ledger"][lines["reported"].isna()]
    rest = f"Another {money(beside.sum())} is recorded outside of them." if len(beside) else ""
    return sentences(sentence(total), rest)


def unreported(answer: Answer) -> str:
    """Say that a report has rows, but no cost in any; empty otherwise."""
    bare = answer.state == "ready" and answer.frame["cost"].isna().all()
    return f"No cost recorded in {answer.table}." if bare else ""


def _by_project(lines: pd.DataFrame, side: str) -> pd.DataFrame:
    """Sum the known costs of each project by ID, empty for none: name and the side's cost."""
    known = lines.dropna(subset="cost")
    keyed = known.assign(key=known["project"].fillna(""), name=known["name"].fillna(UNASSIGNED))
    return keyed.groupby("key").agg(**{"name": ("name", "first"), side: ("cost", "sum")})


def _by_day(answer: Answer, ledger: pd.DataFrame, _: Period) -> Iterator[Reported]:
    reported = answer.frame.dropna(subset=["day", "cost"])
    if reported.empty:
        return
    same = ledger[ledger["day"].isin(reported["day"])]
    covers = Period(reported["day"].min().date(), (reported["day"].max() + ONE_DAY).date())
    days = reported["day"].nunique()
    yield Reported(
        answer.table,
        str(covers) if days == covers.days else f"{days} of the {covers.days} days {covers}",
        float(reported["cost"].sum()),
        float(same["cost"].sum()),
    )


def _by_week(answer: Answer, ledger: pd.DataFrame, period: Period) -> Iterator[Reported]:
    ends = answer.frame["week"] + WEEK
    whole = answer.frame[ends <= pd.Timestamp(period.end)].dropna(subset=["week", "cost"])
    if whole.empty:
        return
    days = {start + n * ONE_DAY for start in whole["week"] for n in range(WEEK.days)}
    yield Reported(
        answer.table,
        counted(whole["week"].nunique(), "whole week"),
        float(whole["cost"].sum()),
        float(ledger[ledger["day"].isin(list(days))]["cost"].sum()),
    )


def _by_month(answer: Answer, ledger: pd.DataFrame, period: Period) -> Iterator[Reported]:
    months = answer.frame.dropna(subset=["month", "cost"]).groupby("month")["cost"].sum()
    whole = [str(month) for month in months.index if _is_whole(str(month), period)]
    if not whole:
        return
    inside = ledger[ledger["day"].dt.strftime("%Y-%m").isin(whole)]
    yield Reported(
        answer.table,
        " and ".join(month_of(pd.Timestamp(month)) for month in whole[:2])
        if len(whole) <= 2  # noqa: PLR2004  more than two are counted, not named
        else counted(len(whole), "whole month"),
        float(months[whole].sum()),
        float(inside["cost"].sum()),
    )


def _is_whole(month: str, period: Period) -> bool:
    try:
        span = pd.Period(month, freq="M")
    except ValueError:
        return False
    return span.start_time.date() >= period.start and span.end_time.date() < period.end


_COMPARED = {
    "reported_by_day": _by_day,
    "weekly_reports": _by_week,
    "reported_by_month": _by_month,
    "reported_by_project_month": _by_month,
}
