"""How long a forecast takes, and how far off it is, each beside what it should be."""

import sys
import time
from datetime import date

import numpy as np
import pandas as pd

from meaux.query.forecast import forecast

TODAY = date(2026, 11, 22)
DAYS = 550
FITS = 4
"""Two models, each fitted for the forecast and for its test."""
SECONDS_A_FIT = 0.15
WEEK = np.resize([1.0, 1.1, 1.2, 1.1, 1.0, 0.3, 0.2], DAYS)


def families() -> dict[str, np.ndarray]:
    random, days = np.random.default_rng(0), np.arange(DAYS)
    noise = random.normal(size=DAYS)
    return {
        "weekly": 100 * WEEK + 10 * noise,
        "trend": (50 + 0.5 * days) * WEEK + 10 * noise,
        "walk": (300 + np.cumsum(random.normal(0, 3, DAYS))) * WEEK + 10 * noise,
        "skewed": WEEK * random.gamma(4, 25, DAYS),
        "growth": 20 * 1.005**days * WEEK * (1 + 0.1 * noise),
        "sparse": 100.0 * random.binomial(1, 0.1, DAYS),
    }


def daily(values: np.ndarray) -> pd.DataFrame:
    days = pd.date_range(end=pd.Timestamp(TODAY), periods=DAYS + 1)[:-1]
    return pd.DataFrame({"day": days, "cost": values})


def seconds(series: pd.DataFrame) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        forecast(series, "cost", TODAY)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    start = time.perf_counter()
    forecast(daily(WEEK + np.arange(DAYS)), "cost", TODAY)
    print(f"first forecast of a process, with the import: {time.perf_counter() - start:.2f} s")
    print(f"{'series':8} {'ms':>6} {'time / allowed':>15} {'error / naive':>14}")
    slowest = 0.0
    for name, values in families().items():
        took, found = seconds(daily(values)), forecast(daily(values), "cost", TODAY)
        slowest = max(slowest, took / (FITS * SECONDS_A_FIT))
        ratio = found.accuracy.ratio if found.accuracy else None
        shown = "-" if ratio is None else f"{ratio:.2f}"
        print(f"{name:8} {took * 1e3:6.0f} {took / (FITS * SECONDS_A_FIT):15.2f} {shown:>14}")
    sys.exit(slowest > 1)


if __name__ == "__main__":
    main()
