"""Time entries of people."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from meaux.demo import clock, people, projects
from meaux.demo.book import Book
from meaux.demo.clock import Seconds
from meaux.demo.dice import Floats, Indexes, blank, chance
from meaux.demo.scene import SATURDAY, Month, Scene

HOUR = 3_600
ENTRIES_A_SHIFT = 5.1
MOST_ENTRIES_A_SHIFT = 10
LONGEST_SHIFT = 10 * HOUR
WEEKEND = 0.13
NIGHT = 0.07
NOTES = [
    None,
    "Call with the client",
    "Fix the checkout",
    "Write the report",
    "Review & merge",
    "Design pass, 2nd round",
    "Pairing on the import",
    "Deploy + smoke test",
    'Look into "slow" pages',
]


@dataclass(frozen=True)
class Shifts:
    """People at work on a day: who, from when, for how many entries."""

    person: Indexes
    start: Seconds
    entries: Indexes


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of time entries."""
    rng = scene.random("time_entries", month)
    person, started, seconds = _stretches(rng, _shifts(scene, month, rng))
    past = started + seconds <= scene.present
    person, started, seconds = person[past], started[past], seconds[past]
    project = _projects(scene, month, rng, person)
    rate = _rates(person, project)
    book.columns(
        "time_entries",
        id=book.numbers("te", len(person)),
        project_id=projects.ids(rng, project, unassigned=0.008),
        user_id=_user_ids(rng, person),
        started_at=started,
        ended_at=started + seconds,
        seconds=blank(seconds, chance(rng, len(seconds), 0.005)),
        cost_usd=_costs(rng, seconds, rate),
        billable=_billable(rng, project),
        hourly_rate=rate,
        note=rng.choice(np.array(NOTES, dtype=object), len(person)),
    )


def _shifts(scene: Scene, month: Month, rng: np.random.Generator) -> Shifts:
    """Return the shifts of a month; above scale 1 a person works several of them side by side."""
    lanes = max(1, round(scene.scale))
    load = np.repeat(_loads(scene, month), lanes, axis=1) * scene.scale / lanes
    entries = np.minimum(rng.poisson(load * ENTRIES_A_SHIFT), MOST_ENTRIES_A_SHIFT)
    person, column = np.nonzero(entries)
    start = _midnights(month)[person, column // lanes] + _first_hour(rng, len(person))
    return Shifts(person, start, entries[person, column])


def _loads(scene: Scene, month: Month) -> Floats:
    """Return how much each person (row) works on each day (column) of a month."""
    rhythm = [
        scene.growth(day) * (WEEKEND if day.weekday() >= SATURDAY else 1.0) for day in month.days
    ]
    here = [[person.here(scene, day) for day in month.days] for person in people.WORKERS]
    load = [[person.load] for person in people.WORKERS]
    return np.asarray(np.array(rhythm) * np.array(here) * np.array(load))


def _midnights(month: Month) -> Seconds:
    """Return the moment at which each day (column) begins for each person (row)."""
    zones = {person.zone: ZoneInfo(person.zone) for person in people.WORKERS}
    starts = {
        name: [clock.midnight(day, zone) for day in month.days] for name, zone in zones.items()
    }
    return np.array([starts[person.zone] for person in people.WORKERS], dtype=np.int64)


def _first_hour(rng: np.random.Generator, count: int) -> Seconds:
    """Seconds after midnight at which a shift begins: mornings, and some nights."""
    hour = np.where(
        chance(rng, count, NIGHT), rng.normal(20, 0.6, count), rng.normal(9, 0.8, count)
    )
    return (np.clip(hour, 6.5, 20.5) * HOUR).astype(np.int64)


def _stretches(rng: np.random.Generator, shifts: Shifts) -> tuple[Indexes, Seconds, Seconds]:
    """Return the person, start and length of each entry; within a shift one follows the other."""
    person = np.repeat(shifts.person, shifts.entries)
    count = len(person)
    seconds = np.clip(rng.lognormal(np.log(2_250), 0.6, count), 240, 3.5 * HOUR).astype(np.int64)
    manual = chance(rng, count, 0.2)
    seconds = np.where(manual, np.maximum(seconds // 900, 1) * 900, seconds)
    pause = rng.exponential(1_500, count).astype(np.int64)
    before = np.cumsum(seconds + pause) - seconds - pause
    first = np.cumsum(shifts.entries) - shifts.entries
    since = before - np.repeat(before[first], shifts.entries)
    fits = since + seconds <= LONGEST_SHIFT
    started = np.repeat(shifts.start, shifts.entries) + since
    return person[fits], started[fits], seconds[fits]


def _projects(scene: Scene, month: Month, rng: np.random.Generator, person: Indexes) -> Indexes:
    reach = np.cumsum(projects.affinity(scene, month), axis=1)
    dice = rng.random(len(person))[:, None]
    return np.asarray((dice > reach[person, :-1]).sum(axis=1))


def _rates(person: Indexes, project: Indexes) -> Floats:
    """Return the person's rate, else the project's, else none (NaN, which is stored as null)."""
    own = np.array([p.rate for p in people.WORKERS], dtype=float)
    fallback = np.array([p.rate for p in projects.PROJECTS], dtype=float)
    return np.where(np.isnan(own[person]), fallback[project], own[person])


def _costs(rng: np.random.Generator, seconds: Seconds, rate: Floats) -> Floats:
    cost = np.round(seconds / HOUR * rate, 2)
    return np.where(chance(rng, len(cost), 0.01), np.nan, cost)


def _billable(rng: np.random.Generator, project: Indexes) -> Floats:
    usual = np.array([p.billable for p in projects.PROJECTS], dtype=float)[project]
    flipped = np.where(chance(rng, len(project), 0.08), 1 - usual, usual)
    return np.where(chance(rng, len(project), 0.04), np.nan, flipped)


def _user_ids(rng: np.random.Generator, person: Indexes) -> list[Any]:
    ids = np.array([p.id for p in people.WORKERS], dtype=object)[person]
    ids[chance(rng, len(ids), 0.002)] = people.GONE
    return list(ids)
