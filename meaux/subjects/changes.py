"""Changes: what the change of a number is made of, by group and by day.

A change is the value on the compared days minus the value in the comparison period. Both are sums
of the rows behind the number (`meaux.subjects.rows`), by day and by every group of these rows. So
each split of a change adds up to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from meaux.data.categories import SOURCES
from meaux.data.schema.vocabulary import NO_TEAM, NOBODY, UNASSIGNED
from meaux.query import first_records
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Comparison, Period, Selection, period_of, preset
from meaux.query.filters.period import DAY
from meaux.query.metrics import DEFINITIONS, Metric
from meaux.query.needs import OLDEST, first_record
from meaux.subjects.ai.metrics import CONVERSATIONS, INPUT_TOKENS, MODEL_COST, OUTPUT_TOKENS
from meaux.subjects.behind import BEHIND
from meaux.subjects.email.metrics import MAIL_SENT
from meaux.subjects.events.metrics import CRITICAL_EVENTS, ERROR_EVENTS, EVENTS, WARNING_EVENTS
from meaux.subjects.hours.metrics import ENTRIES, HOURS
from meaux.subjects.listing import APART, first_with_rows
from meaux.subjects.money.metrics import COST, COST_THIS_MONTH
from meaux.subjects.people.metrics import ACTIVE_USERS, DELIVERABLES, SIGNUPS
from meaux.subjects.people.rows import PRESENT
from meaux.subjects.projects.metrics import ACTIVITY
from meaux.subjects.rows import DAYS, NAMING, Behind, Groups, Opening, Source
from meaux.subjects.workers.metrics import REQUESTS
from meaux.subjects.workers.sources import HOURS as WORKER_HOURS
from meaux.subjects.workers.sources import LOG, TRACKED
from meaux.subjects.workflows.metrics import FAILED_RUNS, RUN_COST, RUNS
from meaux.wording import day_of

RECORDED: dict[Metric, tuple[str, ...]] = {
    COST: SOURCES,
    COST_THIS_MONTH: SOURCES,
    MODEL_COST: ("ai_usage",),
    **dict.fromkeys((HOURS, ENTRIES), ("time_entry",)),
    **dict.fromkeys((INPUT_TOKENS, OUTPUT_TOKENS), ("model_usage",)),
    CONVERSATIONS: ("ai_conversation",),
    **dict.fromkeys((RUNS, FAILED_RUNS), ("workflow_run",)),
    RUN_COST: ("workflow_day_cost", "workflow_run"),
    MAIL_SENT: first_records.MAIL,
    SIGNUPS: ("person",),
    ACTIVE_USERS: first_records.PRESENCE,
    **dict.fromkeys((EVENTS, CRITICAL_EVENTS, ERROR_EVENTS, WARNING_EVENTS), first_records.LOGS),
    DELIVERABLES: ("milestone",),
    REQUESTS: (TRACKED, WORKER_HOURS, LOG),
    ACTIVITY: ("activity",),
}
"""The metrics whose change is explained, with the logical tables that record them."""

DISTINCT = {ACTIVE_USERS.name: Behind(PRESENT)}
"""What the metrics count that count distinct things, by their names. A day's part isn't theirs: who
is new on a day may have been there on others."""

UNKNOWN_WITHOUT_ROWS = {MAIL_SENT, *(metric for metric in RECORDED if metric.unit == "money")}
"""The metrics that are unknown, not 0, in a period without rows."""

EXPLAINED = {metric.name: tables for metric, tables in RECORDED.items()}

NONE = {"team": NO_TEAM, "project": UNASSIGNED, "person": NOBODY, DAYS: "No matching day"}
"""What a part without a value of a group is called."""
NOT_ASSIGNED = "Not assigned"

EXPLAINS = 0.8
"""The part of all rises and falls that a split's largest parts must make up to explain them."""
NOISE = 1e-9
"""A smaller change is that of adding up floating-point numbers."""


@dataclass(frozen=True)
class Change:
    """The change of a metric, within the groups of its opening, if it is made of certain rows."""

    opening: Opening
    selection: Selection
    behind: Behind

    @property
    def metric(self) -> Metric:
        """The metric that changed."""
        return DEFINITIONS[self.opening.metric]

    @property
    def over(self) -> Selection:
        """The selection that the metric is computed over."""
        return self.behind.over(self.selection)

    @property
    def comparison(self) -> Comparison | None:
        """The compared days and the comparison period."""
        return self.over.comparison

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group by which the change can be split."""
        days = () if self.opening.metric in DISTINCT else (DAYS,)
        return (*self.behind.source.groups, *days)

    def days(self, words: str) -> Iterator[date]:
        """Return the days of a value of the group of days; none if it can't be read."""
        try:
            yield from period_of(words, self.selection.today)
        except ValueError:
            return

    def asks(self) -> dict[str, Ask]:
        """Ask for the sums of both periods, the first record, and names.

        They are regardless of the opening's groups: one call serves all splits. If the metric may
        be made of other rows, the sums of the whole period tell which it is.
        """
        found, sums = self.comparison, self.behind.source.sums
        always = self.selection.over(preset("all", self.selection.today))
        oldest = {OLDEST[table] for table in EXPLAINED[self.opening.metric]}
        asks = {query.name: Ask(query, always) for query in oldest}
        named = {"project", *self.behind.source.groups} & NAMING.keys()
        asks |= {group: Ask(NAMING[group], self.selection) for group in sorted(named)}
        if self.behind is not _behind(self.opening) or self.behind.otherwise:
            asks["sums"] = Ask(sums, self.over)
        if found:
            for side, days in (("now", found.now), ("then", found.then)):
                asks[side] = Ask(sums, self.over.over(days), more=(("by_day", "1"),))
        return asks


def _behind(opening: Opening) -> Behind:
    """Return what a metric is made of."""
    return DISTINCT.get(opening.metric) or BEHIND[opening.metric].side(None)


def sources(opening: Opening) -> Iterator[Source]:
    """Yield every source of the rows of a change."""
    return _behind(opening).sources


def options(opening: Opening, selection: Selection) -> list[Change]:
    """Return the change by each kind of rows that the metric may be made of, in their order."""
    return [Change(opening, selection, one) for one in _behind(opening).options]


def explained(changes: Sequence[Change], answers: Mapping[Ask, Answer]) -> Explained:
    """Explain a change by the rows that the metric is made of in the period."""
    found = [(one, {name: answers[ask] for name, ask in one.asks().items()}) for one in changes]
    return Explained(*(first_with_rows(found) if len(found) > 1 else found[0]))


@dataclass(frozen=True, eq=False)
class Explained:
    """A change with the answers to its asks."""

    change: Change
    answers: Mapping[str, Answer]

    @property
    def unexplained(self) -> str:
        """A sentence on why nothing can be compared; empty if it can."""
        if not self.change.comparison:
            return self.change.over.uncompared or "The period is compared with nothing."
        if why := first_records.uncompared(self.change.over, self._first):
            return why
        sides = (self.answers["now"], self.answers["then"])
        if why := next((one.reason for one in sides if not one.answered), ""):
            return why
        if not any(len(rows) for rows in self._all.values()):
            return "Nothing is recorded in either period."
        return "" if self._known else "Nothing to compare: a period has no known amount."

    @property
    def _first(self) -> date | None:
        oldest = {query.name for query in OLDEST.values()}
        answers = [answer for name, answer in self.answers.items() if name in oldest]
        return first_record(answers, EXPLAINED[self.change.opening.metric])

    @property
    def _known(self) -> bool:
        """Whether both sides of the metric have an amount."""
        if self.change.metric in UNKNOWN_WITHOUT_ROWS:
            return all(rows["amount"].notna().any() for rows in self._all.values())
        return True

    @cached_property
    def _all(self) -> dict[str, pd.DataFrame]:
        """All rows of the metric, of both sides."""
        of = self.change.behind.of
        return {side: self._in(self._rows(side), of) for side in ("then", "now")}

    def _rows(self, side: str) -> pd.DataFrame:
        """Return the sums of a side: `amount`, the groups and `days`: the compared day.

        `left_out` counts the rows without an amount, `kind` is why they have none. A day of the
        comparison period has the day that it is compared with; empty for none.
        """
        frame, found = self.answers[side].frame, self.change.comparison
        assert found is not None  # noqa: S101  for mypy
        ahead = found.ahead if side == "then" else _same
        days = {day: ahead(day.date()) for day in frame["day"].dropna().unique()}
        texts = {day: _value(on) if on else "" for day, on in days.items()}
        groups: dict[str, Any] = {
            group: frame[group].fillna("")
            for group in self.change.behind.source.groups
            if group in frame
        }
        teams = self._names("project", "team")
        if "team" in self.change.behind.source.groups:
            groups["team"] = [teams.get(one, "") for one in frame["project"]]
        counts = frame[APART].isna() if APART in frame else frame["lines"].notna()
        for group in self.change.behind.given:
            counts &= frame[group].notna()
        amount = self.change.behind.amount
        none = 0.0 if amount == "lines" else float("nan")
        return pd.DataFrame(
            {
                "amount": frame[amount].astype("float64").where(counts, none),
                "left_out": frame["lines"].where(~counts, 0),
                "kind": frame[APART].fillna("") if APART in frame else "",
                **groups,
                DAYS: [texts.get(day, "") for day in frame["day"]],
            }
        )

    def _names(self, group: str, column: str = "name") -> dict[str, str]:
        """Return a column of the names of a group's values, by value, as far as it is known."""
        if group not in self.answers:
            return {}
        known = self.answers[group].frame.dropna(subset=column)
        return dict(zip(known.iloc[:, 0], known[column], strict=True))

    def _in(self, rows: pd.DataFrame, of: Groups) -> pd.DataFrame:
        """Return the rows in some groups; a group that the rows don't have is left out."""
        for group in {name for name, _ in of} & {str(name) for name in rows}:
            values = [value for name, value in of if name == group]
            if group == DAYS:
                values = [_value(day) for words in values for day in self.change.days(words)]
            rows = rows[rows[group].isin(values)]
        return rows

    @cached_property
    def sides(self) -> dict[str, pd.DataFrame]:
        """The rows of both sides within the groups of the opening."""
        of = self.change.opening.of
        return {side: self._in(rows, of) for side, rows in self._all.items()}

    @property
    def left_out(self) -> dict[str, int]:
        """The number of rows of both sides that aren't in the change, by kind."""
        rows = pd.concat(self.sides.values())
        counts = rows[rows["left_out"] > 0].groupby("kind")["left_out"].sum()
        return {str(kind): int(count) for kind, count in counts.items()}

    @property
    def before(self) -> float:
        """The value in the comparison period."""
        return float(self.sides["then"]["amount"].sum())

    @property
    def after(self) -> float:
        """The value on the compared days."""
        return float(self.sides["now"]["amount"].sum())

    @property
    def changed(self) -> float:
        """The change."""
        return self.after - self.before

    def split(self, group: str) -> pd.DataFrame:
        """Return the change by the values of a group, largest rise or fall first.

        Columns: value, name, before, after (unknown if no entry has a price), change, share (of
        the whole change; unknown if that is none).
        """
        sums = {
            side: rows.groupby(group)["amount"].sum(min_count=1)
            for side, rows in self.sides.items()
        }
        values = sums["then"].index.union(sums["now"].index)
        before, after = (
            sums[side].reindex(values).where(values.isin(sums[side].index), 0.0)
            for side in ("then", "now")
        )
        parts = pd.DataFrame({"value": values, "before": before.array, "after": after.array})
        parts["change"] = parts["after"].fillna(0) - parts["before"].fillna(0)
        whole = self.changed
        parts["share"] = parts["change"] / (whole if abs(whole) > NOISE else float("nan"))
        parts.insert(1, "name", [self.name(group, str(value)) for value in values])
        order = parts["change"].abs().sort_values(ascending=False, kind="stable").index
        return parts.loc[order].reset_index(drop=True)

    def name(self, group: str, value: str) -> str:
        """Return the name of a group's value; a day is named with the day it is compared with."""
        if not value:
            return NONE.get(group, NOT_ASSIGNED)
        if group == DAYS and (days := list(self.change.days(value))):
            return self._day(days[0]) if len(days) == 1 else str(Period(days[0], days[-1] + DAY))
        return self._names(group).get(value, value)

    def _day(self, day: date) -> str:
        found = self.change.comparison
        met = [then for then in found.then if found.ahead(then) == day] if found else []
        against = f" (vs {day_of(met[0], year=False)})" if met else ""
        return f"{day_of(day, year=False)}{against}"

    def rows_of(self, side: str) -> Opening:
        """Return the rows of a side: on the compared days, or on those that are chosen."""
        found = self.change.comparison
        assert found is not None  # noqa: S101  for mypy
        days = list(found.now if side == "now" else found.then)
        of = [pair for pair in self.change.opening.of if pair[0] != DAYS]
        chosen = {
            day
            for name, words in self.change.opening.of
            if name == DAYS
            for day in self.change.days(words)
        }
        if chosen:
            ahead = _same if side == "now" else found.ahead
            days = [day for day in days if ahead(day) in chosen] or days
        return Opening(self.change.opening.metric, (*of, (DAYS, f"{days[0]}..{days[-1]}")))

    @cached_property
    def splits(self) -> dict[str, pd.DataFrame]:
        """Every split with several parts, the one that explains the change best first."""
        chosen = {name for name, _ in self.change.opening.of}
        groups = [g for g in self.change.groups if g not in chosen and g in self.sides["now"]]
        found = {group: self.split(group) for group in groups}
        several = {group: parts for group, parts in found.items() if len(parts) > 1} or found
        return dict(sorted(several.items(), key=lambda pair: depth(pair[1])))


def _value(day: date) -> str:
    """Write a day as a value of the group of days."""
    return f"{day}..{day}"


def _same(day: date) -> date | None:
    return day


def depth(parts: pd.DataFrame) -> tuple[int, int]:
    """Return how many parts explain the change, and then prefer the split with more parts.

    That is the smallest number of parts with a value that make up 80% of all rises and falls. A
    split whose other part makes up more than the rest explains nothing, so it comes last.
    """
    moved = parts["change"].abs()
    named = moved[parts["value"] != ""].cumsum()
    enough = named >= EXPLAINS * moved.sum() - NOISE
    needed = int((~enough).sum()) + 1
    return (needed if enough.any() and moved.sum() > NOISE else len(parts) + 1, -len(parts))


def top(parts: pd.DataFrame, shown: int) -> pd.DataFrame:
    """Return the largest parts, and all others as one."""
    if len(parts) <= shown:
        return parts
    first, others = parts.head(shown - 1), parts.iloc[shown - 1 :]
    sums = others[["before", "after", "change", "share"]].sum(min_count=1)
    rest = pd.DataFrame([{"value": None, "name": f"All other ({len(others)})", **sums}])
    return pd.concat([first, rest], ignore_index=True)
