"""Hours: the rows of the queries of time entries, added up from those of `ledger_sums`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from meaux.data.categories import of_table
from meaux.query.answers import Ask
from meaux.query.rollups.lines import (
    BILLABLE,
    CATEGORY,
    DAY,
    EARNED,
    ENTRIES,
    LINES,
    PERSON,
    PRICED,
    PROJECT,
    RUNNING,
    SECONDS,
    UNKNOWN,
    UNPRICED_ENTRIES,
    UNPRICED_SECONDS,
    UNREAD,
    Row,
    Rows,
    grouped,
    inside,
    monday,
    named,
    people_of,
    projects_of,
    total,
)

TIME = of_table("time_entry").name


class Stretch(NamedTuple):
    """A row of `stretch_sums`."""

    low_hour: int
    high_hour: int
    n: int
    weeks: int
    low_seconds: float
    high_seconds: float


KINDS: Mapping[int | None, str] = {1: "Billable", 0: "Non-billable", None: "Unspecified"}


def by_day(entry: Ask, lines: Rows) -> Rows:
    """Return the rows of `hours_by_day`."""
    return [
        (
            of_key[0][DAY],
            KINDS.get(of_key[0][BILLABLE], KINDS[None]),
            _hours(of_key),
            _entries(of_key),
            total(line[RUNNING] for line in of_key) or 0,
            total(line[UNREAD] for line in of_key) or 0,
            _negative(of_key),
            _in_hours(line[PRICED] for line in of_key),
            total(line[EARNED] for line in of_key),
        )
        for _, of_key in grouped(_of_time(entry, lines), lambda line: (line[DAY], line[BILLABLE]))
    ]


def by_project(entry: Ask, lines: Rows, projects: Rows) -> Rows:
    """Return the rows of `hours_by_project`."""
    known = projects_of(projects)
    found: list[tuple[float, Row]] = []
    for _, of_key in grouped(_counted(entry, lines), lambda line: (line[PROJECT],)):
        id_, hours = of_key[0][PROJECT], _hours(of_key)
        of = known.get(id_, UNKNOWN)
        found.append((hours, (id_, named(id_, of.name), of.color, hours, _entries(of_key))))
    return [row for _, row in sorted(found, key=lambda one: -one[0])]


def by_person_day(entry: Ask, lines: Rows, people: Rows) -> Rows:
    """Return the rows of `hours_by_person_day`."""
    return _by_person(_counted(entry, lines), people)


def by_person_week(entry: Ask, lines: Rows, people: Rows) -> Rows:
    """Return the rows of `hours_by_person_week`."""
    return _by_person(_counted(entry, lines), people, monday)


def _by_person(lines: Rows, people: Rows, first: Callable[[str], str] = str) -> Rows:
    known = people_of(people)
    return [
        (
            id_,
            named(of_key[0][PERSON], known.get(of_key[0][PERSON])),
            day,
            _hours(of_key),
            *(_hours(_of_kind(of_key, kind)) for kind in KINDS),
            _in_hours(line[PRICED] for line in of_key),
            total(line[EARNED] for line in of_key),
            _entries(of_key),
        )
        for (id_, day), of_key in grouped(lines, lambda line: (line[PERSON], first(line[DAY])))
    ]


def recorded(entry: Ask, lines: Rows) -> Rows:
    """Return the row of `hours_recorded`."""
    own = _of_time(entry, lines)
    return [(_hours(own), _entries(own))]


def unpriced(entry: Ask, lines: Rows) -> Rows:
    """Return the row of `unpriced_time`."""
    own = _of_time(entry, lines)
    entries = sum(line[UNPRICED_ENTRIES] for line in own)
    return [(entries, _in_hours(line[UNPRICED_SECONDS] for line in own) if entries else None)]


def weekly_work(entry: Ask, lines: Rows, projects: Rows, people: Rows) -> Rows:
    """Return the rows of `weekly_work`."""
    known, who = projects_of(projects), people_of(people)
    groups = grouped(
        _counted(entry, lines), lambda line: (monday(line[DAY]), line[PERSON], line[PROJECT])
    )
    found: Rows = []
    for (week, person, project), of_key in groups:
        of = known.get(of_key[0][PROJECT], UNKNOWN)
        told = (named(of_key[0][PROJECT], of.name), of.color, of.team)
        hours = (_hours(of_key), *(_hours(_of_kind(of_key, kind)) for kind in (1, 0)))
        name = named(of_key[0][PERSON], who.get(of_key[0][PERSON]))
        found.append((week, person, name, project, *told, *hours))
    return found


HOURS_OF_A_WEEK, HOUR = 168, 3_600
FIRST_WEEKDAY = 3
"""Hours of the week are counted from Thursday 00:00, where 1970 began."""


def by_weekday_hour(_: Ask, stretches: Rows) -> Rows:
    """Return the rows of `hours_by_weekday_hour`, as its view `edge` says."""
    n, seconds = [0] * HOURS_OF_A_WEEK, [0.0] * HOURS_OF_A_WEEK
    left = 0
    for stretch in map(Stretch._make, stretches):
        n[stretch.high_hour] += stretch.n
        n[stretch.low_hour] -= stretch.n
        seconds[stretch.high_hour] += stretch.high_seconds
        seconds[stretch.low_hour] -= stretch.low_seconds
        left += stretch.weeks
    found: Rows = []
    for hour in range(HOURS_OF_A_WEEK):
        left -= n[hour]
        inside = seconds[hour] + HOUR * left
        if round(inside, 3) > 0:
            found.append(((hour // 24 + FIRST_WEEKDAY) % 7, hour % 24, inside / HOUR))
    return sorted(found, key=lambda cell: cell[:2])


def _of_time(entry: Ask, lines: Rows) -> Rows:
    return [line for line in inside(entry, lines) if line[CATEGORY] == TIME]


def _counted(entry: Ask, lines: Rows) -> Rows:
    """Return the lines with an entry of known duration."""
    return [line for line in _of_time(entry, lines) if line[ENTRIES]]


def _of_kind(lines: Rows, kind: int | None) -> Rows:
    return [line for line in lines if line[BILLABLE] == kind]


def _hours(lines: Iterable[Row]) -> float:
    return _in_hours(line[SECONDS] for line in lines)


def _in_hours(seconds: Iterable[float | None]) -> float:
    return (total(seconds) or 0) / 3600


def _entries(lines: Iterable[Row]) -> int:
    return sum(line[ENTRIES] for line in lines)


def _negative(lines: Rows) -> int:
    """Count the entries that are neither of known duration nor running nor unreadable."""
    others = (line[kind] or 0 for line in lines for kind in (ENTRIES, RUNNING, UNREAD))
    negative: int = sum(line[LINES] for line in lines) - sum(others)
    return negative
