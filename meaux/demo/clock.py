"""Clock: when things happen, and the encodings in which databases store times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from meaux.demo.scene import SATURDAY, Month, Scene

Seconds = NDArray[np.int64]

OFFICE = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 9, 11, 13, 14, 13, 11, 9, 7, 6, 5, 4, 3)
ALL_DAY = (6, 5, 4, 4, 4, 5, 6, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 11, 11, 11, 10, 9, 8, 7)


def midnight(day: date, zone: tzinfo = UTC) -> int:
    """Return the epoch second at which a day begins in a zone."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


@dataclass(frozen=True)
class Rhythm:
    """How often something happens on working days and on other days, and at which hours."""

    daily: float
    weekend: float = 0.25
    hours: tuple[int, ...] = OFFICE

    def of(self, day: date) -> float:
        """Return how often it happens on a day."""
        return self.daily * (self.weekend if day.weekday() >= SATURDAY else 1.0)


def moments(scene: Scene, month: Month, rng: np.random.Generator, rhythm: Rhythm) -> Seconds:
    """Return random times of a month, in order."""
    expected = [rhythm.of(day) * scene.growth(day) * scene.scale for day in month.days]
    counts = rng.poisson(expected)
    starts = np.repeat([midnight(day) for day in month.days], counts)
    hour = rng.choice(24, len(starts), p=np.array(rhythm.hours) / sum(rhythm.hours))
    moment = np.sort(starts + hour * 3_600 + rng.integers(0, 3_600, len(starts)))
    return moment[moment <= scene.present].astype(np.int64)


def iso(seconds: Sequence[int] | Seconds) -> list[str]:
    """ISO text with `T` and `Z`."""
    instants = np.asarray(seconds, dtype="datetime64[s]")
    return [f"{instant}Z" for instant in np.datetime_as_string(instants).tolist()]


def text(seconds: Sequence[int] | Seconds) -> list[str]:
    """SQLite's own text, in UTC."""
    instants = np.asarray(seconds, dtype="datetime64[s]")
    return [instant.replace("T", " ") for instant in np.datetime_as_string(instants).tolist()]


def one_iso(seconds: int) -> str:
    """ISO text of one moment."""
    return iso([seconds])[0]


def one_text(seconds: int) -> str:
    """SQLite's text of one moment."""
    return text([seconds])[0]
