"""Anomalies: unusual days, found in the part of the costs where they happen.

A day is judged in total and in every part: category, project, and model or service. Where a part
is unusual, so are often those that contain it. So each finding names the largest unusual part, and
as its cause the smallest part with most of the difference. What the cause explains is taken off
all others before the next is looked for: one cause is one finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from meaux.data.plan import Plan
from meaux.data.schema.vocabulary import UNASSIGNED, UNNAMED
from meaux.query import forecast, queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.needs import Request, choosing
from meaux.subjects.money import frames as costs
from meaux.subjects.money import recurring
from meaux.subjects.money.metrics import COST
from meaux.subjects.money.parts import KEYS, Costs, Part, by_day
from meaux.subjects.rows import DAYS, Opening
from meaux.wording import day_of, money

DAYS_BY_PART = 430
"""The most days that are read by project and service: a year, and the weeks before it."""
MOST = 0.6
"""The share of a difference that its cause explains."""
AMONG_CAUSES = 1 / 3
"""The share from which an unusual part is one of several causes."""
BETWEEN = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
TOTAL, SELECTED = "All costs", "All selected costs"
"""What the costs are called that no part of is named: without filters, and with some."""
NOTHING = pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "category": "", "cost": 0.0})


def _last_days(over: Selection) -> Selection:
    """Select the last days that are read by part."""
    period = over.period
    start = max(period.start, period.end - DAYS_BY_PART * DAY)
    return over.over(Period(start, period.end))


def _of_window(request: Request) -> Ask:
    return Ask(queries.cost_by_part, _last_days(costs.window(request.selection)))


def _of_company(request: Request) -> Ask:
    return Ask(queries.cost_by_part, _last_days(costs.company(request.selection)))


ByPart = Annotated[Answer, choosing(_of_window, queries.cost_by_part)]
CompanyByPart = Annotated[Answer, choosing(_of_company, queries.cost_by_part)]


@dataclass(frozen=True)
class Unusual:
    """An unusual day of a part of the costs.

    `cost` and `usual` are those of the part, in dollars. `of_cause` is how much more than usual
    the `cause`, a part within it, had. `names` are those of projects, by ID. `services` are the
    models or services with most of the cause, if it is a project. `whole` names all costs.
    """

    day: date
    part: Part
    cost: float
    usual: float
    cause: Part
    of_cause: float
    names: Mapping[str, str]
    services: tuple[str, ...] = ()
    whole: str = TOTAL

    @property
    def where(self) -> str:
        """Name the part: `AI`."""
        return self._named(self.part) or self.whole

    @property
    def who(self) -> str:
        """Name the cause, without the category that the part names already: `Beignet Bot`."""
        inside = self.cause._replace(category=None) if self.part.category else self.cause
        return "" if self.cause == self.part else self._named(inside)

    @property
    def what(self) -> str:
        """Name the cause with its category: `AI > Beignet Bot`."""
        return self._named(self.cause) or self.whole

    def _named(self, part: Part) -> str:
        project = part.project
        named = None if project is None else self.names.get(project, project) or UNASSIGNED
        service = None if part.service is None else part.service or UNNAMED
        return BETWEEN.join(name for name in (part.category, named, service) if name is not None)

    @property
    def projects(self) -> tuple[str, ...]:
        """Return the ID and the name of the project that is the cause, if one is."""
        project = self.cause.project
        return tuple(dict.fromkeys([project, self.names.get(project, project)])) if project else ()

    @property
    def text(self) -> str:
        """Say how unusual it is: `$611.00, 6.1x a usual Friday`."""
        weekday = f"{self.day:%A}"
        if self.usual > 0:
            ratio = f"{self.cost / self.usual:.1f}\N{MULTIPLICATION SIGN}"
            return f"{money(self.cost)}, {ratio} a usual {weekday}"
        return f"{money(self.cost)}; a usual {weekday} costs {money(self.usual)}"

    @property
    def because(self) -> str:
        """Name the cause and its difference: `Beignet Bot: $532.10 more than usual`."""
        way = "more" if self.of_cause > 0 else "less"
        amount = f"{money(abs(self.of_cause))} {way} than usual"
        through = f" ({', '.join(self.services)})" if self.services else ""
        return f"{self.who}{through}: {amount}" if self.who else ""

    @property
    def sentence(self) -> str:
        """Say all of it: `AI: $611.00, 6.1x a usual Friday; Beignet Bot: $532.10 more ...`."""
        words = f"{self.where}: {self.text}"
        return f"{words}; {self.because}" if self.because else words

    @property
    def rows(self) -> Opening:
        """Return the entries of the cause on that day."""
        groups = ((name, value) for name, value in zip(KEYS, self.cause, strict=True))
        chosen = tuple((name, value) for name, value in groups if value is not None)
        return Opening(COST.name, (*chosen, (DAYS, f"{self.day}..{self.day}")))

    @property
    def label(self) -> str:
        """Name the day and the cause: `13 Nov, AI > Beignet Bot`."""
        return f"{day_of(self.day, year=False)}, {self.what}"


Found = tuple[Unusual, ...]


def first_judged(parts: Answer) -> date:
    """Return the first day that is judged by project and service."""
    return parts.selection.period.start + forecast.DAYS_COMPARED * DAY


def coarse(parts: ByPart, ledger: costs.PeriodLedger, selection: Selection) -> str:
    """Say which days of the period are judged by category only; empty for none."""
    first = ledger.answer.frame["day"].min()
    since = first_judged(parts)
    if not parts.answered or pd.isna(first) or max(first.date(), selection.period.start) >= since:
        return ""
    return f"Projects and models are judged since {day_of(since)}, earlier days by category."


Coarse = Annotated[str, coarse]


def find(
    parts: Answer,
    by_category: pd.DataFrame,
    selection: Selection,
    floor: float,
    known: Iterable[recurring.Owned] = (),
) -> Found:
    """Find the unusual days of a selection's period, oldest first.

    `parts` is an answer to `cost_by_part`. Days that it can't judge are judged by the costs
    `by_category`: day, category, cost. `known` are the recurring costs, which aren't unusual.
    """
    start, end = selection.period.start, min(selection.period.end, selection.today)
    first = first_judged(parts) if parts.answered else end
    first, names = max(start, min(first, end)), _names(parts.frame)
    paid = pd.DataFrame(_paid(known), columns=["day", *KEYS, "cost"])
    bare, bare_paid = (one.assign(project="", service="") for one in (by_category, paid))
    found: list[Unusual] = []
    if start < first:
        found += _found(bare, bare_paid, Period(start, first), floor, names)
    if first < end:
        found += _found(parts.frame, paid, Period(first, end), floor, names)
    whole = SELECTED if selection.narrowed else TOTAL
    return tuple(replace(one, whole=whole) for one in found)


def _names(frame: pd.DataFrame) -> dict[str, str]:
    """Return the names of projects by their IDs."""
    known = frame.dropna(subset=["project", "name"])
    return dict(zip(known["project"], known["name"], strict=True))


def _paid(known: Iterable[recurring.Owned]) -> list[tuple[pd.Timestamp, str, str, str, float]]:
    """List the payments of recurring costs: day, category, project, service, cost."""
    return [
        (pd.Timestamp(day), recurring.NAMED, _word(one.project), _word(one.service), amount)
        for one in known
        for day, amount in one.cost.paid
    ]


def _word(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _found(
    frame: pd.DataFrame, paid: pd.DataFrame, period: Period, floor: float, names: Mapping[str, str]
) -> Iterator[Unusual]:
    """Yield the unusual days of a period."""
    began = frame.loc[frame["cost"].fillna(0) != 0, "day"].min()
    if pd.isna(began):
        return
    first = max(began, pd.Timestamp(period.start - forecast.DAYS_COMPARED * DAY))
    days = pd.date_range(first, pd.Timestamp(period.last))
    rest = pd.concat([frame[["day", *KEYS, "cost"]], paid.assign(cost=-paid["cost"])])
    whole = by_day(rest, days, MOST * floor)
    judged = forecast.judge(whole.grid, floor)
    again = _on_days(paid, whole)
    skipped = len(days) - len(judged.usual)
    for row in np.flatnonzero(judged.unusual.any(axis=1)).tolist():
        at = row + skipped
        causes = _causes(whole.parts, judged.excess[row], judged.limit[row])
        for place, cause, of_cause, services in causes:
            due = again.get((at, place), 0.0)
            yield Unusual(
                days[at].date(),
                whole.parts[place],
                float(whole.grid[at, place]) + due,
                float(judged.usual[row, place]) + due,
                cause,
                of_cause,
                names,
                services,
            )


def _on_days(paid: pd.DataFrame, whole: Costs) -> dict[tuple[int, int], float]:
    """Sum the recurring costs that were paid on each day in each part, by their places."""
    found: dict[tuple[int, int], float] = {}
    at = whole.days.get_indexer(pd.DatetimeIndex(paid["day"]))
    for day, *keys, cost in paid.assign(day=at).itertuples(index=False, name=None):
        for place, part in enumerate(whole.parts):
            if day >= 0 and Part(*keys).within(part):
                found[day, place] = found.get((day, place), 0.0) + cost
    return found


def _causes(
    parts: list[Part], excess: np.ndarray, limit: np.ndarray
) -> Iterator[tuple[int, Part, float, tuple[str, ...]]]:
    """Yield for each cause its largest unusual part, the cause, its difference, its services."""
    first = np.nan_to_num(excess)
    left = first.copy()
    place_of = {part: place for place, part in enumerate(parts)}
    for _ in parts:
        still = (np.abs(left) > limit) & (np.abs(first) > limit) & (left * first > 0)
        unusual = [_Place(n, parts[n], float(left[n])) for n in np.flatnonzero(still).tolist()]
        if not unusual:
            return
        every = [_Place(n, part, float(left[n])) for n, part in enumerate(parts)]
        whole, cause = _explained(unusual, every)
        yield whole.place, cause.part, cause.left, _services(cause, every)
        before = left.copy()
        for n, part in enumerate(parts):
            both = part.shared_with(cause.part)
            if both is not None and (shared := place_of.get(both)) is not None:
                left[n] -= before[shared]


class _Place(NamedTuple):
    """A part, its place in the grid, and what is left of its difference on a day."""

    place: int
    part: Part
    left: float

    def explains(self, other: _Place, share: float) -> bool:
        """Return whether it has this share of the difference of a part that contains it."""
        return self.part.within(other.part) and self.left / other.left >= share


def _services(cause: _Place, every: list[_Place]) -> tuple[str, ...]:
    """Name the services with most of the difference of a project, the largest first."""
    if cause.part.project is None or cause.part.service is not None:
        return ()
    inside = [one for one in every if one != cause and one.explains(cause, AMONG_CAUSES)]
    ordered = sorted(inside, key=lambda one: -abs(one.left))
    return tuple(one.part.service for one in ordered if one.part.service)


def _explained(unusual: list[_Place], every: list[_Place]) -> tuple[_Place, _Place]:
    """Return the largest unusual part that has one cause, and the cause.

    A part whose difference is the sum of several causes is left for later.
    """
    largest_first = sorted(unusual, key=lambda one: (one.part.depth, -abs(one.left)))
    for whole in largest_first:
        inside = [one for one in every if one.explains(whole, MOST)]
        cause = max(inside, key=lambda one: (one.part.depth, abs(one.left)))
        among = [one for one in unusual if one != whole and one.explains(whole, AMONG_CAUSES)]
        if cause != whole or not among:
            return whole, cause
    return largest_first[-1], largest_first[-1]


def of_period(
    parts: ByPart,
    ledger: costs.PeriodLedger,
    known: recurring.ChosenOwned,
    plan: Plan,
    selection: Selection,
) -> Found:
    """Return the unusual days of the period."""
    return find(parts, ledger.answer.frame, selection, plan.thresholds.anomaly_floor_usd, known)


OfPeriod = Annotated[Found, of_period]


def of_company(
    parts: CompanyByPart, known: recurring.Every, plan: Plan, selection: Selection
) -> Found:
    """Return the unusual days that the last 13 weeks can tell, regardless of filters."""
    whole = costs.company(selection)
    days = Period(whole.period.start + forecast.DAYS_COMPARED * DAY, whole.period.end)
    return find(parts, NOTHING, whole.over(days), plan.thresholds.anomaly_floor_usd, known)


OfCompany = Annotated[Found, of_company]


def latest_first(found: Found) -> Found:
    """Order findings by day, the latest first, and by size."""
    return tuple(sorted(found, key=lambda one: (one.day, abs(one.cost - one.usual)), reverse=True))


def table(found: Found) -> pd.DataFrame:
    """Shape findings as a table: day, cost, part, usual, text, cause."""
    return pd.DataFrame(
        {
            "day": pd.Series([one.day for one in found], dtype="datetime64[s]"),
            "cost": pd.Series([one.cost for one in found], dtype=float),
            "part": [one.where for one in found],
            "usual": pd.Series([one.usual for one in found], dtype=float),
            "text": [one.text for one in found],
            "cause": [one.because for one in found],
        }
    )


def marks(found: Found, shown: pd.DataFrame) -> pd.DataFrame:
    """Place findings on the lines of a trend: day, category, cost, text.

    `shown`: day, category (with the total) and cost, of days.
    """
    lines = set(shown["category"])
    told = pd.DataFrame(
        {
            "day": pd.Series([one.day for one in found], dtype="datetime64[s]"),
            "category": pd.Series([_line(one, lines) for one in found], dtype="str"),
            "text": pd.Series([one.sentence for one in found], dtype="str"),
        }
    )
    once = told.groupby(["day", "category"])["text"].agg(". ".join).reset_index()
    return once.merge(shown[["day", "category", "cost"]], on=["day", "category"])


def marks_on_total(found: Found, daily: pd.DataFrame) -> pd.DataFrame:
    """Place findings on the line of all costs: day, value, text. `daily`: day, cost."""
    placed = marks(found, daily.assign(category=costs.TOTAL))
    return placed.rename(columns={"cost": "value"})[["day", "value", "text"]]


def _line(one: Unusual, lines: set[str]) -> str:
    """Return the line of a trend that a finding belongs to."""
    own = one.part.category or one.cause.category
    return own if own in lines else costs.TOTAL
