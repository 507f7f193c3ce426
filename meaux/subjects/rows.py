"""Rows: what a number is made of, latest first, page by page.

A source is a kind of row, such as cost entries. It has a query for a page of each of its tables,
and one for the sums of all of its rows per group. Both read the views that the number itself is
computed from, so they count the same rows with the same amounts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pandas as pd

from meaux.data.access import Right
from meaux.errors import DatabaseError
from meaux.query import paging, queries
from meaux.query.answers import Answer, Ask, Position
from meaux.query.filters import Period, Selection, period_of
from meaux.query.paging import Start
from meaux.query.queries import Query

Groups = tuple[tuple[str, str], ...]
"""Pairs of a group's name and a value, such as project and an id; empty for rows without one."""

DAYS, LEFT = "days", "left"
"""The groups of all sources: the days as `START..END`, and the rows that a total leaves out."""

SIDE = "side"
"""The group that says of which part of a ratio the rows are."""

PARAMETERS = {
    "project": "of_project",
    "person": "of_person",
    "team": "of_team",
    "service": "of_service",
    "model": "of_service",
    "workflow": "of_service",
    "billable": "of_kind",
    "outcome": "of_kind",
    "action": "of_kind",
    "severity": "names",
}
"""The parameter that limits a query to values of a group."""

NAMING = {
    "project": queries.named_projects,
    "person": queries.named_people,
    "team": queries.team_choices,
}
"""The query for the names of a group: its first column is the value, and one is `name`."""

ROWS_A_PAGE = 50
ROWS_AT_ONCE = 2_000
"""Rows of each table that a file reads at a time."""
MOST_ROWS = 20_000
"""Maximum number of rows in a file."""

Read = Callable[[Mapping[str, Ask]], Mapping[str, Answer]]
"""Answers some asks, by name."""


@dataclass(frozen=True, eq=False)
class Source:
    """A kind of row.

    - `tables`: the query for a page of each table, by its value in the column `by`.
    - `sums`: the query for the number of rows (`lines`), their amounts and the number of those that
      are left out (`left_out`), per group.
    - `groups`: the columns by which the rows can be narrowed. `columns`: those that are shown.
    - `lacking`: what the rows that are left out lack, in words.
    - `abroad`: the query for entries in other currencies, which aren't listed.
    - `right`: what a visitor needs to see them, besides the right to files.
    """

    noun: str
    tables: Mapping[str, Query]
    sums: Query
    by: str
    groups: tuple[str, ...]
    columns: tuple[str, ...]
    lacking: str = ""
    abroad: Query | None = None
    right: Right = "files"

    @property
    def queries(self) -> tuple[Query, ...]:
        """Return every query that it may run."""
        abroad = (self.abroad,) if self.abroad else ()
        return (*self.tables.values(), self.sums, *NAMING.values(), *abroad)


@dataclass(frozen=True)
class Behind:
    """The rows behind a metric: its value is the sum of the column `amount`, or their number.

    `of` limits them to some groups; `over` makes the selection that the metric is computed over
    from that of the page. A ratio has `sides`: the groups of the rows above and below its line, by
    their names.
    """

    source: Source
    amount: str = "lines"
    of: Groups = ()
    over: Callable[[Selection], Selection] = field(default=lambda selection: selection)
    sides: Mapping[str, Groups] = field(default_factory=dict)

    def of_side(self, name: str | None) -> Groups:
        """Return the groups of the metric and of one of its sides, by default the first."""
        sides = list(self.sides.values())
        return (*self.of, *self.sides.get(name or "", sides[0] if sides else ()))


@dataclass(frozen=True)
class Opening:
    """The rows to open: those behind the metric of this name, in some groups."""

    metric: str
    of: Groups = ()

    def value(self, group: str) -> str | None:
        """Return the chosen value of a group; None for all or several."""
        chosen = [value for name, value in self.of if name == group]
        return chosen[0] if len(chosen) == 1 else None

    def choosing(self, group: str, value: str | None) -> Opening:
        """Return the same rows with another value of a group; None for all."""
        others = tuple(pair for pair in self.of if pair[0] != group)
        return replace(self, of=others if value is None else (*others, (group, value)))


@dataclass(frozen=True)
class Asked:
    """The rows that are asked for, and where the page begins."""

    opening: Opening
    behind: Behind
    selection: Selection
    start: Start

    @property
    def own(self) -> Groups:
        """The groups of the metric, or of the chosen side of a ratio."""
        return self.behind.of_side(self.opening.value(SIDE))

    @property
    def left_out(self) -> bool:
        """Whether the rows are those that the total leaves out."""
        return self.opening.value(LEFT) is not None

    @property
    def over(self) -> Selection:
        """The selection of the metric, for the chosen days."""
        over = self.behind.over(self.selection)
        return over.over(period) if (period := self.days) else over

    @property
    def days(self) -> Period | None:
        """The chosen days; None if none or unreadable ones are chosen."""
        try:
            return period_of(self.opening.value(DAYS) or "", self.selection.today)
        except ValueError:
            return None

    def tables(self) -> dict[str, Query]:
        """Return the queries of the chosen tables."""
        source, chosen = self.behind.source, self.values(self.behind.source.by)
        tables = source.tables.items()
        return {name: one for name, one in tables if chosen is None or name in chosen}

    def values(self, group: str) -> set[str] | None:
        """Return the values of a group to which the rows are limited; None if they aren't.

        A choice on top of the metric's own values narrows them.
        """
        own = self.own_values(group)
        chosen = {value for name, value in self.opening.of if name == group}
        return (own & chosen if own and chosen else own | chosen) if own or chosen else None

    def own_values(self, group: str) -> set[str]:
        """Return the metric's own values of a group; none if it is of all."""
        return {value for name, value in self.own if name == group}

    def asks(self, limit: int = ROWS_A_PAGE + 1) -> dict[str, Ask]:
        """Ask each table for the rows of a page; one more tells whether there is an older page."""
        chosen = {group: self.values(group) for group in self.behind.source.groups}
        given = {
            PARAMETERS[group]: json.dumps(sorted(values))
            for group, values in chosen.items()
            if values is not None and group in PARAMETERS
        }
        given |= {"paged": "1", **({"left_out": "1"} if self.left_out else {})}
        return {
            table: Ask(
                query,
                self.over,
                limit=limit,
                before=self.start.get(table),
                more=tuple(given.items()),
            )
            for table, query in self.tables().items()
        }

    def beside(self) -> dict[str, Ask]:
        """Ask for the sums of all rows, and for names.

        The sums are regardless of the groups: one statement serves all choices.
        """
        names = {group: query for group, query in NAMING.items() if group in self.named}
        asks = {group: Ask(query, self.selection) for group, query in names.items()}
        if (abroad := self.behind.source.abroad) and not self.is_narrowed:
            asks["abroad"] = Ask(abroad, self.over)
        return {"sums": Ask(self.behind.source.sums, self.over), **asks}

    @property
    def is_narrowed(self) -> bool:
        """Whether the rows are of some groups only."""
        return any(self.values(group) is not None for group in self.behind.source.groups)

    @property
    def named(self) -> set[str]:
        """The groups and columns of the rows."""
        return {*self.behind.source.groups, *self.behind.source.columns}


@dataclass(frozen=True)
class Sums:
    """The sums of all rows per group, and the names of the groups' values.

    `answer` says why there are none.
    """

    answer: Answer
    frame: pd.DataFrame
    names: Mapping[str, Mapping[str, str]]


def sums_of(asked: Asked, answers: Mapping[str, Answer]) -> Sums:
    """Make the sums from the answers to `beside`; a project's row is of the project's team."""
    answer = answers["sums"]
    frame = answer.frame
    if "team" in asked.behind.source.groups:
        frame = frame.assign(team=frame["project"].map(_by_id(answers["project"], "team")))
    named = {group: _by_id(one, "name") for group, one in answers.items() if group in NAMING}
    return Sums(answer, frame, named)


def _by_id(answer: Answer, column: str) -> dict[str, str]:
    """Return a column of an answer by its first column, as far as it is known."""
    known = answer.frame.dropna(subset=column)
    return dict(zip(known.iloc[:, 0], known[column], strict=True))


@dataclass(frozen=True)
class Page:
    """A page of rows, and where the next one begins; None if nothing is older."""

    frame: pd.DataFrame
    older: Start | None


def page(asked: Asked, answers: Mapping[str, Answer], sums: Sums, rows: int = ROWS_A_PAGE) -> Page:
    """Merge the answers of the tables into one page; its columns are those of the source."""
    source, zone = asked.behind.source, asked.selection.zone
    pages = {table: one.frame for table, one in answers.items() if one.state == "ready"}
    found = paging.merged(pages, source.by, lambda frame: _moments(frame, zone))
    shown = found.head(rows)
    older = None
    if len(found) > rows:
        older = {**asked.start, **paging.positions(shown, source.by)}
    return Page(_named(shown.reindex(columns=list(source.columns)), sums), older)


def everything(asked: Asked, read: Read, sums: Sums) -> pd.DataFrame:
    """Return all rows from the latest on, up to `MOST_ROWS`, read page by page.

    Raises:
        DatabaseError: a page can't be read.
    """
    pages, start, count = [], dict[str, Position](), 0
    while True:
        turned = replace(asked, start=start)
        answers = read(turned.asks(ROWS_AT_ONCE + 1))
        for answer in answers.values():
            if answer.state == "failed":
                raise DatabaseError(answer.reason)
        found = page(turned, answers, sums, ROWS_AT_ONCE)
        pages.append(found.frame)
        count += len(found.frame)
        if found.older is None or count >= MOST_ROWS:
            return pd.concat(pages, ignore_index=True).head(MOST_ROWS)
        start = dict(found.older)


def _named(rows: pd.DataFrame, sums: Sums) -> pd.DataFrame:
    named = {
        column: rows[column].map(partial(_name, of)).astype("str")
        for column, of in sums.names.items()
        if column in rows
    }
    return rows.assign(**named)


def _name(names: Mapping[str, str], id_: str) -> str:
    return names.get(id_, id_)


def _moments(frame: pd.DataFrame, zone: str) -> pd.Series:
    """Return the local times of some rows; a row without a time of day is at its day's start."""
    local = frame["at"].dt.tz_convert(zone).dt.tz_localize(None)
    return pd.Series(local.astype("datetime64[s]").fillna(frame["day"]))


def choices(asked: Asked, sums: Sums, group: str) -> dict[str, str]:
    """Return the values of a group that have rows, with their names, largest amount first.

    The name of no value is empty.
    """
    own = asked.values(group) if asked.opening.value(group) is None else asked.own_values(group)
    found = narrowed(asked, sums, but=group)
    keys = found[group].fillna("")
    if own:
        found, keys = found[keys.isin(own)], keys[keys.isin(own)]
    amount = "left_out" if asked.left_out else asked.behind.amount
    amounts = found.groupby(keys)[amount].sum().sort_values(ascending=False, kind="stable")
    names = sums.names.get(group, {})
    return {str(value): names.get(str(value), str(value)) for value in amounts.index}


def narrowed(asked: Asked, sums: Sums, but: str = "") -> pd.DataFrame:
    """Return the sums of the chosen groups; `but` is a group that is left as it is."""
    found = sums.frame
    for group in asked.behind.source.groups:
        chosen = asked.values(group)
        if chosen is not None and group != but:
            found = found[found[group].fillna("").isin(chosen)]
    return found


@dataclass(frozen=True)
class Total:
    """The sum of an amount over all rows, their number, and the number of those left out."""

    amount: float | None
    lines: int
    left_out: int


def total(asked: Asked, sums: Sums) -> Total:
    """Return the total of the chosen groups; its amount is None if no row has one."""
    found = narrowed(asked, sums)
    lines, left = int(found["lines"].sum()), int(found["left_out"].sum())
    amounts = found[asked.behind.amount].dropna()
    return Total(float(amounts.sum()) if len(amounts) else None, lines, left)


def start_of(words: Any) -> dict[str, Position]:
    """Read where a page begins: order and key by table. What isn't a start is left out."""
    if not isinstance(words, dict):
        return {}
    return {
        str(table): Position(place[0], place[1])
        for table, place in words.items()
        if isinstance(place, list)
        and list(map(type, place)) in ([str, str], [int, str], [float, str])
    }
