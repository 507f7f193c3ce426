"""Rollups: sums that a page asks at several grains are read once, at the finest.

D1 bills the rows that a statement reads, and again those that it sorts into groups. So the sums of
the same rows and days come from one statement, and Python adds up the rows that each query would
have returned. Each query keeps its own SQL, which returns the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from meaux.query import queries
from meaux.query.answers import Ask, RolledUp
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY
from meaux.query.filters.selection import NOUNS
from meaux.query.queries import Query
from meaux.query.rollups import costs, hours, requests
from meaux.query.rollups.lines import Rows

MOST_DAYS = {
    "project": 430,
    "bucket": 100,
    "person": 31,
    "service": 430,
    "resource": 31,
    "worker": 31,
}
"""The most days that are read per key: each day may have a row of each, so the answer grows with
them. Projects and services are read for a year and the eight weeks before it, which unusual days
are compared with. A timesheet has a column per day for a month, and so many rows anyway."""

MOST_SHARED = 100
"""The most days of the ledger that are read per every key, whatever a page asks."""

OF_FINEST = 2
"""How often a finest query reads a row: it sorts what it has read."""


@dataclass(frozen=True)
class Sums:
    """How a query's rows are added up.

    - `finest`: the query that is read instead, per day and category of rows.
    - `add_up`: takes the ask, the finest rows, and the names of each key that has names.
    - `keys`: what the finest rows must be per, besides.
    - `part`: the part of the finest rows that suffices, with columns of its own.
    - `reads`: how often the query itself reads or sorts a row.
    """

    finest: Query
    add_up: Callable[..., Rows]
    keys: tuple[str, ...] = ()
    part: str = ""
    reads: int = 2


NAMES = {
    "project": queries.named_projects,
    "person": queries.named_people,
    "budget": queries.budgeted_projects,
}
"""The query for the names of each key."""

LEDGER, REQUESTS, STRETCHES = queries.ledger_sums, queries.request_sums, queries.stretch_sums
PROJECT, PERSON, BUCKET, WORKER = ("project",), ("person",), ("bucket",), ("worker",)
TIME = "time"
OF_LEDGER = ("project", "person", "service", "resource")
"""The keys of a line of the ledger."""

ADD_UP: Mapping[str, Sums] = {
    "cost_by_day": Sums(LEDGER, costs.by_day),
    "cost_by_project": Sums(LEDGER, costs.by_project, PROJECT),
    "cost_by_part": Sums(LEDGER, costs.by_part, (*PROJECT, "service")),
    "cost_by_person": Sums(LEDGER, costs.by_person, PERSON),
    "person_cost_by_day": Sums(LEDGER, costs.by_person_day, PERSON),
    "cost_by_service": Sums(LEDGER, costs.by_service, ("service",)),
    "model_cost_by_day": Sums(LEDGER, costs.by_model, ("service",)),
    "cost_tree": Sums(LEDGER, costs.tree, (*PROJECT, *PERSON, "service", "resource")),
    "top_projects_by_cost": Sums(LEDGER, costs.top_projects, PROJECT),
    "cost_of_budgets": Sums(LEDGER, costs.of_budgets, (*PROJECT, "budget")),
    "hours_by_day": Sums(LEDGER, hours.by_day, part=TIME),
    "hours_by_project": Sums(LEDGER, hours.by_project, PROJECT, TIME),
    "hours_by_person_day": Sums(LEDGER, hours.by_person_day, PERSON, TIME),
    "hours_by_person_week": Sums(LEDGER, hours.by_person_week, PERSON, TIME),
    "hours_recorded": Sums(LEDGER, hours.recorded, part=TIME, reads=1),
    "unpriced_time": Sums(LEDGER, hours.unpriced, part=TIME, reads=1),
    "weekly_work": Sums(LEDGER, hours.weekly_work, (*PROJECT, *PERSON), TIME),
    "hours_by_weekday_hour": Sums(STRETCHES, hours.by_weekday_hour, reads=4),
    "requests_over_time": Sums(REQUESTS, requests.over_time, BUCKET),
    "requests_by_duration": Sums(REQUESTS, requests.by_duration, BUCKET),
    "requests_by_worker": Sums(REQUESTS, requests.by_worker, (*BUCKET, *WORKER)),
    "requests_by_worker_day": Sums(REQUESTS, requests.by_worker_day, WORKER, reads=4),
    "worker_use": Sums(REQUESTS, requests.use, reads=1),
}
"""The queries that can be added up from finer ones."""


def added_up_from(query: Query) -> list[str]:
    """List the names of the queries that are added up from a query."""
    return [
        name
        for name, sums in ADD_UP.items()
        if query in (sums.finest, *(NAMES[key] for key in sums.keys if key in NAMES))
    ]


def rolled_up(asks: Sequence[Ask]) -> dict[Ask, RolledUp]:
    """Find the asks for the same rows that are cheaper to add up than to read."""
    alike: dict[object, list[Ask]] = defaultdict(list)
    for entry in dict.fromkeys(asks):
        if entry.query.name in ADD_UP and not entry.spans and entry.selection.between is None:
            alike[_rows_of(entry)].append(entry)
    return {
        one: rolled
        for entries in alike.values()
        for near in _near(entries)
        for one, rolled in _rolled(near)
    }


def _rows_of(entry: Ask) -> object:
    """Return what two asks must share; rows without a day are those of one period."""
    of, finest = entry.selection, _sums(entry).finest
    period = None if "day" in finest.returns else of.period
    rows = (of.only, *(getattr(of, name) for name in NOUNS), tuple(entry.on.items()))
    return finest, period, of.zone, *rows


def _near(asks: Sequence[Ask]) -> Iterator[list[Ask]]:
    """Yield the asks of overlapping days.

    A part is read with the whole if that has its days, otherwise apart: more days of the whole
    would be more rows.
    """
    parts = [one for one in asks if _sums(one).part]
    for near in _overlapping(one for one in asks if not _sums(one).part):
        days = _days(near)
        within = [one for one in parts if _days([*near, one]) == days]
        parts = [one for one in parts if one not in within]
        yield near + within
    yield from _overlapping(parts)


def _overlapping(asks: Iterable[Ask]) -> list[list[Ask]]:
    found: list[list[Ask]] = []
    for one in sorted(asks, key=lambda one: one.selection.period.start):
        if found and one.selection.period.start < _days(found[-1]).end:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _rolled(asks: Sequence[Ask]) -> Iterator[tuple[Ask, RolledUp]]:
    """Yield how each of these is added up; nothing if that reads more rows."""
    for key, most in MOST_DAYS.items():
        asks = [one for one in asks if key not in _sums(one).keys or _reaches(one, asks) <= most]
    alone = sum(one.selection.period.days * _sums(one).reads for one in asks)
    if not asks or alone <= OF_FINEST * _days(asks).days:
        return
    on, over = asks[0].on, _over(asks)
    finest = Ask(_sums(asks[0]).finest, over, on=on, more=tuple(_first_days(asks)))
    called = tuple(sorted({name for one in asks for name in one.names}))
    names = {key: Ask(query, over.unnarrowed, names=called, on=on) for key, query in NAMES.items()}
    for one in asks:
        sums = _sums(one)
        of = (finest, *(names[key] for key in sums.keys if key in names))
        yield one, RolledUp(of, sums.add_up)


def _reaches(one: Ask, asks: Sequence[Ask]) -> int:
    """Return how many days before the end of all of these one of them begins."""
    return (_days(asks).end - one.selection.period.start).days


def _first_days(asks: Sequence[Ask]) -> Iterator[tuple[str, str]]:
    """Yield the parameters of the finest rows: from which day on they have a key or a part."""
    parts, whole = {_sums(one).part for one in asks}, _days(asks)
    if _is_shared(asks):
        for key in OF_LEDGER:
            yield f"by_{key}", str(max(whole.start, whole.end - MOST_DAYS[key] * DAY))
        yield f"with_{TIME}", str(whole.start)
        return
    for key in MOST_DAYS:
        if per_key := [one for one in asks if key in _sums(one).keys]:
            yield f"by_{key}", str(_days(per_key).start)
    for part in filter(None, parts):
        first = str(_days(one for one in asks if _sums(one).part == part).start)
        yield f"with_{part}", first
        if len(parts) == 1:
            yield f"only_{part}", first


def _is_shared(asks: Sequence[Ask]) -> bool:
    """Return whether these read the ledger of a few weeks.

    Then it has all keys, and hours: pages that are opened one after another ask different things
    of the same ledger, and read it once.
    """
    is_ledger = any(_sums(one).finest is LEDGER and not _sums(one).part for one in asks)
    return is_ledger and _days(asks).days <= MOST_SHARED


def _over(asks: Sequence[Ask]) -> Selection:
    return replace(asks[0].selection, period=_days(asks), compare="none", grain="auto")


def _days(asks: Iterable[Ask]) -> Period:
    periods = [one.selection.period for one in asks]
    return Period(min(p.start for p in periods), max(p.end for p in periods))


def _sums(entry: Ask) -> Sums:
    return ADD_UP[entry.query.name]
