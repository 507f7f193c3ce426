"""Scene: the time, volume and random seed of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zlib import crc32

import numpy as np

MONTHS = 18
DAY = 86_400
SATURDAY = 5


@dataclass(frozen=True)
class Month:
    """The days of one calendar month that lie within the demo, `[first, end)`."""

    first: date
    end: date

    @property
    def name(self) -> str:
        """The month as text, for example `2026-03`."""
        return f"{self.first:%Y-%m}"

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(n) for n in range((self.end - self.first).days)]


@dataclass(frozen=True)
class Scene:
    """All inputs of the rows: the current time, the volume and the seed."""

    now: datetime
    scale: float
    seed: int

    @property
    def present(self) -> int:
        """Now, in whole epoch seconds."""
        return int(self.now.timestamp())

    @cached_property
    def today(self) -> date:
        """The UTC day of now."""
        return self.now.astimezone(UTC).date()

    @cached_property
    def first(self) -> date:
        """The day on which the data begin."""
        months = self.today.year * 12 + self.today.month - 1 - MONTHS
        return date(months // 12, months % 12 + 1, min(self.today.day, 28))

    @property
    def months(self) -> Iterator[Month]:
        """The months from the first day to today, the outer ones cut short."""
        end = self.today + timedelta(1)
        first = self.first
        while first < end:
            following = (first.replace(day=1) + timedelta(32)).replace(day=1)
            yield Month(first, min(following, end))
            first = following

    @property
    def days(self) -> list[date]:
        """Every day of the data."""
        return Month(self.first, self.today + timedelta(1)).days

    @property
    def spike(self) -> date:
        """The working day, about twelve days ago, on which a batch job ran away."""
        day = self.today - timedelta(12)
        return day - timedelta(max(0, day.weekday() - SATURDAY + 1))

    def ago(self, days: float) -> int:
        """Return the epoch second so many days before now."""
        return self.present - round(days * DAY)

    def day_ago(self, days: int) -> date:
        """Return the day so many days before today."""
        return self.today - timedelta(days)

    def growth(self, day: date) -> float:
        """Return how busy the business was on a day; 1 on average, and rising."""
        return 0.85 + 0.3 * (day - self.first) / (self.today - self.first)

    def random(self, subject: str, month: Month | None = None) -> np.random.Generator:
        """Return the dice of one subject, so that a new subject leaves the others' rows alone."""
        turn = month.first.toordinal() if month else 0
        return np.random.default_rng([self.seed, crc32(subject.encode()), turn])
