"""How near forecasts come to what followed, and how often their bands hold it.

Daily costs of small businesses are made by eight processes that are known, with the 30 days that
follow; each is forecast from its past alone. `python benchmarks/bands.py 1 2 3` does so with each
of these seeds and prints a table, and one of all of them together.

error: mean error of a day over that of repeating the week before, in the past (below 1 is better).
days, days 95: how many of the true days lie in the 80 % and in the 95 % band of their day.
total: how many true totals of the 30 days lie in the 80 % band of the total.
±: the standard error of the share before it, which a table of one seed has a large one of.
off: the median error of that total.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from meaux.query.forecast import forecast

TODAY = date(2026, 11, 1)
AHEAD = 30
OF_EACH = 25
SHORTEST, LONGEST = 60, 400
STRUCK, BUSY = 0.03, 0.25
"""How many of the days have a spike, or a cost at all, in the kinds that are named so."""

Maker = Callable[["Business"], np.ndarray]


@dataclass(frozen=True)
class Business:
    """What a process is made from: its days, its usual cost on each, its noise and its chance."""

    chance: np.random.Generator
    past: int
    level: float
    usual: np.ndarray
    noise: np.ndarray

    @staticmethod
    def founded(chance: np.random.Generator) -> "Business":
        """One by chance."""
        past = int(chance.integers(SHORTEST, LONGEST))
        days = np.arange(past + AHEAD)
        level = chance.uniform(100, 3_000)
        week = np.array([1.0] * 5 + [chance.uniform(0.05, 0.6)] * 2) * chance.uniform(0.9, 1.1, 7)
        noise = 1 + chance.uniform(0.05, 0.25) * chance.standard_normal(len(days))
        return Business(chance, past, level, level * week[days % 7], noise)

    @property
    def days(self) -> int:
        """How many days it has, those ahead included."""
        return self.past + AHEAD


def steady(of: Business) -> np.ndarray:
    return of.usual * of.noise


def growing(of: Business) -> np.ndarray:
    return of.usual * of.noise * np.linspace(1, 1 + of.chance.uniform(-0.5, 1.5), of.days)


def wandering(of: Business) -> np.ndarray:
    return of.usual * of.noise * np.exp(np.cumsum(0.02 * of.chance.standard_normal(of.days)))


def moved(of: Business) -> np.ndarray:
    since = int(of.past * of.chance.uniform(0.5, 0.9))
    return of.usual * of.noise * np.where(np.arange(of.days) < since, 1, of.chance.uniform(0.5, 2))


def struck(of: Business) -> np.ndarray:
    spikes = of.level * of.chance.uniform(2, 6, of.days) * (of.chance.random(of.days) < STRUCK)
    return of.usual * of.noise + spikes


def billed(of: Business) -> np.ndarray:
    due = np.arange(of.days) % 30 == of.chance.integers(0, 30)
    return 0.3 * of.usual * of.noise + due * of.level * of.chance.uniform(3, 10)


def seldom(of: Business) -> np.ndarray:
    on = of.chance.random(of.days) < BUSY
    return on * of.chance.gamma(2, of.level / 2, of.days)


def closed(of: Business) -> np.ndarray:
    since = int(of.chance.integers(10, of.past - 20))
    days = np.arange(of.days)
    return of.usual * of.noise * np.where((days >= since) & (days < since + 10), 0.1, 1)


KINDS: dict[str, Maker] = {
    "steady": steady,
    "growing": growing,
    "wandering": wandering,
    "moved": moved,
    "struck": struck,
    "billed": billed,
    "seldom": seldom,
    "closed": closed,
}


def businesses(seed: int, of_each: int = OF_EACH) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Of every kind so many: its name, its past and the days that follow."""
    chance = np.random.default_rng(seed)
    for kind, make in KINDS.items():
        for _ in range(of_each):
            of = Business.founded(chance)
            costs = np.maximum(make(of), 0).round(2)
            yield kind, costs[: of.past], costs[of.past :]


def scored(kind: str, past: np.ndarray, after: np.ndarray) -> dict[str, object]:
    """One forecast beside what followed."""
    dated = pd.date_range(end=pd.Timestamp(TODAY), periods=len(past) + 1)[:-1]
    start = time.process_time()
    ahead = forecast(pd.DataFrame({"day": dated, "cost": past}), "cost", TODAY).ahead.head(AHEAD)
    took = time.process_time() - start
    weekly = np.abs(past[7:] - past[:-7]).mean()
    total, true = float(ahead["value"].sum()), float(after.sum())
    below, above = (float(ahead[edge].iloc[-1]) for edge in ("below80", "above80"))
    return {
        "kind": kind,
        "error": np.abs(ahead["value"] - after).mean() / weekly,
        "days": ((after >= ahead["low80"]) & (after <= ahead["high80"])).mean(),
        "days 95": ((after >= ahead["low95"]) & (after <= ahead["high95"])).mean(),
        "total": max(0.0, total - below) <= true <= total + above,
        "off": abs(total - true) / true,
        "ms": 1e3 * took,
    }


def scores(seed: int, of_each: int = OF_EACH) -> pd.DataFrame:
    """A forecast a row, so many of each kind."""
    return pd.DataFrame([scored(*one) for one in businesses(seed, of_each)])


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """The scores of each kind, and of all."""
    columns = {
        "error": ("error", "mean"),
        "days": ("days", "mean"),
        "days ±": ("days", "sem"),
        "days 95": ("days 95", "mean"),
        "total": ("total", "mean"),
        "total ±": ("total", "sem"),
        "off": ("off", "median"),
        "ms": ("ms", "median"),
    }
    numbers = rows.astype({"total": float})
    both = [part.groupby("kind", sort=False) for part in (numbers, numbers.assign(kind="all"))]
    return pd.concat([part.agg(**columns) for part in both])


def main() -> None:
    seeds, found = [int(seed) for seed in sys.argv[1:] or ["1"]], []
    for seed in seeds:
        found.append(scores(seed))
        print(f"seed {seed}")
        print(table(found[-1]).round(2).to_string(), flush=True)
    if len(found) > 1:
        print(f"{len(found)} seeds, {OF_EACH * len(found)} businesses of each kind")
        print(table(pd.concat(found)).round(3).to_string())


if __name__ == "__main__":
    main()
