"""Answers: run a query on a selection and return its frame, or the reason why it can't run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import pandas as pd

from meaux.data.database import Fetched, Outcome, Rows, Statement
from meaux.data.schema import Binding
from meaux.errors import BadAnswer, DatabaseError
from meaux.query.filters import Selection
from meaux.query.queries import Compiled, Query, Unanswerable, compile_query, missing
from meaux.query.queries.reads import parameters_of
from meaux.query.typed import typed_frame, unusable

T = TypeVar("T")

State = Literal["ready", "empty", "unavailable", "failed"]

Fetch = Callable[[Sequence[Statement]], Sequence[Outcome]]

ROWS = 100
"""The default limit of queries that require one, where no page sets it."""


@dataclass(frozen=True)
class Position:
    """The position of a row in its table: its sort value, as stored, and its key."""

    order: str | float
    key: str


@dataclass(frozen=True)
class Ask:
    """A query, its selection, and the page's own parameters.

    The selection has only the filters that the query can be narrowed by.

    - `limit`: the maximum number of rows. `names`: the parameter `:names`. `text`: the search text.
    - `before`: the row after which its page begins.
    - `on`: for a logical table, another physical table than the one in use.
    - `spans`: nothing is read unless the database has a budget of one of these periods.
    - `more`: further parameters, which only the query itself knows.
    - `apart`: for a logical table, a kind of rows that don't count: of it, only these are read.
    """

    query: Query
    selection: Selection
    limit: int | None = None
    names: tuple[str, ...] = ()
    on: Mapping[str, str] = field(default_factory=dict, hash=False)
    text: str = ""
    before: Position | None = None
    spans: tuple[str, ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Leave out the filters that the query can't be narrowed by."""
        object.__setattr__(self, "selection", self.selection.kept_to(parameters_of(self.query)))

    def heeds(self, name: str) -> bool:
        """Return whether it is narrowed by this part of its selection."""
        return bool(getattr(self.selection, name)) and self.may_heed(name)

    def may_heed(self, name: str) -> bool:
        """Return whether it can be narrowed by this part of a selection."""
        return name in parameters_of(self.query)

    def compiled(self, binding: Binding) -> Compiled:
        """Return the statement that answers it on one database, or raise Unanswerable."""
        return compile_query(self.query, self._bound(binding), self.selection, self._page())

    def missing(self, binding: Binding) -> Mapping[str, str]:
        """Return what each missing optional table or column would need, or raise Unanswerable."""
        return missing(self.query, self._bound(binding), self.selection, self._page())

    def frame(self, rows: Rows) -> pd.DataFrame:
        """Return the rows of its answer, each column in its declared type.

        Raises:
            BadAnswer: a row has another number of columns.
        """
        return typed_frame(rows.rows, self.query)

    def _bound(self, binding: Binding) -> Binding:
        return binding.on(self.on).apart(dict(self.apart))

    def _page(self) -> dict[str, str | float]:
        page: dict[str, str | float] = {} if self.limit is None else {"limit": self.limit}
        if self.names:
            page["names"] = json.dumps(self.names)
        if self.text:
            page["text"] = self.text
        if self.spans:
            page["spans"] = json.dumps(self.spans)
        page |= dict(self.more)
        if self.before:
            page |= {"before": self.before.order, "before_key": self.before.key}
        return page


@dataclass(frozen=True)
class Answer:
    """The answer to an ask: a frame with the query's columns, and its origin.

    - `frame`: empty, with its columns, unless the state is `ready`; `reason` says why.
    - `parts`: the answers that it was made of, if there were several.
    - `literal`: whether its columns have the database's own names.
    - `rowless`: the tables of its rows, if all of them are empty.
    - `unread`: sentences on unreadable values.
    - `timed`: whether it depends on the selection's period.
    """

    query: Query
    selection: Selection
    state: State
    frame: pd.DataFrame
    reason: str = ""
    without: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    statement: Statement | None = None
    fetched: Fetched | None = None
    parts: tuple[Answer, ...] = ()
    literal: bool = False
    rowless: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    timed: bool = False

    @property
    def answered(self) -> bool:
        """Whether the database answered, with rows or with none."""
        return self.state in ("ready", "empty")

    @property
    def table(self) -> str:
        """The first table that it was read from; the name of its query if there is none."""
        return next(iter(self.sources.values()), self.query.name)

    @property
    def made_of(self) -> tuple[Answer, ...]:
        """The answers that this one is made of; the answer itself if it is made of no others."""
        return self.parts or (self,)

    def map(self, shape: Callable[[pd.DataFrame], pd.DataFrame]) -> Answer:
        """Return the answer with its frame passed through a function, if it has rows."""
        if self.state != "ready":
            return self
        frame = shape(self.frame)
        return replace(self, frame=frame, state="empty" if frame.empty else "ready")

    def with_frame(self, frame: pd.DataFrame) -> Answer:
        """Return the answer with a frame that was made from it."""
        if not self.answered:
            return self
        return replace(self, frame=frame, state="empty" if frame.empty else "ready")

    def lacks(self, *things: str) -> str:
        """Return a sentence on what is needed if all of these optional things are missing."""
        words = [self.without.get(thing) for thing in things]
        return str(Unanswerable([" or ".join(filter(None, words))])) if all(words) else ""

    def needed_of(self, table: str, *, members: bool = False) -> str:
        """Return what the filters need of a logical table but don't find; empty for nothing.

        That is the table or a column that they use. With `members` a team also selects its people.
        """
        chosen = self.selection
        columns = {
            "project": chosen.projects or chosen.teams,
            "person": chosen.people or (members and chosen.teams),
        }
        things = [table, *(f"{table}.{column}" for column, ids in columns.items() if ids)]
        return next((self.without[thing] for thing in things if thing in self.without), "")

    def with_values_in(self, *columns: str) -> Answer:
        """Return the answer, or an empty one if no row has a value in one of these columns."""
        return self.map(
            lambda rows: rows if rows[list(columns)].notna().any(axis=None) else rows.head(0)
        )

    def require_any(self, *things: str) -> Answer:
        """Return the answer, unavailable if all of these optional things are missing."""
        reason = self.lacks(*things)
        if not reason or not self.answered:
            return self
        return replace(self, state="unavailable", frame=self.frame.head(0), reason=reason)

    def if_empty(self, reason: str) -> Answer:
        """Return the answer with a reason to show if it is empty."""
        return replace(self, reason=reason) if self.answered and reason else self

    def require(self, *things: str) -> Answer:
        """Return the answer, unavailable if one of these optional things is missing."""
        missing = dict.fromkeys(self.without[thing] for thing in things if thing in self.without)
        if not missing or not self.answered:
            return self
        reason = str(Unanswerable(missing))
        return replace(self, state="unavailable", frame=self.frame.head(0), reason=reason)


def made_of(answers: Iterable[Answer], frame: pd.DataFrame) -> Answer:
    """Combine answers into one frame; the first that was answered gives the other fields."""
    parts = tuple(answers)
    first = next((answer for answer in parts if answer.answered), parts[0])
    return replace(first.with_frame(frame), parts=parts)


def of_each(keys: pd.Index, answer: Answer, sums: pd.Series) -> pd.Series:
    """Return the sum of each key: 0 if it has no row, unknown if no row at all has a value."""
    if not answer.answered or (len(sums) and sums.isna().all()):
        return pd.Series(float("nan"), index=keys)
    return sums.reindex(keys, fill_value=0).astype("float64")


def without_query(about: str, frame: pd.DataFrame, selection: Selection, **how: Any) -> Answer:
    """Return an answer without a named query; `how` sets other fields."""
    query = Query("", about, "", frozenset(), (), (), Path(), 0, {})
    state: State = "empty" if frame.empty else "ready"
    return Answer(query, selection, **{"state": state, "frame": frame, **how})


def without_answer(**parts: Answer) -> str:
    """Return a sentence for each part that the database can't answer: `Cost not shown: needs …`."""
    return " ".join(
        f"{name[:1].upper()}{name[1:].replace('_', ' ')} not shown: "
        f"{answer.reason[:1].lower()}{answer.reason[1:]}"
        for name, answer in parts.items()
        if answer.state == "unavailable"
    )


class Call(Protocol):
    """Calls a pure function, or returns its earlier result for the same arguments."""

    def __call__(self, function: Callable[..., T], *of: object) -> T:
        """Return the result of the function."""


def plainly(function: Callable[..., T], *of: object) -> T:
    """Call a function without a memo."""
    return function(*of)


@dataclass(frozen=True)
class RolledUp:
    """How the rows of an ask are added up from those of finer asks, instead of being read."""

    of: tuple[Ask, ...]
    add_up: Callable[..., list[tuple[object, ...]]]
    """Takes the ask and the rows of each finer one; none for one that the database can't answer."""


RollUp = Callable[[Sequence[Ask]], Mapping[Ask, RolledUp]]
"""Finds those of some asks that are cheaper to add up than to read."""


def read_each(_asks: Sequence[Ask]) -> Mapping[Ask, RolledUp]:
    """Roll up nothing."""
    return {}


def ask(
    asks: Sequence[Ask],
    binding: Binding,
    fetch: Fetch,
    call: Call = plainly,
    roll_up: RollUp = read_each,
) -> list[Answer]:
    """Answer all asks, in order, with one fetch."""
    compiled = {entry: call(_compiled, entry, binding) for entry in asks}
    rolled_up = roll_up([entry for entry in asks if isinstance(compiled[entry], Compiled)])
    read = {entry: found for entry, found in compiled.items() if entry not in rolled_up}
    read |= {o: call(_compiled, o, binding) for rolled in rolled_up.values() for o in rolled.of}
    ready = {entry: one.statement for entry, one in read.items() if isinstance(one, Compiled)}
    outcomes: dict[Ask, Outcome] = dict(zip(ready, fetch(list(ready.values())), strict=True))
    for entry, rolled in rolled_up.items():
        outcomes[entry] = _added_up(entry, rolled, outcomes, call)
    return [call(_answer, entry, compiled[entry], outcomes.get(entry)) for entry in asks]


def _added_up(entry: Ask, rolled: RolledUp, outcomes: Mapping[Ask, Outcome], call: Call) -> Outcome:
    found = [outcomes.get(one) for one in rolled.of]
    failed = [one for one in found if isinstance(one, DatabaseError)]
    return failed[0] if failed else call(_sum, entry, rolled, *found)


def _sum(entry: Ask, rolled: RolledUp, finest: Fetched, *others: Fetched | None) -> Fetched:
    """Return the rows of an ask, as if they had been read with the finest ones."""
    rows = rolled.add_up(entry, *(one.rows.rows if one else [] for one in (finest, *others)))
    return replace(finest, rows=replace(finest.rows, rows=rows))


def _compiled(entry: Ask, binding: Binding) -> Compiled | Unanswerable:
    try:
        return entry.compiled(binding)
    except Unanswerable as reason:
        return reason


def _answer(entry: Ask, outcome: Compiled | Unanswerable, fetched: Outcome | None) -> Answer:
    if isinstance(outcome, Unanswerable):
        return _nothing(entry, "unavailable", outcome)
    got: dict[str, Any] = {
        "without": outcome.without,
        "sources": outcome.sources,
        "statement": outcome.statement,
        "rowless": outcome.rowless,
        "unread": outcome.unread,
        "timed": outcome.timed,
    }
    if not isinstance(fetched, Fetched):
        return _nothing(entry, "failed", fetched, **got)
    try:
        frame = entry.frame(fetched.rows)
    except BadAnswer as error:
        return _nothing(entry, "failed", error, fetched=fetched, **got)
    state: State = "empty" if frame.empty else "ready"
    got["unread"] += tuple(unusable(fetched.rows.rows, entry.query, frame))
    return Answer(entry.query, entry.selection, state, frame, fetched=fetched, **got)


def _nothing(entry: Ask, state: State, reason: object, **got: Any) -> Answer:
    """Return an answer without rows, with the reason."""
    frame = typed_frame([], entry.query)
    return Answer(entry.query, entry.selection, state, frame, str(reason), **got)
