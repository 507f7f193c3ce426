"""Daily series that end where a test wants them to."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def series(today):
    """A frame of day and cost that ends yesterday."""

    def series(values):
        days = pd.date_range(end=pd.Timestamp(today), periods=len(values) + 1)[:-1]
        return pd.DataFrame(
            {"day": days.astype("datetime64[s]"), "cost": np.array(values, dtype="float64")}
        )

    return series


@pytest.fixture(scope="session")
def weekly():
    """So many days of a weekly pattern, with noise if it is asked for."""

    def weekly(days, noise=0.0, seed=0):
        pattern = np.resize([100, 110, 120, 110, 100, 30, 20], days)
        return pattern + noise * np.random.default_rng(seed).normal(size=days)

    return weekly
