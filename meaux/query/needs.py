"""Needs: the inputs of a figure or a card, declared by its parameters.

    ByDay = Annotated[Answer, asking(queries.hours_by_day)]

    def trend(by_day: ByDay, selection: Selection) -> Chart: ...

A parameter is one of these:

- `Selection`, `Plan`, `Binding`, or a `Control` of the page, by its type alone;
- what the database says: `Annotated` with `asking`, `choosing`, `each`, `compared`, `recorded`;
- a query that is asked later, when somebody opens or downloads something: `later`;
- what a function makes of needs of its own: `Annotated` with the function;
- a dataclass whose fields are needs.

`parameters` reads them, and raises a TypeError where one can't be met as declared, so that a
mistake shows when a module is imported. `meet` asks all that some functions need in one call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from datetime import date
from functools import lru_cache
from inspect import signature
from types import MappingProxyType
from typing import Annotated, TypeVar, get_args, get_origin, get_type_hints

from meaux.data.plan import Plan
from meaux.data.schema import Binding
from meaux.query.answers import Answer, Ask, Call, Fetch, RollUp, ask, plainly, read_each
from meaux.query.filters import Selection, preset
from meaux.query.filters.selection import NOUNS
from meaux.query.queries import QUERIES, Query

T = TypeVar("T")
F = TypeVar("F", bound="Part")
Part = Callable[..., object]
"""A function whose parameters declare its needs."""

MOST_PARTS = 2_000
"""Number of functions whose parameters are cached: more than there are."""

OLDEST = {
    table: query
    for name, query in QUERIES.items()
    if name.startswith("oldest_")
    for table in query.returns
}
"""The query for the first record of each logical table."""


class Control:
    """A value that is chosen on a page."""


@dataclass(frozen=True)
class Request:
    """A selection, the plan, the database, and the values of the page's controls.

    If the selection is for some teams only, the plan keeps only the budgets of `known`: the ids and
    names of their projects, and of these teams.
    """

    selection: Selection
    plan: Plan
    binding: Binding
    controls: tuple[Control, ...] = ()
    known: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Leave out what isn't for the teams of the selection."""
        if self.selection.only is not None:
            object.__setattr__(self, "plan", self.plan.only(self.known))

    def given(self, wanted: type[T]) -> T:
        """Return the value of this type."""
        values = (self.selection, self.plan, self.binding, *self.controls)
        return next(value for value in values if isinstance(value, wanted))

    def choosing(self, *controls: Control) -> Request:
        """Return the request with the values of more controls."""
        return replace(self, controls=(*self.controls, *controls))


@dataclass(frozen=True)
class Given:
    """A value of the request, by its type."""

    type: type


@dataclass(frozen=True, eq=False)
class Asked:
    """Answers of the database: `value` makes a `type` from the answers, by name.

    `queries` are all queries that may run.
    """

    type: object
    queries: tuple[Query, ...]
    asks: Callable[[Request], Mapping[str, Ask]]
    value: Callable[[Mapping[str, Answer]], object]


@dataclass(frozen=True)
class Made:
    """The result of a function or a dataclass with needs of its own."""

    of: Part


Need = Given | Asked | Made


def asking(
    query: Query,
    over: Callable[[Selection], Selection] | None = None,
    limit: int | None = None,
) -> Asked:
    """Need the answer to a query on the selection, or on a selection derived from it."""

    def asked(request: Request) -> Ask:
        return Ask(query, over(request.selection) if over else request.selection, limit)

    return choosing(asked, query)


def choosing(asked: Callable[[Request], Ask], *queries: Query) -> Asked:
    """Need the answer to the ask of a function: one of these queries."""
    return Asked(
        Answer,
        queries,
        lambda request: {"": asked(request)},
        lambda answers: answers[""],
    )


def each(asked: Callable[[Request], Mapping[str, Ask]], *queries: Query) -> Asked:
    """Need the answers to the asks of a function, by name: any of these queries."""
    return Asked(Mapping[str, Answer], queries, asked, dict)


def compared(query: Query) -> Asked:
    """Need the answer for the comparison period; None without comparison."""

    def asked(request: Request) -> dict[str, Ask]:
        then = request.selection.compared
        return {"": Ask(query, request.selection.over(then))} if then else {}

    return Asked(Answer | None, (query,), asked, lambda answers: answers.get(""))


def recorded(*tables: str) -> Asked:
    """Need the first day on which one of these logical tables has a record.

    None if there is no record or it is unknown; regardless of period and filters.

    Raises:
        KeyError: no query tells of such a table.
    """
    queries = tuple(dict.fromkeys(OLDEST[table] for table in tables))

    def asked(request: Request) -> dict[str, Ask]:
        always = request.selection.over(preset("all", request.selection.today))
        return {query.name: Ask(query, always) for query in queries}

    def first(answers: Mapping[str, Answer]) -> date | None:
        return first_record(answers.values(), tables)

    return Asked(date | None, queries, asked, first)


def first_record(answers: Iterable[Answer], tables: Iterable[str]) -> date | None:
    """Return the first day in some tables from the answers to the queries in `OLDEST`."""
    days = [
        day
        for answer in answers
        if answer.state == "ready"
        for day in answer.frame.filter(list(tables)).iloc[0].dropna()
    ]
    return min(days).date() if days else None


def later(query: Query) -> Asked:
    """Need a query itself, to run when something is opened or downloaded."""
    return Asked(Query, (query,), lambda _: {}, lambda _: query)


_also: dict[Part, tuple[Query, ...]] = {}


def also_asking(*queries: Query) -> Callable[[F], F]:
    """Declare queries that a function runs itself, when it is drawn or opened."""

    def declare(part: F) -> F:
        _also[part] = queries
        return part

    return declare


def parameters(part: Part) -> Mapping[str, Need]:
    """Return the need of each parameter of a function; an object may declare it in `needs`.

    Raises:
        TypeError: a parameter has no need, or one that gives another type.
    """
    told: Mapping[str, Need] | None = getattr(part, "needs", None)
    return _annotated(part) if told is None else told


@lru_cache(maxsize=MOST_PARTS)
def _annotated(part: Part) -> Mapping[str, Need]:
    hints = get_type_hints(part, include_extras=True)
    return {name: need(part, name, hints.get(name)) for name in signature(part).parameters}


def need(part: Part, name: str, hint: object) -> Need:
    """Return the need that a parameter's type declares, or raise a TypeError."""
    if get_origin(hint) is Annotated:
        declared, told = get_args(hint)
        found = told if isinstance(told, Asked) else Made(told)
        made = found.type if isinstance(found, Asked) else _made(found.of)
        if declared != made:
            told = f"declared as {_in_words(declared)}, but {_in_words(made)} is what is given"
            raise TypeError(f"{part.__name__}: {name} is {told}.")
        return found
    if isinstance(hint, type):
        if issubclass(hint, Selection | Plan | Binding | Control):
            return Given(hint)
        if is_dataclass(hint) and hint is not Answer:
            parameters(hint)
            return Made(hint)
    raise TypeError(f"{part.__name__}: nothing says how to get its {name}.")


def _made(maker: Part) -> object:
    """Return the type that a function returns; check its own needs, too."""
    parameters(maker)
    if "return" not in get_type_hints(maker):
        raise TypeError(f"{maker.__name__}: nothing says what it returns.")
    return get_type_hints(maker)["return"]


def _in_words(kind: object) -> str:
    """Write a type without the modules of its names."""
    named = kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
    return re.sub(r"\b[a-z_]+\.", "", named)


def queries_of(parts: Iterable[Part]) -> list[Query]:
    """List all queries that some functions may run, now or later."""
    listed = list(parts)
    needed = (query for need in _asked(listed) for query in need.queries)
    return list(dict.fromkeys([*needed, *(q for part in listed for q in _also.get(part, ()))]))


def _asked(parts: Iterable[Part]) -> Iterator[Asked]:
    """Yield all that functions need from the database, directly or through other functions."""
    seen: set[int] = set()
    pending = list(parts)
    while pending:
        part = pending.pop(0)
        if id(part) in seen:
            continue
        seen.add(id(part))
        for need in parameters(part).values():
            if isinstance(need, Asked):
                yield need
            elif isinstance(need, Made):
                pending.append(need.of)


class Met:
    """The answers that some functions need; each derived value is computed once."""

    def __init__(
        self,
        request: Request,
        asks: Mapping[Asked, Mapping[str, Ask]] = MappingProxyType({}),
        answers: Mapping[Ask, Answer] = MappingProxyType({}),
        call: Call = plainly,
    ) -> None:
        self.request = request
        self.answers = dict(answers)
        self._asks = asks
        self._call = call
        self._made: dict[Part, object] = {}

    def of(self, part: Callable[..., T]) -> T:
        """Return the result of a function."""
        if part not in self._made:
            needs = parameters(part)
            of = [self._value(need) for need in needs.values()]
            self._made[part] = self._call(_make, part, tuple(needs), *of)
        return self._made[part]  # type: ignore[return-value]

    def overlooked(self, part: Part) -> tuple[str, ...]:
        """Return what the selection is narrowed by, but nothing that a function asks is."""
        chosen = [name for name in NOUNS if getattr(self.request.selection, name)]
        if not chosen:
            return ()
        asks = [ask for need in _asked([part]) for ask in self._asks.get(need, {}).values()]
        return tuple(name for name in chosen if asks and not any(one.heeds(name) for one in asks))

    def _value(self, need: Need) -> object:
        match need:
            case Given(wanted):
                return self.request.given(wanted)
            case Made(maker):
                return self.of(maker)
        answers = {name: self.answers[ask] for name, ask in self._asks[need].items()}
        return self._call(need.value, answers)


def _make(part: Callable[..., T], names: tuple[str, ...], *of: object) -> T:
    return part(**dict(zip(names, of, strict=True)))


def asks_of(parts: Iterable[Part], request: Request) -> dict[Asked, Mapping[str, Ask]]:
    """Return what some functions ask the database, by need."""
    return {need: need.asks(request) for need in dict.fromkeys(_asked(parts))}


def meet(
    parts: Iterable[Part],
    request: Request,
    fetch: Fetch,
    call: Call = plainly,
    roll_up: RollUp = read_each,
) -> Met:
    """Answer the needs of some functions, each query once, with one fetch.

    `call` calls the functions, for example through a memo. `roll_up` finds what is cheaper to add
    up than to read.
    """
    asks = asks_of(parts, request)
    each_once = list(dict.fromkeys(one for named in asks.values() for one in named.values()))
    answers = ask(each_once, request.binding, fetch, call, roll_up)
    return Met(request, asks, dict(zip(each_once, answers, strict=True)), call)
