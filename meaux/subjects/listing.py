"""Listing: the rows behind a number, latest first, page by page, and their sums."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, TypeVar

import pandas as pd

from meaux.errors import DatabaseError
from meaux.query import paging
from meaux.query.answers import Answer, Ask, Position
from meaux.query.filters import Period, Selection, period_of
from meaux.query.paging import Start
from meaux.query.queries import Query
from meaux.subjects.rows import (
    DAYS,
    LEFT,
    NAMING,
    PARAMETERS,
    SIDE,
    Apart,
    Behind,
    Groups,
    Opening,
    Ratio,
)

APART = "apart"
"""The column of sums with the kind of the rows that a number leaves out; NULL for the others."""

ROWS_A_PAGE = 50
ROWS_AT_ONCE = 2_000
"""Rows of each table that a file reads at a time."""
MOST_ROWS = 20_000
"""Maximum number of rows in a file."""

Read = Callable[[Mapping[str, Ask]], Mapping[str, Answer]]
"""Answers some asks, by name."""


@dataclass(frozen=True)
class RowsAsked:
    """The rows that are asked for, and where the page begins.

    `apart` are the kinds of rows that no number contains, as far as the visitor may see them.
    """

    opening: Opening
    behind: Behind
    selection: Selection
    start: Start
    apart: Apart = field(default_factory=dict)

    @property
    def left_out(self) -> str | None:
        """The kind of the rows, if they are those that the total leaves out."""
        kind = self.opening.value(LEFT)
        return kind if kind in self.behind.source.lacking or kind in self.apart else None

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
        return {value for name, value in self.behind.of if name == group}

    def asks(self, limit: int = ROWS_A_PAGE + 1) -> dict[str, Ask]:
        """Ask each table for the rows of a page; one more tells whether there is an older page."""
        chosen = {group: self.values(group) for group in self.behind.source.groups}
        given = {
            PARAMETERS[group]: json.dumps(sorted(values))
            for group, values in chosen.items()
            if values is not None and group in PARAMETERS
        }
        given |= {f"with_{group}": "1" for group in self.behind.given}
        kind = self.left_out
        if kind not in self.apart:
            given |= {"counted": "1"} if kind is None else {"apart": kind}
        return {
            table: Ask(
                query,
                self.over,
                limit=limit,
                before=self.start.get(table),
                more=(*given.items(), ("paged", "1")),
                apart=self.apart.get(kind or "", ()),
            )
            for table, query in self.tables().items()
        }

    def beside(self) -> dict[str, Ask]:
        """Ask for the sums of all rows, of each kind of rows that doesn't count, and for names.

        The sums ignore the chosen groups, so one statement serves all choices.
        """
        source = self.behind.source
        asks = {group: Ask(query, self.selection) for group, query in self._naming().items()}
        if source.abroad and not self.is_narrowed:
            asks["abroad"] = Ask(source.abroad, self.over)
        apart = {kind: Ask(source.sums, self.over, apart=of) for kind, of in self.apart.items()}
        return {"sums": Ask(source.sums, self.over), **apart, **asks}

    def _naming(self) -> dict[str, Query]:
        return {group: query for group, query in NAMING.items() if group in self.named}

    @property
    def is_narrowed(self) -> bool:
        """Whether the rows are of some groups only."""
        return any(self.values(group) is not None for group in self.behind.source.groups)

    @property
    def named(self) -> set[str]:
        """The groups and columns of the rows."""
        return {*self.behind.source.groups, *self.behind.source.columns}


def options(
    opening: Opening,
    behind: Behind | Ratio,
    selection: Selection,
    start: Start,
    apart: Callable[[Behind], Apart] = lambda _: {},
) -> list[RowsAsked]:
    """Return the kinds of rows that the number may be made of, the preferred one first.

    For a ratio, these are the rows of the chosen side.
    """
    side = behind.side(opening.value(SIDE))
    return [RowsAsked(opening, one, selection, start, apart(one)) for one in side.options]


class Option(Protocol):
    """Rows that a number may be made of."""

    @property
    def behind(self) -> Behind:
        """The rows."""


One = TypeVar("One", bound=Option)


def has_rows(option: Option, answers: Mapping[str, Answer]) -> bool:
    """Return whether the number is made of these rows, by the answer `sums`."""
    sums = answers["sums"]
    return sums.state == "ready" and bool(sums.frame[option.behind.amount].notna().any())


def first_with_rows(
    found: Iterable[tuple[One, Mapping[str, Answer]]],
) -> tuple[One, Mapping[str, Answer]]:
    """Return the first option that has rows; else the last that was answered, else the first."""
    pairs = list(found)
    met = [pair for pair in pairs if has_rows(*pair)]
    answered = [pair for pair in pairs if pair[1]["sums"].answered]
    return (met or answered[::-1] or pairs)[0]


@dataclass(frozen=True)
class Sums:
    """The sums of all rows per group, and the names of the groups' values.

    `answer` says why there are none.
    """

    answer: Answer
    frame: pd.DataFrame
    names: Mapping[str, Mapping[str, str]]


def sums_of(asked: RowsAsked, answers: Mapping[str, Answer]) -> Sums:
    """Make the sums from the answers to `beside`; a project's row is of the project's team."""
    answer = answers["sums"]
    parts = [answer.frame, *(_all_apart(answers[kind], kind) for kind in asked.apart)]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    if APART not in frame:
        frame = frame.assign(**{APART: None})
    if "team" in asked.behind.source.groups:
        frame = frame.assign(team=frame["project"].map(_by_id(answers["project"], "team")))
    named = {group: _by_id(one, "name") for group, one in answers.items() if group in NAMING}
    return Sums(answer, frame, named)


def _all_apart(answer: Answer, kind: str) -> pd.DataFrame:
    return answer.frame.assign(**{APART: kind})


def _by_id(answer: Answer, column: str) -> dict[str, str]:
    """Return a column of an answer by its first column, as far as it is known."""
    known = answer.frame.dropna(subset=column)
    return dict(zip(known.iloc[:, 0], known[column], strict=True))


@dataclass(frozen=True)
class Page:
    """A page of rows, and where the next one begins; None if nothing is older."""

    frame: pd.DataFrame
    older: Start | None


def page(
    asked: RowsAsked, answers: Mapping[str, Answer], sums: Sums, rows: int = ROWS_A_PAGE
) -> Page:
    """Merge the answers of the tables into one page; its columns are those of the source."""
    source, zone = asked.behind.source, asked.selection.zone
    pages = {table: one.frame for table, one in answers.items() if one.state == "ready"}
    found = paging.merged(pages, source.by, lambda frame: _moments(frame, zone))
    shown = found.head(rows)
    older = None
    if len(found) > rows:
        older = {**asked.start, **paging.positions(shown, source.by)}
    return Page(_named(shown.reindex(columns=list(source.columns)), sums), older)


def everything(asked: RowsAsked, read: Read, sums: Sums) -> pd.DataFrame:
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


def unlisted(asked: RowsAsked, answers: Mapping[str, Answer], sums: Sums) -> Iterator[str]:
    """Yield a sentence for each table that has rows but can't be listed."""
    if not len(sums.frame):
        return
    by = asked.behind.source.by
    counted = set(sums.frame[by]) if by in sums.frame else set(answers)
    for table, answer in answers.items():
        if not answer.answered and table in counted:
            yield f"{table} not listed: {answer.reason}"


def choices(asked: RowsAsked, sums: Sums, group: str) -> dict[str, str]:
    """Return the values of a group that have rows, with their names, largest amount first.

    The name of no value is empty.
    """
    own = asked.values(group) if asked.opening.value(group) is None else asked.own_values(group)
    found = _of_kind(narrowed(asked, sums, but=group), asked.left_out)
    keys = found[group].fillna("")
    if own:
        found, keys = found[keys.isin(own)], keys[keys.isin(own)]
    amount = "lines" if asked.left_out else asked.behind.amount
    amounts = found.groupby(keys)[amount].sum().sort_values(ascending=False, kind="stable")
    names = sums.names.get(group, {})
    return {str(value): names.get(str(value), str(value)) for value in amounts.index}


def narrowed(asked: RowsAsked, sums: Sums, but: str = "") -> pd.DataFrame:
    """Return the sums of the chosen groups; `but` is a group that doesn't narrow them."""
    found = sums.frame
    for group in asked.behind.given:
        found = found[found[group].notna()]
    for group in asked.behind.source.groups:
        chosen = asked.values(group)
        if chosen is not None and group != but:
            found = found[found[group].fillna("").isin(chosen)]
    return found


def _of_kind(sums: pd.DataFrame, kind: str | None) -> pd.DataFrame:
    return sums[sums[APART].isna() if kind is None else sums[APART] == kind]


@dataclass(frozen=True)
class Total:
    """The sum of an amount over all rows, their number, and the number left out of each kind."""

    amount: float | None
    lines: int
    left_out: Mapping[str, int]


def total(asked: RowsAsked, sums: Sums) -> Total:
    """Return the total of the chosen groups; its amount is None if no row has one."""
    found = narrowed(asked, sums)
    counted = _of_kind(found, None)
    left = found.groupby(APART)["lines"].sum()
    amounts = counted[asked.behind.amount].dropna()
    return Total(
        float(amounts.sum()) if len(amounts) else None,
        int(counted["lines"].sum()),
        {str(kind): int(lines) for kind, lines in left.items() if lines},
    )


def start_of(words: Any) -> dict[str, Position]:
    """Read where a page begins: order and key by table. Invalid entries are left out."""
    if not isinstance(words, dict):
        return {}
    return {
        str(table): Position(place[0], place[1])
        for table, place in words.items()
        if isinstance(place, list)
        and list(map(type, place)) in ([str, str], [int, str], [float, str])
    }


def narrowing(opening: Opening, behind: Behind | Ratio) -> Groups:
    """Return the groups of an opening that the rows of the chosen side can be narrowed by."""
    known = {name for one in behind.side(opening.value(SIDE)).options for name in one.source.groups}
    return tuple(pair for pair in opening.of if pair[0] in {*known, DAYS, LEFT, SIDE})
